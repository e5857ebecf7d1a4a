import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openSession, type Session } from '../../../source/compose/session.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { findTask, planTask } from '../../../source/tasks/find.ts';
import { finish } from '../engine/world.ts';
import { freePort } from './sandbox.ts';

const task = findTask('bazel-remote');
const probes = task.probes ?? {};
let session: Session;
let ports: Readonly<Record<string, string>>;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  session.workspace.gate.arm();
  ports = { 'http-port': await freePort(), 'grpc-port': await freePort() };
});
afterAll(() => session.close());

async function plan(settings: Readonly<Record<string, string>>, target: 'worktree' | 'merge-request') {
  const { workspace, monitor } = session;
  await monitor.refresh();
  const known = { ...monitor.snapshot(), now: new Date().toISOString() };
  return planTask(task, { workspace, known, choice: { target, settings: { ...ports, ...settings } } });
}

test('.bazelrc goes into a merge request with the evidence, and undo closes it', async () => {
  const { workspace } = session;
  const planned = await plan({}, 'merge-request');
  if ('refused' in planned) throw new Error(planned.refused);
  expect(planned.plan.steps.map(({ id }) => id).slice(-3)).toEqual([
    'wait-until-ready',
    'commit',
    'open-merge-request',
  ]);
  expect(planned.plan.steps.at(-1)?.preview).toMatchObject({
    body: expect.stringContaining('gave back what was stored in it'),
  });
  const result = await finish(applyPlan(planned.plan, { workspace, probes }));
  expect({ failure: result.failure, outcome: result.outcome }).toEqual({
    failure: undefined,
    outcome: 'done',
  });
  if ('off' in workspace.gitlab) throw new Error('no GitLab');
  const { service } = workspace.gitlab;
  const target = (await service.project()).defaultBranch ?? 'main';
  const requests = await service.mergeRequests({ source: 'huskycat-tui/bazel-remote', target });
  expect(requests).toHaveLength(1);
  const { text } = await service.file('.bazelrc', 'huskycat-tui/bazel-remote');
  expect(text).toMatch(/^build:remote --remote_cache=grpc:\/\/100\.77\.196\.50:\d+$/m);
  const undone = await finish(undoRun(runToUndo(session, task.name), { workspace }));
  expect({ failure: undone.failure, outcome: undone.outcome }).toEqual({
    failure: undefined,
    outcome: 'undone',
  });
});

test('a job that tests it from where builds run is shown, and GitLab finds it valid', async () => {
  const planned = await plan({ 'job-check': 'yes' }, 'worktree');
  const check = planned.preflight.find(({ id }) => id === 'job-check');
  expect(check).toMatchObject({ state: 'fine', saw: expect.stringMatching(/valid; not run/) });
  const yaml = parse(check?.saw.split(':\n').slice(1).join(':\n') ?? '') as Record<
    string,
    { script: string[] }
  >;
  const { script = [] } = yaml['bazel-remote-check'] ?? {};
  expect(script).toHaveLength(4);
  expect(script[0]).toMatch(/^curl --fail .*"\$CACHE\/status"$/);
});
