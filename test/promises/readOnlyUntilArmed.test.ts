import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '../../source/services/files/write.ts';
import type { Write } from '../../source/services/gate.ts';
import type { Grant } from '../../source/services/grant.ts';
import { openWorld } from './world.ts';

function saving(path: string, perform?: Write<void>['perform']): Write<void> {
  return {
    title: 'Save a file',
    effect: 'local',
    target: path,
    detail: 'text',
    undo: 'irreversible',
    perform: perform ?? ((grant) => writeFileAtomically(grant, path, 'text')),
  };
}

test('the program starts read-only: nothing is written, nothing is journaled', async () => {
  const { directory, journal, gate } = openWorld();
  const path = join(directory, 'file');
  await expect(gate.perform(saving(path))).rejects.toMatchObject({ code: 'read-only' });
  expect(existsSync(path)).toBe(false);
  expect(existsSync(journal.path)).toBe(false);
});

test('arming lasts ten minutes', async () => {
  const { directory, clock, gate } = openWorld();
  gate.arm();
  await gate.perform(saving(join(directory, 'first')));
  clock.now += 10 * 60 * 1000;
  expect(gate.armed()).toEqual({ state: 'read-only', locked: false });
  await expect(gate.perform(saving(join(directory, 'second')))).rejects.toMatchObject({ code: 'read-only' });
});

test('who shows whether writes are armed is told when they no longer are', async () => {
  const { gate } = openWorld();
  gate.arm(5);
  await new Promise<void>((told) => {
    gate.subscribe(told);
  });
});

test('a run that was confirmed while writes were armed goes on after them, until it ends or writes are locked', async () => {
  const { directory, clock, gate } = openWorld();
  const write = (name: string, taskRun?: string) =>
    gate.perform({ ...saving(join(directory, name)), ...(taskRun === undefined ? {} : { taskRun }) });
  expect(() => gate.confirm('run')).toThrow('read-only');
  gate.arm();
  const end = gate.confirm('run');
  clock.now += 3 * 3_600_000;
  expect(gate.armed()).toEqual({ state: 'read-only', locked: false, goesOn: true });
  await write('first', 'run');
  await expect(write('second')).rejects.toMatchObject({ code: 'read-only' });
  await expect(write('third', 'another run')).rejects.toMatchObject({ code: 'read-only' });
  end();
  await expect(write('fourth', 'run')).rejects.toMatchObject({ code: 'read-only' });
  gate.arm();
  gate.confirm('run');
  gate.disarm();
  await expect(write('fifth', 'run')).rejects.toMatchObject({ code: 'read-only' });
});

test('--read-only cannot be armed', () => {
  const { gate } = openWorld({ readOnly: true });
  expect(() => gate.arm()).toThrow('--read-only');
  expect(() => gate.confirm('run')).toThrow('--read-only');
  expect(gate.refusal('remote')).toContain('--read-only');
});

test('a grant that outlives its write is worthless', async () => {
  const { directory, gate } = openWorld();
  let kept: Grant | undefined;
  gate.arm();
  await gate.perform(
    saving(directory, async (grant) => {
      kept = grant;
    }),
  );
  if (!kept) throw new Error('the write was not performed');
  const late = join(directory, 'late');
  await expect(writeFileAtomically(kept, late, 'text')).rejects.toMatchObject({ code: 'no-grant' });
  expect(existsSync(late)).toBe(false);
});
