import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changeSteps } from '../../source/tasks/engine/steps.ts';
import { engineWorld, planOf } from '../tasks/engine/world.ts';

/** Every entry of a folder with its bytes, mode and time of change. */
function picture(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const { mode, mtimeMs, ctimeMs } = statSync(path);
      const bytes = statSync(path).isFile() ? readFileSync(path, 'base64') : '';
      return [name, mode, mtimeMs, ctimeMs, bytes].join(' ');
    });
}

test('planning changes no file, journals nothing and never asks the gate', async () => {
  const world = engineWorld({ a: 'a\n', b: 'b\n' });
  onTestFinished(() => world.remove());
  let asked = 0;
  const gate = {
    ...world.workspace.gate,
    perform: () => {
      asked += 1;
      return Promise.reject(new Error('planning wrote'));
    },
  };
  const before = picture(join(world.root, '..'));
  const steps = await changeSteps({
    planning: { workspace: world.reopen({ gate }), choice: { target: 'worktree', settings: {} } },
    task: 'cache-lifetimes',
    changes: ['a', 'b', 'new'].map((path) => ({ path, title: `Change ${path}`, change: () => 'after\n' })),
    title: 'Change',
    description: '',
  });
  expect(planOf(steps).steps.map(({ target }) => target)).toEqual(['a', 'b', 'new']);
  expect(asked).toBe(0);
  expect(picture(join(world.root, '..'))).toEqual(before);
});
