import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { expect, onTestFinished, test } from 'vitest';
import { sealPlan } from '../../source/core/plan/fingerprint.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { parsePlan } from '../../source/tasks/engine/schema.ts';
import { engineWorld, finish, planOf, put } from '../tasks/engine/world.ts';

async function open() {
  const world = engineWorld({ a: 'one\r\ntwo\r\nthree' });
  onTestFinished(() => world.remove());
  const plan = planOf([await put(world.root, 'a', 'one\r\n2\r\nthree')]);
  return { ...world, plan, read: () => readFileSync(join(world.root, 'a'), 'utf8') };
}

test('the file becomes, byte for byte, what the diff that was shown makes of it', async () => {
  const { workspace, plan, read } = await open();
  const preview = plan.steps[0]?.preview;
  if (!preview || !('diff' in preview)) throw new Error('no diff');
  const promised = applyPatch(read(), preview.diff, { autoConvertLineEndings: false });
  const kept = parsePlan(JSON.stringify(plan), 'plan.json');
  expect(kept).toEqual(plan);
  await finish(applyPlan(kept, { workspace }));
  expect(read()).toBe(promised);
});

test('a target that moved since makes the plan stale', async () => {
  const { root, workspace, plan, read } = await open();
  writeFileSync(join(root, 'a'), 'theirs');
  await expect(finish(applyPlan(plan, { workspace }))).rejects.toMatchObject({
    code: 'stale',
    saw: expect.stringContaining('plan is stale'),
  });
  expect(read()).toBe('theirs');
});

test('a plan whose text was changed, or whose preview tells another story, is refused', async () => {
  const { workspace, plan, read } = await open();
  const changed = JSON.stringify(plan).replaceAll('\\n2', '\\nevil');
  expect(changed).toContain('evil');
  expect(() => parsePlan(changed, 'plan.json')).toThrow('fingerprint');
  const lying = sealPlan({
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, preview: { diff: 'nothing of note' } })),
  });
  await expect(finish(applyPlan(lying, { workspace }))).rejects.toMatchObject({ code: 'plan-differs' });
  expect(read()).toBe('one\r\ntwo\r\nthree');
});
