import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileFingerprint, fingerprint, writeFileAtomically } from '../../source/services/files/write.ts';
import type { Write } from '../../source/services/gate.ts';
import { openWorld } from './world.ts';

function saving(path: string, text: string, extra: Partial<Write<void>> = {}): Write<void> {
  return {
    title: 'Save a file',
    effect: 'local',
    target: path,
    detail: `+${text}`,
    undo: { text: 'Remove it.', command: `rm ${path}` },
    perform: (grant) => writeFileAtomically(grant, path, text),
    ...extra,
  };
}

test('the intent is on disk before the write is performed, and its result after', async () => {
  const { directory, journal, gate } = openWorld();
  const path = join(directory, 'file');
  let before = '';
  gate.arm();
  await gate.perform(
    saving(path, 'text', {
      before: 'absent',
      current: () => fileFingerprint(path),
      after: fingerprint('text'),
      perform: (grant) => {
        before = readFileSync(journal.path, 'utf8');
        return writeFileAtomically(grant, path, 'text');
      },
    }),
  );
  expect(JSON.parse(before)).toMatchObject({
    state: 'intent',
    run: 'test',
    write: { target: path, before: 'absent', after: fingerprint('text'), undo: { command: `rm ${path}` } },
  });
  expect(readFileSync(path, 'utf8')).toBe('text');
  const { entries, damaged } = await journal.read();
  expect(entries.map((entry) => entry.state)).toEqual(['intent', 'done']);
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(1);
  expect(damaged).toBe(0);
  expect(statSync(journal.path).mode & 0o777).toBe(0o600);
});

test('a write that fails is journaled as failed and still thrown', async () => {
  const { directory, journal, gate } = openWorld();
  gate.arm();
  const failing = saving(join(directory, 'file'), 'text', {
    perform: () => Promise.reject(new Error('disk full')),
  });
  await expect(gate.perform(failing)).rejects.toThrow('disk full');
  const { entries } = await journal.read();
  expect(entries.at(-1)).toMatchObject({ state: 'failed', result: expect.stringContaining('disk full') });
});

test('a write that is stopped while its intent is journaled is not performed, and said to be stopped', async () => {
  const { directory, journal, gate } = openWorld();
  const path = join(directory, 'file');
  const stop = new AbortController();
  gate.arm();
  const written = gate.perform(saving(path, 'text'), stop.signal);
  stop.abort();
  await expect(written).rejects.toMatchObject({ name: 'AbortError' });
  expect(existsSync(path)).toBe(false);
  const { entries } = await journal.read();
  expect(entries.map(({ state }) => state)).toEqual(['intent', 'failed']);
  expect(entries.at(-1)?.result).toContain('stopped');
});

test('the program’s own state is neither journaled nor shown as a write', async () => {
  const { directory, journal, activity, gate } = openWorld();
  const path = join(directory, 'state');
  await gate.perform(saving(path, 'text', { effect: 'own' }));
  expect(readFileSync(path, 'utf8')).toBe('text');
  expect(existsSync(journal.path)).toBe(false);
  expect(activity.list()).toEqual([]);
});

test('a target that moved since the plan is refused and left alone', async () => {
  const { directory, journal, gate } = openWorld();
  const path = join(directory, 'file');
  gate.arm();
  await gate.perform(saving(path, 'theirs'));
  const late = saving(path, 'mine', { before: 'absent', current: () => fileFingerprint(path) });
  await expect(gate.perform(late)).rejects.toMatchObject({ code: 'stale', kind: 'refused' });
  expect(readFileSync(path, 'utf8')).toBe('theirs');
  expect((await journal.read()).entries).toHaveLength(2);
});

test('a secret in the words of a write or in its result is not in the journal', async () => {
  const { directory, journal, gate } = openWorld({ secrets: ['hunter2hunter2'] });
  gate.arm();
  const telling = saving(join(directory, 'file'), 'x', {
    detail: 'curl -H "token: hunter2hunter2"',
    result: () => 'answered hunter2hunter2',
  });
  await gate.perform(telling);
  expect(readFileSync(journal.path, 'utf8')).not.toContain('hunter2');
});
