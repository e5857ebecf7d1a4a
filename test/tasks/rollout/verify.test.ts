import { expect, test } from 'vitest';
import type { MergeRequest } from '../../../source/core/gitlab/change.ts';
import type { PipelineJob, PipelineSummary } from '../../../source/core/gitlab/model.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { verifyCiChange } from '../../../source/tasks/rollout/verify.ts';
import type { Verifying } from '../../../source/tasks/task.ts';
import { fakeWorkspace } from '../../frames/world.ts';

const hour = 3_600_000;
const merged = Date.UTC(2026, 10, 1);
const iso = (at: number): string => new Date(at).toISOString();

/** Pipelines of main, one an hour around the merge: 40 minutes each before it, 30 since. */
function pipelinesOf(before: number, after: number): PipelineSummary[] {
  return Array.from({ length: before + after }, (_, index) => {
    const at = merged + (index - before) * hour;
    return {
      id: index + 1,
      iid: index + 1,
      status: 'success',
      ref: 'main',
      sha: 'a',
      source: 'push',
      createdAt: iso(at),
      updatedAt: iso(at + hour / 2),
      webUrl: '',
    };
  });
}

function verifying(pipelines: readonly PipelineSummary[]): Verifying {
  const jobs = (id: number): Partial<PipelineJob>[] => {
    const one = pipelines.find((pipeline) => pipeline.id === id);
    const at = Date.parse(one?.createdAt ?? '');
    const seconds = (at < merged ? 2_400 : 1_800) + (id % 5);
    const [startedAt, finishedAt] = [iso(at), iso(at + seconds * 1_000)];
    return [
      {
        id,
        name: 'image',
        status: 'success',
        createdAt: startedAt,
        startedAt,
        finishedAt,
        duration: seconds,
      },
    ];
  };
  const service: Partial<GitLab> = {
    projectPath: 'a/b',
    mergeRequests: () =>
      Promise.resolve([{ iid: 7, state: 'merged', mergedAt: iso(merged) } as unknown as MergeRequest]),
    pipelines: ({ limit, updatedBefore }) =>
      Promise.resolve(
        pipelines
          .filter(({ updatedAt }) => updatedBefore === undefined || (updatedAt ?? '') < updatedBefore)
          .toReversed()
          .slice(0, limit),
      ),
    jobs: (id) => Promise.resolve(jobs(id) as PipelineJob[]),
  };
  const workspace = { ...fakeWorkspace({ now: () => merged + 100 * hour }), gitlab: { service } };
  const known = { project: { value: { defaultBranch: 'main' } } };
  return { workspace, known } as unknown as Verifying;
}

test.each([
  ['a day', 24],
  ['months', 2_000],
])('what it took before is still known %s after the merge', async (_, after) => {
  const seen = { rung: 'valid', evidence: [], findings: [] } as const;
  const probe = await verifyCiChange(verifying(pipelinesOf(20, after)), seen, { task: 'x', jobs: ['image'] });
  expect(probe.rung).toBe('proven');
  expect(probe.evidence.map(({ saw }) => saw)).toEqual([
    expect.stringMatching(/^image: median 40m 02s \(N 15\) → 30m 02s \(N 15\), -10m 00s/),
    expect.stringMatching(/^whole pipeline: median 40m 02s \(N 15\) → 30m 02s \(N 15\)/),
  ]);
});
