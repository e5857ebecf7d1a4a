import { readdirSync } from 'node:fs';

/** Names of the entries of a folder, in order; none when there is no such folder. Throws what else Node throws. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
