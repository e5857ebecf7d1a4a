import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfiguration } from '../../../source/services/config/read.ts';
import { savingConfiguration } from '../../../source/services/config/save.ts';
import { fingerprint } from '../../../source/services/files/write.ts';
import { openWorld } from '../../promises/world.ts';

const next = { profile: 'a', profiles: { a: { project: 'tinyland/huskycat' } } };

function openConfiguration(text?: string) {
  const world = openWorld();
  const path = join(world.directory, 'config', 'huskycat-tui', 'config.json');
  if (text !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }
  const plan = () => savingConfiguration(path, next, world.clock.now);
  return { ...world, path, plan };
}

test('planning to save writes nothing; saving makes the file for its owner alone', async () => {
  const { directory, path, plan, gate } = openConfiguration();
  const write = await plan();
  expect(readdirSync(directory)).toEqual([]);
  expect(write).toMatchObject({ before: 'absent', target: path, undo: { command: `rm ${path}` } });
  expect(write.detail).toContain('+      "project": "tinyland/huskycat"');
  await expect(gate.perform(write)).rejects.toMatchObject({ code: 'read-only' });
  expect(readdirSync(directory)).toEqual([]);
  gate.arm();
  await gate.perform(write);
  expect(await readConfiguration(path)).toEqual(next);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o077).toBe(0);
  expect(write.after).toBe(fingerprint(readFileSync(path)));
});

test('the diff shows what is replaced, and a file that moved since is left alone', async () => {
  const old = '{"profiles": {}, "theme": "dark"}\n';
  const { path, plan, gate } = openConfiguration(old);
  const write = await plan();
  expect(write.detail).toContain(`-${old}`);
  gate.arm();
  writeFileSync(path, '{"profiles": {}, "theme": "light"}');
  await expect(gate.perform(write)).rejects.toMatchObject({ code: 'stale' });
  expect(readFileSync(path, 'utf8')).toContain('light');
  await gate.perform(await plan());
  expect(await readConfiguration(path)).toEqual(next);
});

test('a broken file is kept beside the new one, byte for byte, and not shown', async () => {
  const broken = Buffer.from('{"token": "glpat-abcdefghijklmnop", \xff', 'latin1');
  const { path, plan, gate, journal } = openConfiguration();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, broken, { mode: 0o600 });
  const write = await plan();
  gate.arm();
  await gate.perform(write);
  expect(readdirSync(dirname(path)).sort()).toEqual(['config.json', 'config.json.broken-20260101T000000Z']);
  const aside = `${path}.broken-20260101T000000Z`;
  expect(readFileSync(aside)).toEqual(broken);
  expect(statSync(aside).mode & 0o777).toBe(0o600);
  expect(await readConfiguration(path)).toEqual(next);
  expect(write.undo).toMatchObject({ command: `mv ${aside} ${path}` });
  const { entries } = await journal.read();
  expect(entries.map(({ state }) => state)).toEqual(['intent', 'done']);
  expect(JSON.stringify(entries)).not.toContain('glpat');
});

test('a home that cannot be written is said, with the next step', async () => {
  const { directory, gate, clock } = openWorld();
  const path = join(directory, 'file', 'huskycat-tui', 'config.json');
  writeFileSync(join(directory, 'file'), '');
  const write = await savingConfiguration(path, next, clock.now);
  gate.arm();
  await expect(gate.perform(write)).rejects.toMatchObject({
    kind: 'needs-user',
    code: 'config-unwritable',
    saw: expect.stringContaining('ENOTDIR'),
  });
});

test('what could not be read back is not saved', async () => {
  const { directory, clock } = openWorld();
  const wrong = { profiles: { a: { host: 'https://me:secret@example.com' } } };
  await expect(savingConfiguration(join(directory, 'c.json'), wrong, clock.now)).rejects.toMatchObject({
    kind: 'bug',
    code: 'config-shape',
  });
});
