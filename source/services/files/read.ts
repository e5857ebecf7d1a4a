import { readFileSync } from 'node:fs';

/** A file that the user named, as text. Throws what Node throws. */
export function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}
