import { afterEach, expect, test } from 'vitest';
import { readApplied } from '../../source/monitor/speedApplied.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../source/tasks/engine/runs.ts';
import { undoRun } from '../../source/tasks/engine/undo.ts';
import { type EngineWorld, engineWorld, finish, planOf, put } from '../tasks/engine/world.ts';

let world: EngineWorld | undefined;
afterEach(() => world?.remove());

test('a task that was done is a change until it is taken back; another checkout’s is none', async () => {
  world = engineWorld({ '.gitlab-ci.yml': 'a: {}\n' });
  const { root, workspace } = world;
  const here = { project: 'tinyland/ai/huskycat', root, clockOffset: 0 };
  expect(await readApplied(workspace, here)).toEqual([]);
  const plan = planOf([await put(root, '.gitlab-ci.yml', 'b: {}\n')]);
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'done' });
  const [applied, ...others] = await readApplied(workspace, here);
  expect(others).toEqual([]);
  expect(applied).toMatchObject({
    task: 'cache-lifetimes',
    title: 'Keep tools and caches longer',
    commits: [],
    paths: ['.gitlab-ci.yml'],
  });
  expect(Math.abs(Date.now() - Date.parse(applied?.at ?? ''))).toBeLessThan(60_000);
  expect(await readApplied(workspace, { ...here, root: '/elsewhere' })).toEqual([]);
  await finish(undoRun(runToUndo({ workspace }, 'cache-lifetimes'), { workspace }));
  expect(await readApplied(workspace, here)).toEqual([]);
});
