import { isAbort } from '../../core/failure.ts';
import { type ProcessResult, runReading } from '../process/run.ts';

/**
 * Nothing that git does for a look may change the repository (it would refresh the index), fetch what a partial clone left out,
 * ask for a password, or go to another repository than the folder's, as these variables say inside a hook.
 */
export const readingEnvironment: Readonly<Record<string, string | undefined>> = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
};

export interface GitOptions {
  readonly maxBytes?: number;
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git in a folder, for reading. Throws `Unavailable` when git is missing or does not end. */
export function runGit(
  folder: string,
  argv: readonly string[],
  { maxBytes = 16 * 1024 * 1024, timeout = 30_000, signal }: GitOptions = {},
): Promise<ProcessResult> {
  // A file system monitor is a program that the repository's configuration names.
  return runReading(['git', '-C', folder, '-c', 'core.fsmonitor=false', ...argv], {
    env: readingEnvironment,
    maxBytes,
    timeout,
    ...(signal ? { signal } : {}),
  });
}

/** What git printed; undefined when it refused. */
export async function gitText(
  folder: string,
  argv: readonly string[],
  options: GitOptions = {},
): Promise<string | undefined> {
  try {
    const { code, stdout } = await runGit(folder, argv, options);
    return code === 0 ? stdout : undefined;
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return undefined;
  }
}
