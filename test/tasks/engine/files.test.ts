import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { readRecords } from '../../../source/tasks/engine/record.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { fileStep } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { engineWorld, finish, planOf, put } from './world.ts';

function open(files: Readonly<Record<string, string | Buffer>>) {
  const world = engineWorld(files);
  onTestFinished(() => world.remove());
  const read = (path: string): string => readFileSync(join(world.root, path), 'utf8');
  const undo = () => finish(undoRun(runToUndo(world, 'cache-lifetimes'), { workspace: world.workspace }));
  return { ...world, read, undo };
}

test('a plan of edits is applied in order, and taken back byte for byte', async () => {
  const crlf = '\uFEFFone\r\ntwo';
  const { root, workspace, read, undo } = open({ a: crlf, 'deep/b': 'b\n' });
  chmodSync(join(root, 'a'), 0o751);
  const steps = [
    await put(root, 'a', '\uFEFFone\r\nthree'),
    await put(root, 'deep/b', 'B\n'),
    await put(root, 'new', 'new'),
  ];
  const { outcome, events } = await finish(applyPlan(planOf(steps), { workspace }));
  expect(outcome).toBe('done');
  expect(events.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'edit-a started',
    'edit-a done',
    'edit-deep/b started',
    'edit-deep/b done',
    'edit-new started',
    'edit-new done',
  ]);
  expect([read('a'), read('deep/b'), read('new')]).toEqual(['\uFEFFone\r\nthree', 'B\n', 'new']);
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o751);
  chmodSync(join(root, 'a'), 0o600);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect([read('a'), read('deep/b'), existsSync(join(root, 'new'))]).toEqual([crlf, 'b\n', false]);
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o751);
  expect(readdirSync(root)).toEqual(['a', 'deep']);
});

test('a byte order mark stays where an edit keeps it', async () => {
  const { root, workspace, read } = open({ a: '\uFEFFone\n' });
  const step = await fileStep({
    id: 'edit-a',
    title: 'Change a',
    root,
    path: 'a',
    change: (before) => `${before ?? ''}two\n`,
  });
  await finish(applyPlan(planOf([step]), { workspace }));
  expect(read('a')).toBe('\uFEFFone\ntwo\n');
});

test('a file that moved since the plan stops everything before the first step', async () => {
  const { root, workspace, read } = open({ a: 'a', b: 'b' });
  const plan = planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]);
  writeFileSync(join(root, 'b'), 'theirs');
  await expect(finish(applyPlan(plan, { workspace }))).rejects.toMatchObject({
    code: 'stale',
    message: expect.stringContaining('plan is stale'),
  });
  expect([read('a'), read('b')]).toEqual(['a', 'theirs']);
  expect((await workspace.journal.read()).entries).toEqual([]);
  expect(readRecords(workspace).runs).toEqual([]);
});

test('an undo whose file was changed since is refused whole, and the step can be kept', async () => {
  const { root, workspace, read, undo } = open({ a: 'a', b: 'b' });
  await finish(applyPlan(planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]), { workspace }));
  writeFileSync(join(root, 'a'), 'mine');
  await expect(undo()).rejects.toMatchObject({ code: 'cannot-undo', saw: expect.stringContaining('edit-a') });
  expect([read('a'), read('b')]).toEqual(['mine', 'B']);
  const kept = undoRun(runToUndo({ workspace }, 'cache-lifetimes'), { workspace, keep: ['edit-a'] });
  expect(await finish(kept)).toMatchObject({
    outcome: 'undone',
    steps: [{ state: 'kept' }, { state: 'undone' }],
  });
  expect([read('a'), read('b')]).toEqual(['mine', 'b']);
});

test('links that leave the checkout, folders, .git and what is not text are refused', async () => {
  const { root } = open({ 'sub/file': 'x', '.git/config': 'x', bytes: Buffer.from([0xff, 0xfe, 0x00]) });
  const outside = mkdtempSync(join(tmpdir(), 'huskycat-outside-'));
  onTestFinished(() => import('node:fs').then(({ rmSync }) => rmSync(outside, { recursive: true })));
  writeFileSync(join(outside, 'target'), 'theirs');
  symlinkSync(join(outside, 'target'), join(root, 'link'));
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync('nowhere', join(root, 'dangling'));
  mkdirSync(join(root, 'directory'));
  for (const path of ['link', 'folder/target', 'folder/new', '../x', '.git/config', 'sub/../../x'])
    await expect(put(root, path, 'text'), path).rejects.toMatchObject({ code: 'outside-checkout' });
  await expect(put(root, 'dangling', 'text')).rejects.toMatchObject({ code: 'no-folder' });
  await expect(put(root, 'missing/new', 'text')).rejects.toMatchObject({ code: 'no-folder' });
  await expect(put(root, 'directory', 'text')).rejects.toMatchObject({ code: 'no-regular-file' });
  await expect(put(root, 'bytes', 'text')).rejects.toMatchObject({ code: 'not-utf8' });
  expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('theirs');
});

test('a link inside the checkout stays a link, its target is changed', async () => {
  const { root, workspace, read, undo } = open({ real: 'a' });
  symlinkSync('real', join(root, 'link'));
  await finish(applyPlan(planOf([await put(root, 'link', 'b')]), { workspace }));
  expect(read('real')).toBe('b');
  await undo();
  expect(read('link')).toBe('a');
});

test('two runs do not change one checkout at the same time', async () => {
  const { root, workspace, reopen } = open({ a: 'a', b: 'b' });
  const first = applyPlan(planOf([await put(root, 'a', 'A')]), { workspace });
  await first.next();
  const second = applyPlan(planOf([await put(root, 'b', 'B')]), { workspace: reopen() });
  await expect(second.next()).rejects.toMatchObject({
    code: 'locked',
    saw: expect.stringContaining(`process ${process.pid}`),
  });
  expect(await finish(first)).toMatchObject({ outcome: 'done' });
  const third = applyPlan(planOf([await put(root, 'b', 'B')]), { workspace: reopen() });
  expect(await finish(third)).toMatchObject({ outcome: 'done' });
});
