/** Name, target of a symbolic ref, object, object of an annotated tag, `*` for the branch checked out. */
export const refFormat = '--format=%(refname)%00%(symref)%00%(objectname)%00%(*objectname)%00%(HEAD)';

export const refPatterns = ['refs/heads', 'refs/tags', 'refs/remotes/origin'] as const;

/** A line of `git for-each-ref` in `refFormat`. */
export type Ref = readonly string[];

export function parseRefs(text: string): readonly Ref[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\0'));
}

/** As `refFormat`, with the message of the branch checked out. Each of the six fields ends with NUL, since messages have lines. */
export const refMessageFormat = `${refFormat}%00%(if)%(HEAD)%(then)%(contents)%(end)%00`;

/** Reads `git for-each-ref` in `refMessageFormat`; without `head` no branch is checked out. */
export function parseRefMessages(text: string): {
  readonly refs: readonly Ref[];
  readonly head?: { readonly sha: string; readonly message: string };
} {
  const fields = text.split('\0');
  const refs: Ref[] = [];
  let head: { sha: string; message: string } | undefined;
  for (let at = 0; at + 5 < fields.length; at += 6) {
    const [name = '', ...rest] = fields.slice(at, at + 5);
    refs.push([name.trimStart(), ...rest]);
    if (rest[3] === '*') head = { sha: rest[1] ?? '', message: (fields[at + 5] ?? '').trim() };
  }
  return head ? { refs, head } : { refs };
}

/** Branches, also those of `origin`, and tags, by their short names. */
export function shortNames(refs: readonly Ref[]): string[] {
  return refs.map(([name = '']) => name.replace(/^refs\/(?:heads|tags|remotes\/origin)\//, ''));
}

/** The branch checked out. */
export function currentBranch(refs: readonly Ref[]): string | undefined {
  return refs.find(([, , , , head]) => head === '*')?.[0]?.replace('refs/heads/', '');
}

/** Tags on a commit, annotated ones too. */
export function tagsOn(refs: readonly Ref[], sha: string): string[] {
  const prefix = 'refs/tags/';
  return refs
    .filter(([name = '', , object, peeled]) => name.startsWith(prefix) && (object === sha || peeled === sha))
    .map(([name = '']) => name.slice(prefix.length));
}

/** Where `origin/HEAD` points; else main, master, or the branch checked out. */
export function defaultBranchOf(refs: readonly Ref[], current: string | undefined): string {
  const target = refs.find(([name]) => name === 'refs/remotes/origin/HEAD')?.[1];
  if (target) return target.replace('refs/remotes/origin/', '');
  const heads = new Set(refs.map(([name]) => name));
  return ['main', 'master'].find((name) => heads.has(`refs/heads/${name}`)) ?? current ?? 'main';
}
