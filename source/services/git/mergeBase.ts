import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { runGit } from './run.ts';

/**
 * The commit from which two revisions went apart, as git-merge-base finds it: 40 or 64 hexadecimal digits. Throws `NeedsUser`
 * with code `no-commit` where one is not there, or they have none in common.
 */
export async function mergeBase(
  folder: string,
  [one, other]: readonly [string, string],
  signal?: AbortSignal,
): Promise<string> {
  const names = [one, other].map((rev) => `${rev}^{commit}`);
  for (const [at, name] of names.entries()) {
    const { code } = await runGit(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
      signal,
    });
    const rev = plain(at === 0 ? one : other);
    if (code !== 0)
      throw refusal(rev, 'there is no such commit here', 'See the commits: git log --oneline --all');
  }
  const { code, stdout } = await runGit(folder, ['merge-base', '--', ...names], { signal });
  if (code === 0) return stdout.trim();
  throw refusal(
    `${plain(one)} and ${plain(other)}`,
    'they have no commit in common here',
    'Fetch more of the history: git fetch --unshallow',
  );
}

function refusal(what: string, saw: string, next: string): NeedsUser {
  return new NeedsUser({ tried: `compare with ${what}`, saw, next: [next], code: 'no-commit' });
}
