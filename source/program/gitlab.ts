import type { CommonFlags } from '../compose/flags.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { requireGitLab } from '../services/requireGitLab.ts';
import { withSession } from './liveCommands.ts';

/** Runs over the project's GitLab until it is done or the user interrupts. */
export function withGitLab(
  flags: CommonFlags,
  version: string,
  run: (gitlab: GitLab, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  return withInterrupt((signal) =>
    withSession({ flags, version }, async ({ workspace }) =>
      run(requireGitLab(workspace, 'ask GitLab'), signal),
    ),
  );
}

/** Runs until it is done or the user interrupts; an interrupt is no error of the program. */
export async function withInterrupt(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    return await run(stop.signal);
  } catch (thrown) {
    if (stop.signal.aborted) return 130;
    throw thrown;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
