import { expect, test } from 'vitest';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { finish } from './engine/world.ts';
import { sandboxTask } from './sandboxTask.ts';

const { plan, probes, session, undo } = sandboxTask('parallel-jobs');

test('on a branch, the jobs run as predicted, and it takes about as long', async () => {
  const { workspace } = session();
  if ('off' in workspace.gitlab) throw new Error('no GitLab');
  const gitlab = workspace.gitlab.service;
  const { plan: made, preflight } = await plan('trial');
  const run = await finish(applyPlan(made, { workspace, probes }));
  expect(run).toMatchObject({ outcome: 'done' });
  const [pipeline] = await gitlab.pipelines({ ref: 'huskycat-tui/parallel-jobs', limit: 1 });
  const jobs = await gitlab.jobs(pipeline?.id ?? 0);
  const at = (name: string, end: 'startedAt' | 'finishedAt'): number =>
    Date.parse(jobs.find((job) => job.name === name)?.[end] ?? '');
  for (const name of ['binary:linux-amd64', 'binary:darwin-arm64'])
    expect(at(name, 'startedAt')).toBeLessThan(at('test:unit', 'startedAt'));
  // A branch that is no default branch has the jobs of a merge request.
  const said = preflight.find(({ id }) => id === 'gain-merge_request')?.saw ?? '';
  const [, minutes, seconds] = /→ (\d+)m (\d+)s/.exec(said) ?? [];
  const predicted = Number(minutes) * 60 + Number(seconds);
  const ends = jobs.flatMap(({ finishedAt = '' }) => (finishedAt === '' ? [] : [Date.parse(finishedAt)]));
  const took = (Math.max(...ends) - Date.parse(pipeline?.createdAt ?? '')) / 1_000;
  expect(Math.abs(took / predicted - 1)).toBeLessThan(0.2);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
}, 120_000);
