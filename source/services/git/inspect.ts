import type { RemoteOptions } from './remotes.ts';
import { runGit } from './run.ts';
import { parseStatus, type WorkingTree } from './status.ts';

/** What `git status` says of a working tree; undefined when git does not answer in time. */
export async function readStatus(folder: string, options: RemoteOptions): Promise<WorkingTree | undefined> {
  const argv = [
    'status',
    '--porcelain=v2',
    '--branch',
    '-z',
    '--untracked-files=normal',
    '--ignore-submodules=dirty',
  ];
  try {
    const { code, stdout, cut } = await runGit(folder, argv, {
      timeout: 10_000,
      maxBytes: 1024 * 1024,
      signal: options.signal,
    });
    return code === 0 ? parseStatus(stdout, cut) : undefined;
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}
