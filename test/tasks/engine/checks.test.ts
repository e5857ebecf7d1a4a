import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { previewOf } from '../../../source/core/plan/preview.ts';
import { fingerprint } from '../../../source/services/files/write.ts';
import type { Gate } from '../../../source/services/gate.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { readRecords } from '../../../source/tasks/engine/record.ts';
import { goOn, runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { commandStep } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { engineWorld, finish, planOf, put } from './world.ts';

function open(files: Readonly<Record<string, string>>) {
  const world = engineWorld(files);
  onTestFinished(() => world.remove());
  const path = (name: string): string => join(world.root, name);
  return {
    ...world,
    path,
    read: (name: string): string => readFileSync(path(name), 'utf8'),
    write: (name: string, text: string): void => writeFileSync(path(name), text),
    undo: () => finish(undoRun(runToUndo(world, 'cache-lifetimes'), { workspace: world.workspace })),
  };
}

/** 0 when the file holds `made`, 1 when there is none, else 2. */
const isMade = '[ -e "$1" ] || exit 1; [ "$(cat "$1")" = made ] || exit 2';

/** Makes a file with a command. */
function making(
  file: string,
  more: { readonly state?: [string, ...string[]]; readonly before?: string } = {},
) {
  const { state, before } = more;
  return commandStep({
    id: 'make',
    title: 'Make a file',
    effect: 'local',
    target: file,
    command: {
      where: 'here',
      argv: ['sh', '-c', 'echo made > "$1"', 'sh', file],
      unless: ['sh', '-c', isMade, 'sh', file],
      undo: [{ argv: ['rm', file] }],
      ...(state ? { state } : {}),
    },
    ...(before === undefined ? {} : { before }),
  });
}

test('a step that is neither to do nor done stops everything before the first', async () => {
  const { root, workspace, path, read } = open({ a: 'a', made: 'by somebody else' });
  const plan = planOf([await put(root, 'a', 'A'), making(path('made'))]);
  await expect(finish(applyPlan(plan, { workspace }))).rejects.toMatchObject({ code: 'stale' });
  expect(read('a')).toBe('a');
  expect(readRecords(workspace).runs).toEqual([]);
});

test('a command whose state is not as it was planned for stops everything before the first step', async () => {
  const { root, workspace, path, read, write } = open({ a: 'a', version: '1' });
  const state: [string, ...string[]] = ['cat', path('version')];
  const plan = planOf([
    await put(root, 'a', 'A'),
    making(path('made'), { state, before: fingerprint('0\n1') }),
  ]);
  write('version', '2');
  await expect(finish(applyPlan(plan, { workspace }))).rejects.toMatchObject({ code: 'stale' });
  expect(read('a')).toBe('a');
  write('version', '1');
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'done' });
});

test('what changes until the lock is held is seen', async () => {
  const { root, workspace, read, write } = open({ a: 'a', b: 'b' });
  const plan = planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]);
  const perform: Gate['perform'] = (given, signal) => {
    if (given.title === 'Lock') write('b', 'theirs');
    return workspace.gate.perform(given, signal);
  };
  const late = { ...workspace, gate: { ...workspace.gate, perform } };
  await expect(finish(applyPlan(plan, { workspace: late }))).rejects.toMatchObject({ code: 'stale' });
  expect([read('a'), read('b')]).toEqual(['a', 'theirs']);
});

test('read-only, a plan leaves neither a run nor a lock behind', async () => {
  const { root, workspace, state, read } = open({ a: 'a' });
  workspace.gate.disarm();
  const plan = planOf([await put(root, 'a', 'A')]);
  await expect(finish(applyPlan(plan, { workspace }))).rejects.toMatchObject({ code: 'read-only' });
  expect(read('a')).toBe('a');
  expect(existsSync(state) ? readdirSync(state) : []).toEqual([]);
});

test('a run that failed after a step was done is not over: it is taken back', async () => {
  const { root, workspace, path, read, undo } = open({ a: 'a' });
  const failing = commandStep({
    id: 'fail',
    title: 'Fail',
    effect: 'local',
    target: 'x',
    command: { where: 'here', argv: ['false'], unless: ['test', '-e', path('never')] },
  });
  const run = applyPlan(planOf([await put(root, 'a', 'A'), failing]), { workspace });
  expect(await finish(run)).toMatchObject({ outcome: 'failed' });
  expect(read('a')).toBe('A');
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(read('a')).toBe('a');
});

test('what a command made is not taken back when somebody changed it since', async () => {
  const { workspace, path, read, write, undo } = open({});
  await finish(applyPlan(planOf([making(path('made'))]), { workspace }));
  expect(read('made')).toBe('made\n');
  write('made', 'theirs');
  await expect(undo()).rejects.toMatchObject({ code: 'cannot-undo' });
  expect(read('made')).toBe('theirs');
  write('made', 'made');
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(existsSync(path('made'))).toBe(false);
});

test('what a run did not come to is not taken back, whoever did it', async () => {
  const { root, workspace, read, write, undo } = open({ a: 'a', b: 'b' });
  const run = applyPlan(planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]), { workspace });
  for (let event = await run.next(); !event.done; event = await run.next())
    if (event.value.state === 'done') break;
  await run.return({ outcome: 'stopped', steps: [] });
  write('b', 'B');
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect([read('a'), read('b')]).toEqual(['a', 'B']);
});

test('read-only, an undo is refused and leaves the run as it was', async () => {
  const { root, workspace, read, undo } = open({ a: 'a' });
  await finish(applyPlan(planOf([await put(root, 'a', 'A')]), { workspace }));
  const { runs } = readRecords(workspace);
  workspace.gate.disarm();
  await expect(undo()).rejects.toMatchObject({ code: 'read-only' });
  expect(read('a')).toBe('A');
  expect(readRecords(workspace).runs).toEqual(runs);
});

test('what cannot be taken back refuses the undo before its first step, unless it is kept', async () => {
  const { root, workspace, path, read } = open({ a: 'a' });
  const made = making(path('made'));
  const { undo: _, ...action } = made.action as Extract<typeof made.action, { kind: 'command' }>;
  const step = { ...made, action, preview: previewOf(action), undo: 'irreversible' as const };
  const plan = planOf([step, await put(root, 'a', 'A')]);
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'done' });
  const record = runToUndo({ workspace }, 'cache-lifetimes');
  await expect(finish(undoRun(record, { workspace }))).rejects.toMatchObject({
    code: 'cannot-undo',
    saw: expect.stringContaining('Make a file (step make): it cannot be undone'),
  });
  expect(read('a')).toBe('A');
  expect(await finish(undoRun(record, { workspace, keep: ['make'] }))).toMatchObject({ outcome: 'undone' });
  expect([read('a'), read('made')]).toEqual(['a', 'made\n']);
});

/** A command of this machine, from shell scripts over one file. */
function scripted(file: string, scripts: { run: string; unless?: string; undo?: string }) {
  const vector = (script: string): [string, ...string[]] => ['sh', '-c', script, 'sh', file];
  const { run, unless, undo } = scripts;
  return commandStep({
    id: 'run',
    title: 'Run',
    effect: 'local',
    target: file,
    command: {
      where: 'here',
      argv: vector(run),
      ...(unless === undefined ? {} : { unless: vector(unless) }),
      ...(undo === undefined ? {} : { undo: [{ argv: vector(undo) }] }),
    },
  });
}

test('a step that finds another state than the plan did, once it is its turn, is not done', async () => {
  const { root, workspace, path, read, write } = open({ a: 'a' });
  const run = applyPlan(planOf([await put(root, 'a', 'A'), making(path('made'))]), { workspace });
  for (let event = await run.next(); !event.done; event = await run.next())
    if (event.value.state === 'done') break;
  write('made', 'theirs');
  expect(await finish(run)).toMatchObject({ outcome: 'failed', failure: { code: 'in-between' } });
  expect(read('made')).toBe('theirs');
});

test('a command that went well and brought nothing about has failed, and so has its undo', async () => {
  const { workspace, path, undo } = open({});
  const idle = scripted(path('flag'), { run: 'true', unless: 'test -e "$1"' });
  expect(await finish(applyPlan(planOf([idle]), { workspace }))).toMatchObject({
    outcome: 'failed',
    failure: { code: 'not-verified' },
  });
  await undo();
  const stays = scripted(path('flag'), { run: 'touch "$1"', unless: 'test -e "$1"', undo: 'true' });
  expect(await finish(applyPlan(planOf([stays]), { workspace }))).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'failed', failure: { code: 'not-verified' } });
});

test('a resumed run does not run a command again that may be run at any time', async () => {
  const { root, workspace, path, read } = open({ a: 'a' });
  const again = scripted(path('log'), { run: 'echo ran >> "$1"' });
  const stop = new AbortController();
  const run = applyPlan(planOf([again, await put(root, 'a', 'A')]), { workspace, signal: stop.signal });
  for (let event = await run.next(); !event.done; event = await run.next())
    if (event.value.state === 'done') break;
  stop.abort();
  expect(await finish(run)).toMatchObject({ outcome: 'stopped' });
  expect(read('a')).toBe('a');
  const resumed = await finish(goOn(runToResume({ workspace }, 'cache-lifetimes'), { workspace }));
  expect(resumed).toMatchObject({ outcome: 'done', steps: [{ state: 'skipped' }, { state: 'done' }] });
  expect([read('a'), read('log')]).toEqual(['A', 'ran\n']);
});

test('what came of a write that was cut off is journaled once it was looked at', async () => {
  const { workspace, path } = open({});
  const made = scripted(path('flag'), { run: 'touch "$1"', unless: 'test -e "$1"' });
  await finish(
    applyPlan(planOf([made, { ...scripted(path('x'), { run: 'false' }), id: 'fail' }]), { workspace }),
  );
  const entries = readFileSync(workspace.journal.path, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(entries[1] ?? '')).toMatchObject({ step: 'run', state: 'done' });
  writeFileSync(workspace.journal.path, `${entries[0]}\n`);
  await finish(goOn(runToResume({ workspace }, 'cache-lifetimes'), { workspace }));
  const { entries: kept } = await workspace.journal.read();
  expect(kept.filter(({ step }) => step === 'run').map(({ state, result }) => [state, result])).toEqual([
    ['intent', undefined],
    ['done', expect.stringContaining('looked at again')],
  ]);
});
