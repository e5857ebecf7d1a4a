import { createHash } from 'node:crypto';

/** A file of a commit; `mode` as git writes it. */
export interface Blob {
  readonly content: Buffer;
  readonly mode: '100644' | '100755';
}

/** By path from the root, with `/`. */
export type Tree = ReadonlyMap<string, Blob>;

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: Person;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly message: string;
  readonly tree: Tree;
}

/** The id of a git object, as `git hash-object -t KIND` gives it. */
export function objectId(kind: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

/** Entries of one folder of a tree. */
export interface FolderEntry {
  readonly name: string;
  readonly mode: string;
  readonly id: string;
  readonly kind: 'blob' | 'tree';
}

/** A folder of a tree. */
export interface Folder {
  readonly id: string;
  /** In git's order. */
  readonly entries: readonly FolderEntry[];
  /** As git keeps it. */
  readonly bytes: Buffer;
}

/** A folder of a tree; `prefix` is empty or ends with `/`. */
export function folder(tree: Tree, prefix = ''): Folder {
  const inside = new Map<string, FolderEntry>();
  for (const [path, blob] of tree) {
    if (!path.startsWith(prefix)) continue;
    const rest = path.slice(prefix.length);
    const at = rest.indexOf('/');
    const name = at < 0 ? rest : rest.slice(0, at);
    if (inside.has(name)) continue;
    if (at < 0) inside.set(name, { name, mode: blob.mode, id: objectId('blob', blob.content), kind: 'blob' });
    else inside.set(name, { name, mode: '40000', id: folder(tree, `${prefix}${name}/`).id, kind: 'tree' });
  }
  const key = ({ name, kind }: FolderEntry): string => (kind === 'tree' ? `${name}/` : name);
  const entries = [...inside.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))),
  );
  const bytes = Buffer.concat(
    entries.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
  );
  return { id: objectId('tree', bytes), entries, bytes };
}

/** A commit with the id that git gives it; times are in UTC. */
export function commitOf(parts: Omit<Commit, 'sha'>): Commit {
  return { ...parts, sha: objectId('commit', commitBytes(parts)) };
}

/** A commit as git keeps it. */
export function commitBytes({ parents, author, at, message, tree }: Omit<Commit, 'sha'>): Buffer {
  const who = `${author.name} <${author.email}> ${at} +0000`;
  const lines = [
    `tree ${folder(tree).id}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message}`);
}
