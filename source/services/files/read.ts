import { readFileSync } from 'node:fs';

/** A file that the user named, as text. Throws what Node throws. */
export function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** A file's bytes; undefined when there is none. Throws what else Node throws. */
export function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
