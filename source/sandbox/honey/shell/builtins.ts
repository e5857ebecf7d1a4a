import { FileError, resolvePath } from '../fileSystem.ts';
import type { Execution, Program } from './context.ts';

/** Commands that change the shell itself; `eval` is the interpreter's own. */
export const builtins: ReadonlyMap<string, Program> = new Map<string, Program>([
  [':', () => 0],
  ['cd', cd],
  ['pwd', (_, { shell, out }) => print(out, shell.cwd)],
  ['exit', exit],
  ['return', leave('return')],
  ['break', leave('break')],
  ['continue', leave('continue')],
  ['local', exportNames],
  ['export', exportNames],
  ['unset', unset],
  ['set', set],
  ['shift', shift],
  ['read', read],
  ['umask', umask],
  ['command', command],
  ['type', (args, execution) => command(['-v', ...args], execution)],
]);

function print(out: Execution['out'], text: string): number {
  out(`${text}\n`);
  return 0;
}

function cd([to]: readonly string[], { shell, machine, user, err }: Execution): number {
  const given = to ?? shell.variables.get('HOME') ?? '/';
  const name = given === '-' ? (shell.variables.get('OLDPWD') ?? shell.cwd) : given;
  const path = resolvePath(shell.cwd, name);
  try {
    const node = machine.files.find(path, user);
    if (node.kind !== 'directory' || !machine.files.allows(node, user, 1))
      throw new FileError('Not a directory');
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    err(`sh: line 1: cd: ${name}: ${thrown.fault}\n`);
    return 1;
  }
  shell.variables.set('OLDPWD', shell.cwd).set('PWD', path);
  shell.cwd = path;
  return 0;
}

function exit([status]: readonly string[], { shell }: Execution): number {
  shell.exit = status === undefined ? shell.status : Number.parseInt(status, 10) & 255;
  return shell.exit;
}

function leave(what: 'return' | 'break' | 'continue'): Program {
  return ([status], { shell }) => {
    shell.leaving = what;
    return what === 'return' && status !== undefined ? Number.parseInt(status, 10) & 255 : shell.status;
  };
}

function exportNames(args: readonly string[], { shell }: Execution): number {
  for (const text of args) {
    const [name = '', ...value] = text.split('=');
    shell.exported.add(name);
    if (text.includes('=')) shell.variables.set(name, value.join('='));
  }
  return 0;
}

function unset(names: readonly string[], { shell }: Execution): number {
  for (const name of names) {
    shell.variables.delete(name);
    shell.exported.delete(name);
  }
  return 0;
}

/** Options such as `-e` and `-u` are taken and change nothing; `--` sets the arguments. */
function set(args: readonly string[], { shell }: Execution): number {
  if (args[0] === '--') shell.arguments = [shell.arguments[0] ?? 'sh', ...args.slice(1)];
  return 0;
}

function shift([count = '1']: readonly string[], { shell }: Execution): number {
  const [name = 'sh', ...rest] = shell.arguments;
  shell.arguments = [name, ...rest.slice(Number(count))];
  return 0;
}

function umask([mask]: readonly string[], { shell, out }: Execution): number {
  if (mask === undefined) return print(out, shell.mask.toString(8).padStart(4, '0'));
  shell.mask = Number.parseInt(mask, 8) & 0o777;
  return 0;
}

/** How much of an input was read; it stays the same one within a loop. */
const taken = new WeakMap<() => Promise<Buffer>, number>();

/** Reads the first line of what the input has left. */
async function read(args: readonly string[], { shell, input }: Execution): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const text = (await input()).toString('utf8').slice(taken.get(input) ?? 0);
  if (text === '') return 1;
  const line = text.split('\n')[0] ?? '';
  taken.set(input, (taken.get(input) ?? 0) + line.length + 1);
  const fields = line.trim().split(/[ \t]+/);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    shell.variables.set(name, isLast ? fields.slice(index).join(' ') : (fields[index] ?? ''));
  }
  return 0;
}

/** `command -v NAME` says where a program is; without an option it runs it. */
async function command(args: readonly string[], execution: Execution): Promise<number> {
  const [option, ...names] = args;
  if (option !== '-v' && option !== '-V') return args.length > 0 ? execution.run(args, execution) : 0;
  const { machine, out, shell } = execution;
  let status = 0;
  for (const name of names) {
    if (builtins.has(name) || shell.functions.has(name)) out(`${name}\n`);
    else if (machine.programs.has(name)) out(`/usr/bin/${name}\n`);
    else status = 127;
  }
  return status;
}
