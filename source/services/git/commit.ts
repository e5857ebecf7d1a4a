import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { readBlobs } from './blobs.ts';
import type { Checkout } from './checkout.ts';
import {
  currentBranch,
  defaultBranchOf,
  parseRefs,
  type Ref,
  refFormat,
  refPatterns,
  shortNames,
  tagsOn,
} from './refs.ts';
import { parseRemote } from './remote.ts';
import { gitText, runGit } from './run.ts';
import { followLinks, parseTree, type Tree } from './tree.ts';

/**
 * The files of a commit in place of the working tree's; `rev` as git-rev-parse takes it. As `openCheckout`, a folder below the top
 * that holds a configuration is the root of its own. Throws `NeedsUser` with code `no-commit`, or `not-a-checkout`.
 */
export async function openCommit(folder: string, rev: string, signal?: AbortSignal): Promise<Checkout> {
  const git = (...argv: string[]) => gitText(folder, argv, { maxBytes: 256 * 1024 * 1024, signal });
  const commit = await runGit(
    folder,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`],
    { signal },
  );
  const sha = commit.stdout.trim();
  if (commit.code !== 0 || sha === '') throw await refusal(folder, rev, signal);
  const [top, prefix, files, listed, log, remote, full] = await Promise.all([
    git('rev-parse', '--show-toplevel'),
    git('rev-parse', '--show-prefix'),
    git('ls-tree', '-r', '-z', '--full-tree', sha),
    git('for-each-ref', refFormat, ...refPatterns),
    git('log', '-1', '--format=%H%n%B', sha),
    git('remote', 'get-url', 'origin'),
    git('rev-parse', '--symbolic-full-name', '--end-of-options', rev),
  ]);
  const whole = parseTree(files ?? '');
  const below = prefix?.trim() ?? '';
  const isOwn = below !== '' && whole.has(`${below}.gitlab-ci.yml`);
  const refs = parseRefs(listed ?? '');
  const branch = branchOf(full ?? '', refs);
  const project = remote === undefined ? undefined : parseRemote(remote.trim());
  const paths = [...whole.keys()];
  const root = top?.trim() ?? folder;
  return {
    root: isOwn ? `${root}/${below.replace(/\/$/, '')}` : root,
    isGit: true,
    ...(branch === undefined ? {} : { branch }),
    tags: tagsOn(refs, sha),
    defaultBranch: defaultBranchOf(refs, currentBranch(refs)),
    refs: shortNames(refs),
    commit: { sha, message: (log ?? '').split('\n').slice(1).join('\n').trim() },
    ...(project ? { project } : {}),
    read: reader(folder, whole, isOwn ? below : ''),
    list: () =>
      isOwn ? paths.filter((path) => path.startsWith(below)).map((path) => path.slice(below.length)) : paths,
  };
}

/** The branch that a revision names, here or on origin. */
function branchOf(full: string, refs: readonly Ref[]): string | undefined {
  // Some versions of git print --end-of-options too.
  const name = full.trim().split('\n').at(-1) ?? '';
  const target = refs.find(([ref]) => ref === name)?.[1] || name;
  return /^refs\/(?:heads|remotes\/origin)\/(.+)$/.exec(target)?.[1];
}

/** Reads files of a tree below a folder, and the YAML files all at once: who asks for one asks for most of them. */
function reader(folder: string, tree: Tree, below: string): Checkout['read'] {
  const known = new Map<string, Buffer | undefined>();
  const contents = (name: string, path: string): Buffer | undefined => {
    if (!known.has(name)) {
      const names = new Set([name, ...(isYaml(path) ? yamlFiles(tree) : [])]);
      const read = readBlobs(
        folder,
        [...names].filter((one) => !known.has(one)),
      );
      for (const one of names) if (!known.has(one)) known.set(one, read.get(one));
    }
    return known.get(name);
  };
  return (path) => {
    const found = followLinks(tree, below + path, (link) => contents(link.name, '')?.toString('utf8'));
    const entry = found === undefined ? undefined : tree.get(found);
    const isInside = found?.startsWith(below) === true;
    return entry?.kind === 'file' && found !== undefined && isInside
      ? contents(entry.name, found)?.toString('utf8')
      : undefined;
  };
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** Not more than a repository of CI files has. */
const mostAtOnce = 2_000;

function yamlFiles(tree: Tree): readonly string[] {
  const found: string[] = [];
  for (const [path, entry] of tree) {
    if (found.length === mostAtOnce) break;
    if (entry.kind === 'file' && isYaml(path)) found.push(entry.name);
  }
  return found;
}

async function refusal(folder: string, rev: string, signal: AbortSignal | undefined): Promise<NeedsUser> {
  const isCheckout = (await gitText(folder, ['rev-parse', '--git-dir'], { signal })) !== undefined;
  return new NeedsUser({
    tried: `open the commit ${plain(rev)} of ${plain(folder)}`,
    saw: isCheckout ? 'there is no such commit here' : 'the folder is not in a git repository',
    next: [
      isCheckout ? 'See the commits: git log --oneline --all' : 'Give the folder of a checkout: --dir PATH',
    ],
    code: isCheckout ? 'no-commit' : 'not-a-checkout',
  });
}
