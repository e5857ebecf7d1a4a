/** Who owns a node and what others may do: Unix mode bits without the type. */
interface Owned {
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since the epoch. */
  modified: number;
}

export interface FileNode extends Owned {
  readonly kind: 'file';
  /** A function for files that say something else each time, as those of /proc. */
  content: Buffer | (() => string);
  readonly isSocket?: boolean;
}

export interface DirectoryNode extends Owned {
  readonly kind: 'directory';
  readonly entries: Map<string, FileNode | DirectoryNode>;
}

export type Node = FileNode | DirectoryNode;

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Names and ids, the first one's own. */
  readonly groups: readonly (readonly [name: string, gid: number])[];
  readonly home: string;
}

export type FileFault =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'Permission denied'
  | 'File exists'
  | 'Directory not empty'
  | 'Operation not permitted';

/** A file operation that failed as the kernel says. */
export class FileError extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(fault);
    this.fault = fault;
  }
}

/** A tree of files in memory with owners and modes. Paths are absolute; all is done as `user`. */
export interface FileSystem {
  find(path: string, user: User): Node;
  exists(path: string): boolean;
  read(path: string, user: User): Buffer;
  write(path: string, content: Uint8Array, user: User, append?: boolean): void;
  makeDirectory(path: string, user: User, mode?: number): DirectoryNode;
  remove(path: string, user: User, recursive?: boolean): void;
  /** Whether `user` may read (4), write (2) or enter and run (1). */
  allows(node: Node, user: User, bit: 1 | 2 | 4): boolean;
}

export function createFileSystem(now: () => number): FileSystem {
  const root: DirectoryNode = directory(0, 0, 0o755);

  function directory(uid: number, gid: number, mode: number): DirectoryNode {
    return { kind: 'directory', entries: new Map(), mode, uid, gid, modified: now() };
  }

  function find(path: string, user: User): Node {
    let node: Node = root;
    for (const name of normalize(path).split('/').filter(Boolean)) {
      if (node.kind !== 'directory') throw new FileError('Not a directory');
      if (!allows(node, user, 1)) throw new FileError('Permission denied');
      const next: Node | undefined = node.entries.get(name);
      if (!next) throw new FileError('No such file or directory');
      node = next;
    }
    return node;
  }

  function parentOf(path: string, user: User): { parent: DirectoryNode; name: string } {
    const whole = normalize(path);
    const at = whole.lastIndexOf('/');
    const parent = find(whole.slice(0, at) || '/', user);
    if (parent.kind !== 'directory') throw new FileError('Not a directory');
    return { parent, name: whole.slice(at + 1) };
  }

  function changeIn(path: string, user: User): { parent: DirectoryNode; name: string } {
    const found = parentOf(path, user);
    if (!allows(found.parent, user, 2)) throw new FileError('Permission denied');
    return found;
  }

  return {
    find,
    allows,
    exists(path) {
      try {
        find(path, superuser);
        return true;
      } catch {
        return false;
      }
    },
    read(path, user) {
      const node = find(path, user);
      if (node.kind === 'directory') throw new FileError('Is a directory');
      if (!allows(node, user, 4)) throw new FileError('Permission denied');
      return typeof node.content === 'function' ? Buffer.from(node.content()) : node.content;
    },
    write(path, content, user, append = false) {
      const { parent, name } = parentOf(path, user);
      const old = parent.entries.get(name);
      if (old?.kind === 'directory') throw new FileError('Is a directory');
      if (!allows(old ?? parent, user, 2)) throw new FileError('Permission denied');
      const before = append && old && typeof old.content !== 'function' ? old.content : Buffer.alloc(0);
      const bytes = Buffer.concat([before, content]);
      const owned = old ?? { kind: 'file', mode: 0o644, uid: user.uid, gid: user.gid };
      parent.entries.set(name, { ...owned, content: bytes, modified: now() });
    },
    makeDirectory(path, user, mode = 0o755) {
      if (normalize(path) === '/') throw new FileError('File exists');
      const { parent, name } = parentOf(path, user);
      if (parent.entries.has(name)) throw new FileError('File exists');
      if (!allows(parent, user, 2)) throw new FileError('Permission denied');
      const made = directory(user.uid, user.gid, mode);
      parent.entries.set(name, made);
      return made;
    },
    remove(path, user, recursive = false) {
      const node = find(path, user);
      if (node.kind === 'directory' && node.entries.size > 0 && !recursive)
        throw new FileError('Directory not empty');
      const { parent, name } = changeIn(path, user);
      parent.entries.delete(name);
    },
  };
}

export const superuser: User = { name: 'root', uid: 0, gid: 0, groups: [['root', 0]], home: '/root' };

function allows(node: Node, user: User, bit: 1 | 2 | 4): boolean {
  if (user.uid === 0) return true;
  const shift = node.uid === user.uid ? 6 : user.groups.some(([, gid]) => gid === node.gid) ? 3 : 0;
  return ((node.mode >> shift) & bit) !== 0;
}

/** An absolute path without `.`, `..` and doubled slashes. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A path seen from a directory. */
export function resolvePath(cwd: string, path: string): string {
  return normalize(path.startsWith('/') ? path : `${cwd}/${path}`);
}
