import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { runGit } from './run.ts';

/**
 * Asks git why it does not answer for a folder. Throws `NeedsUser` with code `git-ownership` when it does not trust the folder's
 * owner; another reason, such as no git at all, is none to stop.
 */
export async function requireTrusted(folder: string, signal?: AbortSignal): Promise<void> {
  const { stderr } = await runGit(folder, ['rev-parse', '--git-dir'], { signal }).catch(() => {
    signal?.throwIfAborted();
    return { stderr: '' };
  });
  if (!/dubious ownership/.test(stderr)) return;
  const command = /git config --global --add safe\.directory .+/.exec(stderr)?.[0];
  throw new NeedsUser({
    tried: `open the checkout ${plain(folder)}`,
    saw: plain(stderr.trim(), 300),
    next: [command ? `If you trust it: ${plain(command)}` : 'Run git status there to see more.'],
    code: 'git-ownership',
  });
}
