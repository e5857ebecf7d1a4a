import { execFileSync } from 'node:child_process';
import { readingEnvironment } from './run.ts';

const maxBytes = 256 * 1024 * 1024;

/**
 * Contents of blobs by their object names, from `git cat-file --batch`; those that are missing are left out. It waits for git:
 * what resolves a configuration asks for a file and needs it at once, and a commit never changes.
 */
export function readBlobs(folder: string, names: readonly string[]): ReadonlyMap<string, Buffer> {
  const argv = ['-C', folder, 'cat-file', '--batch', '--buffer'];
  const output = execFileSync('git', argv, {
    input: `${names.join('\n')}\n`,
    env: { ...process.env, ...readingEnvironment },
    maxBuffer: maxBytes,
    timeout: 30_000,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) break;
    const [name = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type === 'missing' || size === undefined) continue;
    const length = Number(size);
    if (type === 'blob') blobs.set(name, output.subarray(at, at + length));
    at += length + 1;
  }
  return blobs;
}
