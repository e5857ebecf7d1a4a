import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { asFailure } from '../../source/core/failure.ts';

async function thrownBy(deed: Promise<unknown>): Promise<unknown> {
  return deed.then(
    () => {
      throw new Error('it went well');
    },
    (thrown: unknown) => thrown,
  );
}

test.skipIf(process.platform !== 'linux')(
  'what the system refuses is for the user to mend, and no fault of the program',
  async () => {
    const full = asFailure(await thrownBy(writeFile('/dev/full', 'x')), 'save');
    expect(full).toMatchObject({ kind: 'needs-user', code: 'disk-full', tried: 'save' });
    expect(full.saw).toContain('ENOSPC');
    const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/a\u001B[2J'"), {
      code: 'EACCES',
      syscall: 'mkdir',
    });
    const failure = asFailure(denied, 'save');
    expect(failure).toMatchObject({ kind: 'needs-user', code: 'no-access' });
    expect(failure.saw).not.toContain('\u001B');
  },
);

test('a program that is missing is named', () => {
  const error = Object.assign(new Error('spawn git ENOENT'), { code: 'ENOENT', syscall: 'spawn git' });
  expect(asFailure(error, 'make a checkout')).toMatchObject({
    code: 'program-missing',
    saw: 'git is not installed, or not on the PATH',
    next: ['Install git, or put its folder on the PATH.'],
  });
});

test('every other error stays a fault of the program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-failure-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), '');
  for (const path of ['none', 'file/none']) {
    const thrown = await thrownBy(readFile(join(folder, path)));
    expect(asFailure(thrown, 'look').kind).toBe('bug');
  }
  expect(asFailure(new TypeError('x is undefined'), 'look')).toMatchObject({
    kind: 'bug',
    code: 'unexpected',
  });
});
