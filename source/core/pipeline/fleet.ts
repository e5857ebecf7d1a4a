import type { PipelineJob, Runner } from '../gitlab/model.ts';
import type { RunnerSpec } from './runners.ts';

/**
 * The runners that ran past jobs: each with the most jobs it was seen to run at once, which is what it can at least, and
 * with its tags as GitLab lists them or else as far as its jobs show. Runners that do not take jobs any more are left out.
 */
export function fleetOf(jobs: readonly PipelineJob[], listed: readonly Runner[] = []): RunnerSpec[] {
  const byId = new Map<number, PipelineJob[]>();
  for (const job of jobs) {
    if (!job.runner || job.startedAt === undefined || job.finishedAt === undefined) continue;
    const list = byId.get(job.runner.id);
    if (list) list.push(job);
    else byId.set(job.runner.id, [job]);
  }
  const known = new Map(listed.map((runner) => [runner.id, runner]));
  return [...byId].flatMap(([id, own]): RunnerSpec[] => {
    const runner = known.get(id);
    if (runner && (runner.paused || runner.status === 'offline' || runner.status === 'stale')) return [];
    const seen = [...new Set(own.flatMap(({ tags }) => tags))].sort();
    return [
      {
        name: `${own[0]?.runner?.description ?? 'runner'} #${id}`,
        tags: runner?.tags ?? seen,
        runUntagged: runner?.runUntagged ?? own.some(({ tags }) => tags.length === 0),
        concurrent: mostAtOnce(own),
      },
    ];
  });
}

function mostAtOnce(jobs: readonly PipelineJob[]): number {
  const moments = jobs
    .flatMap(({ startedAt = '', finishedAt = '' }) => [
      { at: Date.parse(startedAt), step: 1 },
      { at: Date.parse(finishedAt), step: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.step - b.step);
  let [now, most] = [0, 1];
  for (const { step } of moments) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
