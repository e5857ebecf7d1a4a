import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { type Remote, type RemoteOptions, readRemotes } from './remotes.ts';
import { gitText, runGit } from './run.ts';
import { parseStatus, type WorkingTree } from './status.ts';

/** A repository, looked at closer than `openCheckout` does: for the screen and the doctor, not for `ci`. */
export interface Repository {
  /** The top of the working tree; of a bare repository the folder itself. */
  readonly root: string;
  /** The folder of git's own files that worktrees share. */
  readonly gitFolder: string;
  readonly isBare: boolean;
  /** True for a worktree that `git worktree add` made. */
  readonly isLinkedWorktree: boolean;
  /** Absent for a bare repository, and when git did not answer in time. */
  readonly tree?: WorkingTree;
  /** Preferred first. */
  readonly remotes: readonly Remote[];
}

/**
 * Looks at the repository around a folder; changes nothing in it. Undefined for a folder without git. Throws `NeedsUser`: `git-ownership`
 * when git does not trust the folder's owner, `not-a-checkout` when there is no such folder; `Unavailable` without git.
 */
export async function inspectCheckout(
  folder: string,
  options: RemoteOptions = {},
): Promise<Repository | undefined> {
  const asked = [
    'rev-parse',
    '--path-format=absolute',
    '--is-bare-repository',
    '--git-common-dir',
    '--git-dir',
  ];
  const { code, stdout, stderr } = await runGit(folder, asked, options);
  if (code !== 0) {
    if (/not a git repository/.test(stderr)) return undefined;
    throw refusal(folder, stderr);
  }
  const [bare, gitFolder = '', own = ''] = stdout.split('\n');
  const isBare = bare === 'true';
  const [top, tree, remotes] = await Promise.all([
    isBare ? own : gitText(folder, ['rev-parse', '--show-toplevel'], options),
    isBare ? undefined : readStatus(folder, options),
    readRemotes(folder, options),
  ]);
  return {
    // Inside of `.git` there is a repository, but no working tree around.
    root: top?.replace(/\n$/, '') ?? own,
    gitFolder,
    isBare,
    isLinkedWorktree: own !== gitFolder,
    ...(tree ? { tree } : {}),
    remotes,
  };
}

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

function refusal(folder: string, stderr: string): NeedsUser {
  const isOwnership = /dubious ownership/.test(stderr);
  const isMissing = /cannot change to/.test(stderr);
  const command = /git config --global --add safe\.directory .+/.exec(stderr)?.[0];
  return new NeedsUser({
    tried: `open the checkout ${plain(folder)}`,
    saw: isMissing ? 'there is no such folder' : plain(stderr.trim(), 300) || 'git refused without a word',
    next: [
      isOwnership && command
        ? `If you trust it: ${plain(command)}`
        : isMissing
          ? 'Give the folder of a checkout: --dir PATH'
          : 'Run git status there to see more.',
    ],
    code: isOwnership ? 'git-ownership' : isMissing ? 'not-a-checkout' : 'git',
  });
}
