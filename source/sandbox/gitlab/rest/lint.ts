import { stringify } from 'yaml';
import type { ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import type { Job, JobDefinition } from '../../../core/ci/model.ts';
import { expandNeeds } from '../../../core/ci/needs.ts';
import { instancesOf } from '../../../core/ci/parallel.ts';
import { stageOf } from '../../../core/ci/validate.ts';
import { get, isNull, plain, textOf, textsOf } from '../../../core/ci/yaml/node.ts';
import type { Commit } from '../../checkout/objects.ts';
import { json } from '../../http/answer.ts';
import { answer } from '../model/ciFiles.ts';
import { project } from '../model/places.ts';
import { type Context, needRole, roles } from './context.ts';
import { flagOf, required, textOf as text } from './inputs.ts';
import { commitOf, projectOf } from './lookup.ts';
import type { GitLabRoute } from './route.ts';
import { projectUrl } from './show.ts';

const pattern = '/projects/:id/ci/lint';

/** Rules are evaluated only in a dry run; without one, what keeps a pipeline empty is no error. */
const ofRules = /^Pipeline (?:will not run|filtered out)|was not added to the pipeline|Failed to parse rule/;

export const lintRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const { inputs } = context;
      const ref = text(inputs.content_ref) ?? text(inputs.sha) ?? project.defaultBranch;
      const commit = commitOf(context, ref);
      return json(lint(context, commit, text(inputs.dry_run_ref) ?? text(inputs.ref) ?? ref, undefined));
    },
  },
  {
    method: 'POST',
    pattern,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const { inputs } = context;
      const content = required(inputs, 'content');
      const ref = text(inputs.ref) ?? project.defaultBranch;
      // A static check reads included files from the default branch, whatever branch is being edited.
      const commit = commitOf(context, flagOf(inputs.dry_run) ? ref : project.defaultBranch);
      return json(lint(context, commit, ref, content));
    },
  },
];

function lint(context: Context, commit: Commit, ref: string, content: string | undefined) {
  const { world, inputs } = context;
  const isDry = flagOf(inputs.dry_run) ?? false;
  const isTag = world.repository.tags.has(ref);
  const set = answer(world.repository, {
    event: isTag ? 'tag' : 'push',
    ref: world.repository.branches.has(ref) || isTag ? ref : project.defaultBranch,
    commit,
    ...(content === undefined ? {} : { content }),
  });
  const errors = set.errors
    .map(({ message }) => message)
    .filter((message) => isDry || !ofRules.test(message));
  const withJobs = flagOf(inputs.include_jobs) ?? false;
  const valid = errors.length === 0;
  return {
    valid,
    errors,
    warnings: [],
    merged_yaml: set.configuration.errors.length > 0 ? null : stringify(plain(set.configuration.root)),
    includes: includesOf(set, commit, context),
    ...(withJobs ? { jobs: valid ? (isDry ? set.jobs.map(dryJob) : staticJobs(set)) : [] } : {}),
  };
}

function includesOf({ configuration }: ResolvedJobSet, { sha }: Commit, context: Context) {
  const [, ...included] = configuration.files;
  return included.map((location) => ({
    type: 'local',
    location,
    blob: `${projectUrl(context)}/-/blob/${sha}/${location}`,
    raw: `${projectUrl(context)}/-/raw/${sha}/${location}`,
    extra: {},
    context_project: project.path,
    context_sha: sha,
  }));
}

function scripts({ keywords }: JobDefinition) {
  return {
    before_script: textsOf(get(keywords, 'before_script')),
    script: textsOf(get(keywords, 'script')),
    after_script: textsOf(get(keywords, 'after_script')),
  };
}

function environmentOf({ keywords }: JobDefinition): string | null {
  const node = get(keywords, 'environment');
  return textOf(node) ?? textOf(get(node, 'name')) ?? null;
}

/** A job that would exist: without its needs, as GitLab leaves them out here. */
function dryJob({ name, stage, definition, when, allowFailure, tags }: Job) {
  return {
    name,
    stage,
    ...scripts(definition),
    tag_list: tags,
    environment: environmentOf(definition),
    when,
    allow_failure: allowFailure,
  };
}

/** Every job of the file, whatever its rules say. */
function staticJobs({ configuration }: ResolvedJobSet) {
  return [...configuration.jobs.values()].flatMap((definition) => {
    const { keywords } = definition;
    const list = get(keywords, 'needs');
    return instancesOf(definition.name, keywords).map(({ name, matrix }) => ({
      name,
      stage: stageOf(definition),
      ...scripts(definition),
      tag_list: textsOf(get(keywords, 'tags')),
      only: null,
      except: null,
      environment: environmentOf(definition),
      when: textOf(get(keywords, 'when')) ?? 'on_success',
      allow_failure: plainFlag(definition),
      ...(list && !isNull(list)
        ? {
            needs: expandNeeds(list, configuration.jobs, matrix).map(({ job, artifacts, optional }) => ({
              name: job,
              artifacts,
              optional,
            })),
          }
        : {}),
    }));
  });
}

function plainFlag({ keywords }: JobDefinition): boolean {
  const node = get(keywords, 'allow_failure');
  return node?.kind === 'scalar' && node.value === true;
}
