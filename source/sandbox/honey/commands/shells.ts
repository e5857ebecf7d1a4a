import { FileError, resolvePath } from '../fileSystem.ts';
import type { Execution, Program } from '../shell/context.ts';
import { runText } from '../shell/run.ts';
import { readOptions } from './options.ts';

/** Shells within the shell, conditions, and programs that run others. */
export const shellPrograms: Readonly<Record<string, Program>> = {
  sh: shell,
  bash: shell,
  test: (args, execution) => condition(args, execution),
  '[': (args, execution) => {
    if (args.at(-1) === ']') return condition(args.slice(0, -1), execution);
    execution.err("sh: line 1: [: missing `]'\n");
    return 2;
  },
  xargs: async (args, execution) => {
    const { flags, rest } = readOptions(args, ['n', 'P']);
    const items = (await execution.input()).toString('utf8').split(/\s+/).filter(Boolean);
    if (items.length === 0 && flags.has('r')) return 0;
    return execution.run([...(rest.length > 0 ? rest : ['echo']), ...items]);
  },
  nohup: (args, execution) => execution.run(args),
};

/** `sh -c TEXT NAME ARGUMENTS`, `sh FILE`, or a script on standard input. */
async function shell(args: readonly string[], execution: Execution): Promise<number> {
  const { machine, user, err, input } = execution;
  const at = args.findIndex((arg) => !/^-[a-z]+$/.test(arg) && arg !== '--login');
  const options = args.slice(0, at < 0 ? undefined : at);
  const rest = at < 0 ? [] : args.slice(at);
  const isCommand = options.some((option) => option.includes('c'));
  const child = (own: readonly string[]): Execution => ({
    ...execution,
    shell: {
      cwd: execution.shell.cwd,
      status: 0,
      variables: exportedOf(execution),
      exported: new Set(execution.shell.exported),
      functions: new Map(),
      depth: 0,
      mask: execution.shell.mask,
      arguments: own,
    },
  });
  if (isCommand) return runText(rest[0] ?? '', child(rest.length > 1 ? rest.slice(1) : ['sh']));
  const [file] = rest;
  if (file === undefined || options.includes('-s'))
    return runText((await input()).toString('utf8'), child(['sh', ...rest]));
  try {
    const text = machine.files.read(resolvePath(execution.shell.cwd, file), user).toString('utf8');
    return await runText(text, child(rest));
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    err(`sh: ${file}: ${thrown.fault}\n`);
    return 127;
  }
}

function exportedOf({ shell: { variables, exported } }: Execution): Map<string, string> {
  return new Map([...variables].filter(([name]) => exported.has(name)));
}

function condition(args: readonly string[], execution: Execution): number {
  const holds = evaluate(args, execution);
  return holds === undefined ? 2 : holds ? 0 : 1;
}

/** test(1): undefined for what it does not understand. */
function evaluate(args: readonly string[], execution: Execution): boolean | undefined {
  const [first = '', operator = '', last = ''] = args;
  for (const word of ['-o', '-a']) {
    const at = args.indexOf(word);
    if (at <= 0) continue;
    const left = evaluate(args.slice(0, at), execution);
    const right = evaluate(args.slice(at + 1), execution);
    return word === '-o' ? left || right : left && right;
  }
  if (args.length === 0) return false;
  if (args.length === 1) return first !== '';
  if (first === '!') {
    const rest = evaluate(args.slice(1), execution);
    return rest === undefined ? undefined : !rest;
  }
  if (args.length === 2) return unary(first, operator, execution);
  if (args.length === 3) return binary(first, operator, last);
  return undefined;
}

function unary(
  operator: string,
  value: string,
  { machine, user, shell: { cwd } }: Execution,
): boolean | undefined {
  if (operator === '-z') return value === '';
  if (operator === '-n') return value !== '';
  if (operator === '-t') return false;
  const bits: Record<string, 1 | 2 | 4> = { '-r': 4, '-w': 2, '-x': 1 };
  try {
    const node = machine.files.find(resolvePath(cwd, value), user);
    const bit = bits[operator];
    if (bit) return machine.files.allows(node, user, bit);
    if (operator === '-e') return true;
    if (operator === '-d') return node.kind === 'directory';
    if (operator === '-f') return node.kind === 'file' && node.isSocket !== true;
    if (operator === '-S') return node.kind === 'file' && node.isSocket === true;
    if (operator === '-s')
      return node.kind === 'directory' || typeof node.content === 'function' || node.content.length > 0;
    if (operator === '-L' || operator === '-h') return false;
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FileError) return false;
    throw thrown;
  }
}

function binary(left: string, operator: string, right: string): boolean | undefined {
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      return undefined;
  }
}
