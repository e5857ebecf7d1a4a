import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pathsOf } from '../../../source/services/config/paths.ts';
import { inspectConfiguration, readConfiguration } from '../../../source/services/config/read.ts';

function file(text: string | Uint8Array, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const whole = {
  profile: 'work',
  profiles: {
    work: {
      project: 'tinyland/ai/huskycat',
      host: 'https://example.com:8443/gitlab',
      attic: { url: 'http://127.0.0.1:8080', cache: 'main' },
      bazelRemote: { http: 'http://honey:9090', grpc: 'honey:9092' },
      honey: { destination: 'ops@honey', paths: ['/srv'] },
      checkout: '/srv/huskycat',
      theme: 'dark',
    },
  },
  theme: 'auto',
  ascii: false,
};

test('a whole configuration is read as it stands', async () => {
  expect(await readConfiguration(file(JSON.stringify(whole)))).toEqual(whole);
});

test('without a file the configuration is empty, and nothing is made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await readConfiguration(join(folder, 'none', 'config.json'))).toEqual({ profiles: {} });
  expect(() => statSync(join(folder, 'none'))).toThrow('ENOENT');
});

test('a pipe in its place is refused, and nobody waits for its writer', async () => {
  const path = file('');
  rmSync(path);
  execFileSync('mkfifo', ['-m', '600', path]);
  await expect(readConfiguration(path)).rejects.toMatchObject({
    code: 'config-unreadable',
    saw: 'it is a pipe or a device',
  });
});

test.each([0o644, 0o640, 0o602, 0o666])('a file of mode %o is refused with the command', async (mode) => {
  const path = file('{}', mode);
  await expect(readConfiguration(path)).rejects.toMatchObject({
    kind: 'needs-user',
    code: 'config-mode',
    saw: expect.stringContaining(`0${mode.toString(8)}`),
    next: [`Keep it to yourself: chmod 600 ${path}`],
  });
});

test.each([
  ['{"profiles": {},\n  "profile": }', ':2:14', 'no value of JSON'],
  ['{\n  "theme": "dark",\n}', ':3:1', 'no key in double quotes'],
  ["{'theme': 1}", ':1:2', 'no key in double quotes'],
  ['{"theme": hello}', ':1:11', 'no value of JSON'],
  ['// why\n{}', ':1:1', 'no value of JSON'],
  ['{"theme": "dark"', ':1:17', 'the end of the file comes too early'],
  ['{"theme": "da\nrk"}', ':1:11', 'not closed'],
  ['{} {}', ':1:4', 'after the end'],
  ['{"theme": "auto", "theme": "dark"}', ':1:19', 'there already'],
  ['', ':1:1', 'too early'],
  [`${'['.repeat(5000)}`, ':1:', 'too deep'],
  ['{\n  "theme": "pink"\n}', ':2:3', 'theme'],
  ['{"profiles": {"a": {"attic": {"url": 7}}}}', ':1:31', 'profiles.a.attic.url'],
  ['{\r\n"profiles": {"a":\r\n  {"projekt": "a/b"}}}', ':3:4', 'profiles.a.projekt: no such key'],
  ['{"profile": "b", "profiles": {"a": {}}}', ':1:2', 'names no profile'],
  ['{"profiles": {"a": {"honey": {"destination": "-oProxyCommand=x"}}}}', ':1:31', 'honey.destination'],
  ['{"profiles": {"a": {"attic": {"url": "https://me:pass@attic"}}}}', ':1:31', 'attic.url'],
  ['[]', ':1:1', 'expected object'],
])('a broken file is reported with its place and left as it is: %s', async (text, place, saw) => {
  const path = file(text);
  await expect(readConfiguration(path)).rejects.toMatchObject({
    kind: 'needs-user',
    code: 'config-broken',
    tried: expect.stringContaining(path + place),
    saw: expect.stringContaining(saw),
  });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('what a broken file holds is not quoted: it may be a secret', async () => {
  const { failure } = (await inspectConfiguration(file('{"token": glpat-abcdefghijklmnop}'))) as {
    failure: Error;
  };
  expect(failure.message).not.toContain('glpat');
});

test('a byte order mark is no mistake; bytes that are no text are', async () => {
  expect(await readConfiguration(file('\uFEFF{"ascii": true}'))).toEqual({ profiles: {}, ascii: true });
  await expect(readConfiguration(file(Buffer.from([0x7b, 0xff, 0x7d])))).rejects.toMatchObject({
    code: 'config-broken',
    saw: 'it is not UTF-8',
  });
});

test('a folder in the place of the file, and a file in the place of its folder', async () => {
  const path = file('{}');
  mkdirSync(join(path, '..', 'folder'));
  await expect(readConfiguration(join(path, '..', 'folder'))).rejects.toMatchObject({
    code: 'config-unreadable',
  });
  expect(await readConfiguration(join(path, 'config.json'))).toEqual({ profiles: {} });
});

test('a file that is not ours to read is refused with the command', async (context) => {
  const path = file('{}', 0o000);
  if (process.getuid?.() === 0) return context.skip('root may read everything');
  await expect(readConfiguration(path)).rejects.toMatchObject({ code: 'config-unreadable' });
});

test('paths follow the XDG specification; a relative value is ignored', () => {
  expect(pathsOf({ XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' }, '/home/a')).toEqual({
    configuration: '/c/huskycat-tui/config.json',
    state: '/s/huskycat-tui',
    journal: '/s/huskycat-tui/journal.jsonl',
  });
  expect(pathsOf({ XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '' }, '/home/a')).toEqual({
    configuration: '/home/a/.config/huskycat-tui/config.json',
    state: '/home/a/.local/state/huskycat-tui',
    journal: '/home/a/.local/state/huskycat-tui/journal.jsonl',
  });
});
