import { stringify } from 'yaml';
import { get, plain, textsOf } from '../../../core/ci/yaml/node.ts';
import { answer } from '../model/ciFiles.ts';
import { project } from '../model/places.ts';
import type { Context } from '../rest/context.ts';
import { connection, type Paging } from './connection.ts';

/** `ciConfig`: the edited content with the includes of a commit. */
export function configNode(sha: string | null | undefined, content: string, { world }: Context) {
  const commit = world.repository.find(sha ?? project.defaultBranch);
  if (!commit) return null;
  const set = answer(world.repository, { event: 'push', ref: project.defaultBranch, commit, content });
  return {
    errors: set.errors.map(({ message }) => message),
    warnings: [],
    status: set.errors.length === 0 ? 'VALID' : 'INVALID',
    mergedYaml: set.configuration.errors.length > 0 ? null : stringify(plain(set.configuration.root)),
    stages: (paging: Paging) =>
      connection(set.stages, paging, (name) => ({
        name,
        groups: (inner: Paging) =>
          connection(
            set.jobs.filter(({ stage }) => stage === name),
            inner,
            (job) => ({
              name: job.name,
              size: 1,
              jobs: (deepest: Paging) =>
                connection([job], deepest, ({ when, allowFailure, tags, stage, definition, needs }) => ({
                  name: job.name,
                  stage,
                  when,
                  allowFailure,
                  tags,
                  script: textsOf(get(definition.keywords, 'script')),
                  needs: (last: Paging) => connection(needs ?? [], last, (need) => ({ name: need.job })),
                })),
            }),
          ),
      })),
  };
}
