import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { engineWorld, finish, planOf, put } from '../tasks/engine/world.ts';

test('planning again finds nothing to do, and applying the same plan again writes nothing', async () => {
  const world = engineWorld({ a: 'a', b: 'b' });
  onTestFinished(() => world.remove());
  const { root, workspace } = world;
  const make = async () => planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]);
  const plan = await make();
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'done' });
  const journal = readFileSync(workspace.journal.path, 'utf8');
  expect((await make()).steps).toEqual([]);
  expect(await finish(applyPlan(await make(), { workspace }))).toMatchObject({ outcome: 'nothing' });
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'nothing', events: [] });
  expect(readFileSync(workspace.journal.path, 'utf8')).toBe(journal);
});
