import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { noon } from './snapshots.ts';
import { type FakeWorkspaceOptions, fakeWorkspace } from './world.ts';

/** A workspace whose GitLab knows one log, in the pieces in which it is sent; `states` are those of the job, look by look. */
export function workspaceWithLog(
  log: Uint8Array | (() => Uint8Array),
  job: PipelineJob,
  options: FakeWorkspaceOptions = {},
): Workspace {
  const gitlab: Pick<
    GitLab,
    'server' | 'projectPath' | 'job' | 'trace' | 'pipelines' | 'jobs' | 'clockOffset'
  > = {
    server: 'https://gitlab.example',
    projectPath: 'tinyland/ai/huskycat',
    job: () => Promise.resolve(job),
    pipelines: () => Promise.resolve([]),
    jobs: () => Promise.resolve([]),
    clockOffset: () => 0,
    async trace(_id, from) {
      const bytes = typeof log === 'function' ? log() : log;
      return (async function* () {
        for (let at = from; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
      })();
    },
  };
  return { ...fakeWorkspace({ now: () => noon, ...options }), gitlab: { service: gitlab as GitLab } };
}
