import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from '../grant.ts';

/** Gives a folder of its own to some work, and removes it with all that is in it afterwards. */
export async function withTemporaryFolder<T>(grant: Grant, work: (folder: string) => Promise<T>): Promise<T> {
  grant.check('make a temporary folder');
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'huskycat-tui-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
