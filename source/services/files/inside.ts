import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';

/** A file below a root, where its symbolic links lead. */
export interface FileInside {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Absent when there is no such file. */
  readonly content?: { readonly bytes: Buffer /** Permission bits. */; readonly mode: number };
}

/**
 * Looks at a file below `root`. Throws `Refused` for a path that leaves the root, by itself or through a symbolic link,
 * for one in `.git`, for what is no regular file, and when its folder does not exist.
 */
export async function fileInside(root: string, path: string): Promise<FileInside> {
  const top = await realpath(root);
  const wanted = resolve(top, path);
  const refused = (saw: string, code: string): Refused =>
    new Refused({
      tried: `look at ${plain(path)} in ${plain(top)}`,
      saw,
      next: ['Change the file by hand, or make it a regular file of the checkout.'],
      code,
    });
  if (!wanted.startsWith(top + sep) || path.split('/').includes('.git'))
    throw refused('it is no file of the checkout', 'outside-checkout');
  const link = await orMissing(lstat(wanted));
  const real = link
    ? await orMissing(realpath(wanted))
    : await orMissing(realpath(dirname(wanted))).then((folder) => folder && join(folder, basename(wanted)));
  if (real === undefined)
    throw refused(link ? 'a symbolic link that leads nowhere' : 'its folder does not exist', 'no-folder');
  if (!real.startsWith(top + sep) || real.slice(top.length).split(sep).includes('.git'))
    throw refused('a symbolic link leads out of the checkout', 'outside-checkout');
  if (!link) return { path: real };
  const { mode, isFile } = await stat(real).then((seen) => ({
    mode: seen.mode & 0o7777,
    isFile: seen.isFile(),
  }));
  if (!isFile) throw refused('it is no regular file', 'no-regular-file');
  return { path: real, content: { bytes: await readFile(real), mode } };
}

async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
