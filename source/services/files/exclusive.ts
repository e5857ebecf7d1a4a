import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Grant } from '../grant.ts';

/**
 * Makes a file (0600) with all its text, or leaves the one that is there. Gives false when there is one. At no moment is
 * there a file without its text, whenever the program or the power ends.
 */
export async function createExclusively(grant: Grant, path: string, text: string): Promise<boolean> {
  grant.check(`create ${path}`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = besides(path);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** Removes a file only when it holds this text; gives whether it did. One that was replaced meanwhile is put back. */
export async function removeExactly(grant: Grant, path: string, text: string): Promise<boolean> {
  grant.check(`remove ${path}`);
  const aside = besides(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  const isIt = (await readFile(aside, 'utf8')) === text;
  if (!isIt) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
  return isIt;
}

function besides(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}
