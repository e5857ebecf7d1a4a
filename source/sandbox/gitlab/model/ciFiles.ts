import { createHash } from 'node:crypto';
import { jobSet, type ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import type { CiFiles, PipelineContext, PipelineEvent } from '../../../core/ci/model.ts';
import type { Commit, Tree } from '../../checkout/objects.ts';
import type { Repository } from '../../checkout/repository.ts';
import { project } from './places.ts';

const ciPath = '.gitlab-ci.yml';

/** What a pipeline is asked for. */
export interface PipelineQuestion {
  readonly event: PipelineEvent;
  /** Branch or tag. */
  readonly ref: string;
  readonly commit: Commit;
  readonly variables?: Readonly<Record<string, string>>;
  /** `CI_PIPELINE_SOURCE`, where the event does not say it. */
  readonly source?: string;
  /** Text of the entry file, in place of the commit's. */
  readonly content?: string;
}

/** The files of a commit, for the analysis. */
function ciFiles(tree: Tree, content?: string): CiFiles {
  return {
    read: (path) =>
      path === ciPath && content !== undefined ? content : tree.get(path)?.content.toString('utf8'),
    list: () => [...tree.keys()],
  };
}

/** What GitLab would create, by the program's own analysis of the configuration at the commit. */
export function answer(repository: Repository, question: PipelineQuestion): ResolvedJobSet {
  return jobSet(ciPath, contextOf(repository, question));
}

/** What the rules of a pipeline see. */
export function contextOf(repository: Repository, question: PipelineQuestion): PipelineContext {
  const { event, ref, commit, variables = {}, content, source } = question;
  const base = repository.branches.get(project.defaultBranch);
  const parent = event === 'merge_request' ? base : commit.parents[0];
  const before = parent === undefined ? undefined : repository.commits.get(parent);
  return {
    event,
    ref,
    defaultBranch: project.defaultBranch,
    variables,
    changed: repository.changes(commit, before),
    refs: [...repository.branches.keys(), ...repository.tags.keys()],
    known: {
      CI_COMMIT_SHA: commit.sha,
      CI_COMMIT_SHORT_SHA: commit.sha.slice(0, 8),
      CI_COMMIT_MESSAGE: commit.message,
      CI_COMMIT_TITLE: commit.message.split('\n')[0] ?? '',
      CI_PROJECT_ID: String(project.id),
      CI_PROJECT_NAME: project.name,
      CI_PROJECT_PATH: project.path,
      CI_PROJECT_NAMESPACE: project.path.slice(0, project.path.lastIndexOf('/')),
      CI_PROJECT_ROOT_NAMESPACE: project.path.slice(0, project.path.indexOf('/')),
      ...(source === undefined ? {} : { CI_PIPELINE_SOURCE: source }),
    },
    files: ciFiles(commit.tree, content),
  };
}

/** Keywords and variables by which a configuration gives another pipeline for another commit. */
const readsCommit =
  /\b(?:changes|exists):|\$\{?CI_COMMIT_(?:SHA|MESSAGE|TITLE|DESCRIPTION|BEFORE_SHA|AUTHOR|TIMESTAMP)\b/;

/** What commits have in common whose pipelines have the same jobs: their YAML files, or nothing where a file asks about the commit. */
export function configurationOf({ sha, tree }: Commit): string {
  const hash = createHash('sha1');
  for (const [path, { content }] of tree) {
    if (!/\.ya?ml$/.test(path)) continue;
    if (readsCommit.test(content.toString('utf8'))) return sha;
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
