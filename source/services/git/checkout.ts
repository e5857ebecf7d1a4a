import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { NeedsUser } from '../../core/failure.ts';
import { runReading } from '../process/run.ts';
import { requireTrusted } from './ownership.ts';
import {
  currentBranch,
  defaultBranchOf,
  parseRefMessages,
  refMessageFormat,
  refPatterns,
  shortNames,
  tagsOn,
} from './refs.ts';
import { type ProjectAddress, parseRemote } from './remote.ts';

/** A working tree, read at one moment. */
export interface Checkout {
  /** Absolute path of the folder that holds the configuration. */
  readonly root: string;
  /** False for a folder without git: then every file counts as tracked. */
  readonly isGit: boolean;
  /** The branch checked out; undefined when detached or without git. */
  readonly branch?: string;
  /** Tags on the commit checked out. */
  readonly tags: readonly string[];
  readonly defaultBranch: string;
  /** Branches, also those of `origin`, and tags; absent without git. */
  readonly refs?: readonly string[];
  readonly commit?: { readonly sha: string; readonly message: string };
  /** Where `origin` points, when it is a GitLab-shaped address. */
  readonly project?: ProjectAddress;
  /** A tracked or untracked file's text; undefined when there is none, or when it lies outside the root. */
  read(path: string): string | undefined;
  /** Tracked files, with `/`, from the root. */
  list(): readonly string[];
}

/** Reads the checkout around a folder. Throws `NeedsUser` when there is no such folder. */
export async function openCheckout(folder: string, signal?: AbortSignal): Promise<Checkout> {
  const start = existing(resolve(folder));
  const git = (folder: string, ...argv: string[]) =>
    attempt(
      runReading(['git', '-C', folder, ...argv], {
        maxBytes: 256 * 1024 * 1024,
        ...(signal ? { signal } : {}),
      }),
    );
  const isTop = existsSync(join(start, '.git'));
  const top = isTop ? start : await git(start, 'rev-parse', '--show-toplevel');
  if (top === undefined) {
    await requireTrusted(start, signal);
    return withoutGit(start);
  }
  const root = isTop || hasConfiguration(start) ? start : top.trim();
  const [files, listed, remote] = await Promise.all([
    git(root, 'ls-files', '-z'),
    git(root, 'for-each-ref', refMessageFormat, ...refPatterns),
    git(root, 'remote', 'get-url', 'origin'),
  ]);
  if (files === undefined) await requireTrusted(root, signal);
  const { refs: known, head } = parseRefMessages(listed ?? '');
  const commit = head ?? parseLog((await git(root, 'log', '-1', '--format=%H%n%B')) ?? '');
  const branch = currentBranch(known);
  const project = remote === undefined ? undefined : parseRemote(remote.trim());
  return {
    root,
    isGit: true,
    ...(branch ? { branch } : {}),
    tags: tagsOn(known, commit?.sha ?? ''),
    defaultBranch: defaultBranchOf(known, branch),
    refs: shortNames(known),
    ...(commit ? { commit } : {}),
    ...(project ? { project } : {}),
    read: (path) => readInside(root, path),
    list: once(() => (files ?? '').split('\0').filter(Boolean)),
  };
}

/** The commit of a detached HEAD. */
function parseLog(text: string): { sha: string; message: string } | undefined {
  const [sha, ...message] = text.split('\n');
  return sha ? { sha, message: message.join('\n').trim() } : undefined;
}

function existing(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new NeedsUser({
      tried: `open the checkout ${folder}`,
      saw: 'there is no such folder',
      next: ['Give the folder of a checkout: --dir PATH'],
      code: 'not-a-checkout',
      cause,
    });
  }
}

function hasConfiguration(folder: string): boolean {
  return readInside(folder, '.gitlab-ci.yml') !== undefined;
}

async function attempt(running: ReturnType<typeof runReading>): Promise<string | undefined> {
  try {
    const { code, stdout } = await running;
    return code === 0 ? stdout : undefined;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
    return undefined;
  }
}

function withoutGit(root: string): Checkout {
  return {
    root,
    isGit: false,
    tags: [],
    defaultBranch: 'main',
    read: (path) => readInside(root, path),
    list: once(() => walk(root, root)),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const skipped = new Set(['.git', 'node_modules']);

function walk(root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(root, path);
    return entry.isFile() ? [relative(root, path).split(sep).join('/')] : [];
  });
}

/** Follows symbolic links only inside the root. */
function readInside(root: string, path: string): string | undefined {
  const wanted = resolve(root, path);
  if (!wanted.startsWith(root + sep)) return undefined;
  try {
    const real = realpathSync(wanted);
    return real.startsWith(root + sep) ? readFileSync(real, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
