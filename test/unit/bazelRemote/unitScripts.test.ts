import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  fileIs,
  isEnabled,
  isStarted,
  removeUnit,
  restoreFile,
  startUnit,
  writeFile,
} from '../../../source/tasks/bazelRemote/unitScripts.ts';

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return path;
  };
  const run = (script: string, args: readonly string[], input: string | Buffer = '') => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...args], {
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  return { folder, program, run };
}

const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

test('a file is written whole, told apart, and put back byte for byte', () => {
  const { folder, run } = open();
  const path = join(folder, `a b "$(id)" it's %h`, '-rf.service');
  const [text, before] = ['[Unit]\nDescription=ü $HOME\n', Buffer.from([0, 255, 10, 13, 10])];
  expect(run(fileIs, [path, hash(text), 'absent']).status).toBe(1);
  expect(run(writeFile, [path], text)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(readdirSync(dirname(path))).toEqual(['-rf.service']);
  expect(run(fileIs, [path, hash(text), hash(before)]).status).toBe(0);
  expect(run(fileIs, [path, hash('x'), hash(text)]).status).toBe(1);
  expect(run(fileIs, [path, hash('x'), 'absent'])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('was changed by somebody else'),
  });
  expect(run(restoreFile, [path], before.toString('base64')).status).toBe(0);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a unit is stopped before its file goes, though stopping fails', () => {
  const { folder, program, run } = open();
  const log = join(folder, 'log');
  const systemctl = program('systemctl', `echo "$@" >> '${log}'; [ "$2" != stop ]`);
  const path = join(folder, 'x.service');
  writeFileSync(path, '');
  expect(run(removeUnit, ['x.service', path, systemctl, '--user']).status).toBe(0);
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(log, 'utf8')).toBe('--user stop x.service\n--user daemon-reload\n');
});

test('enabled is only enabled', () => {
  const { program, run } = open();
  const says = (word: string, status: number) => program(`says-${word}`, `echo ${word}; exit ${status}`);
  expect(run(isEnabled, ['x', says('enabled', 0)]).status).toBe(0);
  expect(run(isEnabled, ['x', says('generated', 0)]).status).toBe(1);
  expect(run(isEnabled, ['x', says('disabled', 1)]).status).toBe(1);
});

test('started is an active service with the container of these settings, which may come late', () => {
  const { folder, program, run } = open();
  const label = '{"data":"/a b \\"$(id)\\""}';
  const count = join(folder, 'count');
  const docker = program(
    'docker',
    `echo x >> '${count}'; [ "$(wc -l < '${count}')" -gt 2 ] && printf '%s\\n' '${label}'`,
  );
  const systemctl = program('systemctl', 'case $1 in is-active) echo active ;; esac');
  const args = [docker, 'bazel-remote', label, 'x.service', systemctl];
  expect(run(isStarted, args)).toMatchObject({ status: 1, stdout: 'x.service is active\n' });
  expect(run(startUnit, args)).toMatchObject({ status: 0 });
  expect(run(isStarted, args).status).toBe(0);
  const failing = program('failing', 'exit 7');
  expect(run(startUnit, [...args.slice(0, 4), failing]).status).toBe(7);
});
