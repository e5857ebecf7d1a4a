import { FileError, type Node, resolvePath } from '../fileSystem.ts';
import { mountOf } from '../machine.ts';
import type { Execution, Machine, Program } from '../shell/context.ts';
import { forEach, readOptions } from './options.ts';

/** Programs that look at files and change them. */
export const filePrograms: Readonly<Record<string, Program>> = {
  ls: (args, execution) => {
    const { flags, rest } = readOptions(args);
    const names = rest.length > 0 ? rest : ['.'];
    return forEach(
      names,
      execution,
      (name) => `ls: cannot access '${name}'`,
      (name) => {
        const node = find(execution, name);
        const listsIt = node.kind === 'file' || flags.has('d');
        const entries: [string, Node][] = listsIt
          ? [[name, node]]
          : [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
        if (!listsIt && !execution.machine.files.allows(node, execution.user, 4))
          throw new FileError('Permission denied');
        const shown = entries.filter(
          ([entry]) => listsIt || flags.has('a') || flags.has('A') || !entry.startsWith('.'),
        );
        if (names.length > 1 && !listsIt) execution.out(`${name}:\n`);
        for (const [entry, child] of shown)
          execution.out(`${flags.has('l') ? longLine(execution.machine, entry, child) : entry}\n`);
      },
    );
  },
  mkdir: (args, execution) => {
    const { flags, values, rest } = readOptions(args, ['m', 'mode']);
    const mode = Number.parseInt(values.get('m') ?? values.get('mode') ?? '755', 8);
    const { machine, user, shell } = execution;
    return forEach(
      rest,
      execution,
      (name) => `mkdir: cannot create directory ‘${name}’`,
      (name) => {
        const path = resolvePath(shell.cwd, name);
        const parts = path.split('/').filter(Boolean);
        const wanted = flags.has('p') || flags.has('parents');
        const paths = wanted ? parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`) : [path];
        for (const one of paths) {
          if (wanted && machine.files.exists(one) && machine.files.find(one, user).kind === 'directory')
            continue;
          machine.files.makeDirectory(one, user, one === path ? mode : 0o755);
        }
      },
    );
  },
  rmdir: (args, execution) => {
    const { machine, user, shell } = execution;
    return forEach(
      readOptions(args).rest,
      execution,
      (name) => `rmdir: failed to remove '${name}'`,
      (name) => {
        if (find(execution, name).kind !== 'directory') throw new FileError('Not a directory');
        machine.files.remove(resolvePath(shell.cwd, name), user);
      },
    );
  },
  rm: (args, execution) => {
    const { flags, rest } = readOptions(args);
    const recursive = ['r', 'R', 'recursive'].some((flag) => flags.has(flag));
    const isForced = flags.has('f') || flags.has('force');
    const { machine, user, shell } = execution;
    return forEach(
      rest,
      execution,
      (name) => `rm: cannot remove '${name}'`,
      (name) => {
        const path = resolvePath(shell.cwd, name);
        if (isForced && !machine.files.exists(path)) return;
        if (find(execution, name).kind === 'directory' && !recursive) throw new FileError('Is a directory');
        machine.files.remove(path, user, recursive);
      },
    );
  },
  touch: (args, execution) => {
    const { machine, user, shell } = execution;
    return forEach(
      readOptions(args).rest,
      execution,
      (name) => `touch: cannot touch '${name}'`,
      (name) => {
        machine.files.write(resolvePath(shell.cwd, name), Buffer.alloc(0), user, true);
      },
    );
  },
  chmod: (args, execution) => {
    const { flags, rest } = readOptions(args);
    const [mode = '', ...names] = rest;
    return forEach(
      names,
      execution,
      (name) => `chmod: changing permissions of '${name}'`,
      (name) => {
        for (const node of tree(find(execution, name), flags.has('R'))) {
          if (execution.user.uid !== 0 && node.uid !== execution.user.uid)
            throw new FileError('Operation not permitted');
          if (/^[0-7]+$/.test(mode)) node.mode = Number.parseInt(mode, 8);
          else if (/\+.*x/.test(mode)) node.mode |= 0o111;
        }
      },
    );
  },
  chown: (args, execution) => {
    const { flags, rest } = readOptions(args);
    const [owner = '', ...names] = rest;
    const [user, group] = owner.split(/[:.]/);
    const { machine } = execution;
    return forEach(
      names,
      execution,
      (name) => `chown: changing ownership of '${name}'`,
      (name) => {
        const nodes = tree(find(execution, name), flags.has('R') || flags.has('recursive'));
        const uid = user ? idOf(machine, user) : undefined;
        const gid = group ? idOf(machine, group) : undefined;
        const { uid: own, groups } = execution.user;
        const isOwn = (node: Node): boolean =>
          node.uid === own &&
          (uid ?? own) === own &&
          (gid === undefined || groups.some(([, id]) => id === gid));
        if (own !== 0 && !nodes.every(isOwn)) throw new FileError('Operation not permitted');
        for (const node of nodes) {
          node.uid = uid ?? node.uid;
          node.gid = gid ?? node.gid;
        }
      },
    );
  },
  stat: (args, execution) => {
    const { flags, values, rest } = readOptions(args, ['c', 'format', 'printf']);
    const format = values.get('c') ?? values.get('format');
    return forEach(
      rest,
      execution,
      (name) => `stat: cannot ${flags.has('f') ? 'read file system information for' : 'statx'} '${name}'`,
      (name) => {
        const node = find(execution, name);
        const text = flags.has('f')
          ? fileSystemText(execution, name, format ?? '%n: type %T, block size %S, blocks %b, available %a\n')
          : nodeText(execution.machine, name, node, format ?? '%n: %F, %s bytes, %A %u:%g');
        execution.out(`${text}\n`);
      },
    );
  },
};

function find({ machine, shell, user }: Execution, name: string): Node {
  return machine.files.find(resolvePath(shell.cwd, name), user);
}

function tree(node: Node, deep: boolean): Node[] {
  if (!deep || node.kind === 'file') return [node];
  return [node, ...[...node.entries.values()].flatMap((child) => tree(child, true))];
}

function idOf({ users }: Machine, name: string): number {
  return /^\d+$/.test(name) ? Number(name) : (users.find((user) => user.name === name)?.uid ?? 0);
}

function nameOf({ users }: Machine, id: number): string {
  return users.find(({ uid }) => uid === id)?.name ?? String(id);
}

function sizeOf(node: Node): number {
  if (node.kind === 'directory') return 4096;
  return typeof node.content === 'function' ? 0 : node.content.length;
}

function modeText({ kind, mode }: Node): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  return `${kind === 'directory' ? 'd' : '-'}${bits.join('')}`;
}

function longLine(machine: Machine, name: string, node: Node): string {
  const date = new Date(node.modified).toISOString().slice(0, 16).replace('T', ' ');
  return `${modeText(node)} 1 ${nameOf(machine, node.uid)} ${nameOf(machine, node.gid)} ${sizeOf(node)} ${date} ${name}`;
}

function nodeText(machine: Machine, name: string, node: Node, format: string): string {
  const kind =
    node.kind === 'directory' ? 'directory' : sizeOf(node) === 0 ? 'regular empty file' : 'regular file';
  const values: Record<string, string> = {
    n: name,
    F: kind,
    s: String(sizeOf(node)),
    a: node.mode.toString(8),
    A: modeText(node),
    u: String(node.uid),
    g: String(node.gid),
    U: nameOf(machine, node.uid),
    G: nameOf(machine, node.gid),
    Y: String(Math.floor(node.modified / 1000)),
  };
  return format.replace(/%([a-zA-Z])/g, (all, letter: string) => values[letter] ?? all);
}

function fileSystemText({ machine, shell }: Execution, name: string, format: string): string {
  const mount = mountOf(machine, resolvePath(shell.cwd, name));
  const block = 4096;
  const free = mount ? Math.floor((mount.size - mount.used) / block) : 0;
  const values: Record<string, string> = {
    n: name,
    T: mount?.type ?? '',
    s: String(block),
    S: String(block),
    b: String(Math.floor((mount?.size ?? 0) / block)),
    f: String(free),
    a: String(free),
  };
  return format.replace(/%([a-zA-Z])/g, (all, letter: string) => values[letter] ?? all);
}
