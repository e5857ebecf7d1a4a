import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLastRun, saveLastRun } from '../../source/monitor/lastRun.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { openWorld } from '../promises/world.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 31);
const project = { path: 'group/name' };

/** What was seen in a run, kept for the next. */
async function kept(fetchedAt = now) {
  const { directory, gate, journal } = openWorld();
  const file = { path: join(directory, 'state', 'last-run.json'), version: '1', target: 'here' };
  const nothing = { state: 'loading' };
  const snapshot = new Proxy(
    {},
    {
      get: (_, name) => (name === 'project' ? { state: 'fresh', value: project, fetchedAt } : nothing),
    },
  ) as Snapshot;
  await saveLastRun(gate, file, snapshot);
  return { file, journal };
}

test('what answered is kept for the user alone, without being armed or journaled, and read back', async () => {
  const { file, journal } = await kept();
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  expect((await journal.read()).entries).toEqual([]);
  expect(readLastRun(file, now)).toEqual({ project: { value: project, fetchedAt: now } });
});

test('values of another target, of another version, or of more than 30 days ago are not read', async () => {
  const { file } = await kept();
  expect(readLastRun({ ...file, target: 'elsewhere' }, now)).toEqual({});
  expect(readLastRun({ ...file, version: '2' }, now)).toEqual({});
  expect(readLastRun(file, now + 30 * day - 1)).toHaveProperty('project');
  expect(readLastRun(file, now + 30 * day)).toEqual({});
});

test('what no source of this program gave is not taken from the file, and a broken one is none', async () => {
  const { file } = await kept();
  const text = readFileSync(file.path, 'utf8');
  writeFileSync(file.path, text.replace('"project"', '"checkout"'));
  expect(readLastRun(file, now)).toEqual({});
  for (const broken of ['', '{', '[]', '{"version":"1","target":"here"}', text.replace(/\d{10,}/, '"x"')]) {
    writeFileSync(file.path, broken);
    expect(readLastRun(file, now)).toEqual({});
  }
  expect(readLastRun({ ...file, path: `${file.path}.gone` }, now)).toEqual({});
});
