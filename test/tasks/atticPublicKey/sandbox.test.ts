import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../../source/compose/session.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { findTask, planTask } from '../../../source/tasks/find.ts';
import { finish } from '../engine/world.ts';

const task = findTask('attic-public-key');
const probes = task.probes ?? {};
const source = 'huskycat-tui/attic-public-key';

let session: Session;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  session.workspace.gate.arm();
});
afterAll(() => session.close());

async function look() {
  const { workspace, monitor } = session;
  await monitor.refresh();
  return { workspace, known: { ...monitor.snapshot(), now: new Date().toISOString() } };
}

async function plan(target: 'worktree' | 'merge-request') {
  const planned = await planTask(task, { ...(await look()), choice: { target, settings: {} } });
  if ('plan' in planned) return planned.plan;
  throw new Error(planned.refused);
}

const undo = () => finish(undoRun(runToUndo(session, task.name), { workspace: session.workspace }));

test('in the embedded world it goes from todo to proven and back', async () => {
  const { workspace } = session;
  expect(task.probe((await look()).known).rung).toBe('absent');
  const first = await plan('worktree');
  expect(await finish(applyPlan(first, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const proof = await task.verify?.(await look());
  expect(proof?.rung).toBe('proven');
  expect(proof?.evidence.map(({ saw }) => saw).join('\n')).toMatch(/is signed by main:/);
  expect((await plan('worktree')).steps).toEqual([]);
  expect((await plan('merge-request')).steps).toHaveLength(3);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(task.probe((await look()).known).rung).toBe('absent');
});

test('as a merge request: one commit with both files, and the evidence in its description', async () => {
  const { workspace } = session;
  if ('off' in workspace.gitlab) throw new Error('no GitLab');
  const gitlab = workspace.gitlab.service;
  const made = await plan('merge-request');
  expect(made.steps.map(({ id }) => id)).toEqual(['same-key', 'commit', 'open-merge-request']);
  expect(await finish(applyPlan(made, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const [request] = await gitlab.mergeRequests({ source, target: 'main' });
  expect(request?.state).toBe('opened');
  const description = JSON.stringify(made.steps.at(-1)?.preview);
  expect(description).toContain('## Evidence');
  const key = 'value' in ((await look()).known.attic.value?.config ?? {}) ? 'main:' : '';
  for (const path of ['flake.nix', '.gitlab/ci/nix.yml'])
    expect((await gitlab.file(path, source)).text).toMatch(new RegExp(`${key}[A-Za-z0-9+/]{43}=`));
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await gitlab.branch(source)).toBeUndefined();
});
