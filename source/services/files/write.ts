import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Grant } from '../grant.ts';

/** Hash of a file's bytes, or `absent`: the fingerprint that a plan holds a file to. */
export async function fileFingerprint(path: string): Promise<string> {
  try {
    return fingerprint(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return 'absent';
    throw error;
  }
}

/** `sha256:` and 64 hex digits. */
export function fingerprint(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export interface WriteFileOptions {
  /** Permission bits for a new file; an existing file keeps its own unless `forceMode`. 0o644 when absent. */
  readonly mode?: number;
  readonly forceMode?: boolean;
}

/**
 * Replaces a file whole or not at all: written beside it, flushed, renamed over it, the directory flushed.
 * A symbolic link stays one: its target is replaced. Missing directories are made (0700).
 */
export async function writeFileAtomically(
  grant: Grant,
  path: string,
  bytes: string | Uint8Array | Iterable<Uint8Array>,
  { mode = 0o644, forceMode = false }: WriteFileOptions = {},
): Promise<void> {
  grant.check(`write ${path}`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await realpath(path).catch(() => path);
  const kept = forceMode
    ? undefined
    : await stat(target).then(
        (s) => s.mode & 0o7777,
        () => undefined,
      );
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', kept ?? mode);
    try {
      await file.writeFile(bytes);
      await file.chmod(kept ?? mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(target));
}

/** Removes a file; a missing one is fine. */
export async function removeFile(grant: Grant, path: string): Promise<void> {
  grant.check(`remove ${path}`);
  await rm(path, { force: true });
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => undefined);
  if (!directory) return;
  try {
    await directory.sync();
  } catch {
    // Some file systems refuse to flush a directory; the rename itself is still whole.
  } finally {
    await directory.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
