import { setTimeout as delay } from 'node:timers/promises';
import type { PipelineSummary } from '../../core/gitlab/model.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import type { RunPipeline } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { counted } from '../../core/text/format.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Grant } from '../../services/grant.ts';
import type { Executor, Look } from './executor.ts';

/** Milliseconds that GitLab is given to start a pipeline by itself after a push, and between two looks for it. */
const patience = 10_000;
const pause = 1_000;

/** A pipeline of a branch: one that GitLab started for the push is taken for the first. */
export function runPipeline(action: RunPipeline, gitlab: GitLab, now: () => number): Executor {
  const { branch, count } = action;
  const find = (signal?: AbortSignal) => pipelinesOfHead(gitlab, branch, signal);
  return {
    undoesHalf: false,
    async look(signal): Promise<Look> {
      const found = (await find(signal))[count - 1];
      if (!found) return { state: 'before', saw: `${branch} has had fewer pipelines than ${count}` };
      const saw = `pipeline #${found.id} is ${found.status}`;
      return { state: hasEnded(found.status) ? 'unknown' : 'after', saw };
    },
    preview: () => Promise.resolve(previewOf(action)),
    remember: () => Promise.resolve({}),
    async apply(grant, _onOutput, signal) {
      const until = now() + (count === 1 ? patience : 0);
      for (;;) {
        const found = (await find(signal))[count - 1];
        if (found) return `pipeline #${found.id} is ${found.status}`;
        if (now() >= until) break;
        await delay(pause, undefined, signal ? { signal } : {});
      }
      const { id, webUrl } = await gitlab.createPipeline(grant, branch, signal);
      return `started pipeline #${id} ${webUrl}`.trim();
    },
    async undo(grant, _memory, _onOutput, signal) {
      const found = (await find(signal))[count - 1];
      if (!found || hasEnded(found.status)) return 'no pipeline was running';
      await gitlab.cancelPipeline(grant, found.id, signal);
      return `canceled pipeline #${found.id}`;
    },
  };
}

/** The pipelines of a branch’s newest commit that were not skipped, oldest first; none without the branch. */
export async function pipelinesOfHead(
  gitlab: Pick<GitLab, 'branch' | 'pipelines'>,
  branch: string,
  signal?: AbortSignal,
): Promise<readonly PipelineSummary[]> {
  const head = await gitlab.branch(branch, signal);
  if (!head) return [];
  const all = await gitlab.pipelines({ ref: branch, limit: 20 }, signal);
  return all
    .filter(({ sha, status }) => sha === head.sha && status !== 'skipped')
    .toSorted((a, b) => a.id - b.id);
}

/**
 * Cancels the pipelines of refs that have not ended, and says how many in words to add: GitLab lets them run on when their
 * branch is deleted or their merge request is closed.
 */
export async function cancelPipelines(
  gitlab: Pick<GitLab, 'pipelines' | 'cancelPipeline'>,
  grant: Grant,
  refs: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  let count = 0;
  for (const ref of refs)
    for (const { id, status } of await gitlab.pipelines({ ref, limit: 20 }, signal)) {
      if (hasEnded(status)) continue;
      await gitlab.cancelPipeline(grant, id, signal);
      count += 1;
    }
  return count === 0 ? '' : `, and canceled ${counted(count, 'pipeline')} of it`;
}
