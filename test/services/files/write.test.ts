import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createExclusively, removeExactly } from '../../../source/services/files/exclusive.ts';
import { fileInside } from '../../../source/services/files/inside.ts';
import { fileFingerprint, removeFile, writeFileAtomically } from '../../../source/services/files/write.ts';
import { openGrant } from '../../../source/services/grant.ts';

const grant = openGrant('test');
const modeOf = (path: string): number => statSync(path).mode & 0o777;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'huskycat-files-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a new file gets its mode, and folders that only the user may enter', async () => {
  const path = join(folder(), 'made', 'deep', 'file');
  await writeFileAtomically(grant, path, 'text', { mode: 0o600 });
  expect([modeOf(path), modeOf(join(path, '..')), readFileSync(path, 'utf8')]).toEqual([
    0o600,
    0o700,
    'text',
  ]);
});

test('a file that is there keeps its mode, unless it is forced', async () => {
  const path = join(folder(), 'file');
  writeFileSync(path, 'old');
  chmodSync(path, 0o664);
  await writeFileAtomically(grant, path, 'new', { mode: 0o600 });
  expect(modeOf(path)).toBe(0o664);
  await writeFileAtomically(grant, path, 'new', { mode: 0o600, forceMode: true });
  expect(modeOf(path)).toBe(0o600);
});

test('a symbolic link stays one: its target is replaced', async () => {
  const home = folder();
  const [target, path] = [join(home, 'dotfiles'), join(home, 'link')];
  writeFileSync(target, 'old');
  symlinkSync('dotfiles', path);
  await writeFileAtomically(grant, path, 'new');
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('new');
});

test('what cannot be written whole leaves the old bytes, and nothing beside them', async () => {
  const home = folder();
  const path = join(home, 'file');
  writeFileSync(path, 'old');
  function* breaking(): Generator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('no more');
  }
  await expect(writeFileAtomically(grant, path, breaking())).rejects.toThrow('no more');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(home)).toEqual(['file']);
});

test('a file that is gone has a fingerprint of its own, and may be removed again', async () => {
  const path = join(folder(), 'file');
  writeFileSync(path, 'text');
  expect(await fileFingerprint(path)).toMatch(/^sha256:[0-9a-f]{64}$/);
  await removeFile(grant, path);
  await removeFile(grant, path);
  expect(await fileFingerprint(path)).toBe('absent');
});

test('a file is made only where there is none, with all its text and for its owner alone', async () => {
  const home = folder();
  const path = join(home, 'locks', 'one');
  expect(await createExclusively(grant, path, 'mine')).toBe(true);
  expect(await createExclusively(grant, path, 'theirs')).toBe(false);
  expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['mine', 0o600]);
  expect(readdirSync(join(home, 'locks'))).toEqual(['one']);
});

test('a file is removed only when it holds the text; another one stays', async () => {
  const home = folder();
  const path = join(home, 'one');
  writeFileSync(path, 'theirs');
  expect(await removeExactly(grant, path, 'mine')).toBe(false);
  expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['theirs', ['one']]);
  expect(await removeExactly(grant, path, 'theirs')).toBe(true);
  expect(await removeExactly(grant, path, 'theirs')).toBe(false);
  expect(readdirSync(home)).toEqual([]);
});

test('nothing is written with a grant that is spent', async () => {
  const path = join(folder(), 'file');
  const spent = openGrant('test');
  spent.close();
  const writes = [
    () => writeFileAtomically(spent, path, 'x'),
    () => createExclusively(spent, path, 'x'),
    () => removeExactly(spent, path, 'x'),
    () => removeFile(spent, path),
  ];
  for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'no-grant' });
  expect(existsSync(path)).toBe(false);
});

test('a link of the checkout into its .git is no file of it', async () => {
  const root = folder();
  await writeFileAtomically(grant, join(root, '.git', 'config'), 'x');
  symlinkSync('.git', join(root, 'inner'));
  symlinkSync(join('.git', 'config'), join(root, 'settings'));
  for (const path of ['inner/config', 'settings', 'inner/hook', '.git', 'sub/../.git/config'])
    await expect(fileInside(root, path), path).rejects.toMatchObject({ code: 'outside-checkout' });
});
