import { resolvePath } from '../fileSystem.ts';
import type { Execution, Program } from '../shell/context.ts';
import { forEach, readOptions, textOf } from './options.ts';
import { formatted } from './printf.ts';

/** Programs that print, read and cut text. */
export const textPrograms: Readonly<Record<string, Program>> = {
  cat: async (args, execution) => {
    const { rest } = readOptions(args);
    const { machine, shell, user, out, input } = execution;
    if (rest.length === 0) {
      out(await input());
      return 0;
    }
    return forEach(
      rest,
      execution,
      (name) => `cat: ${name}`,
      (name) => {
        out(machine.files.read(resolvePath(shell.cwd, name), user));
      },
    );
  },
  echo: (args, { out }) => {
    const quiet = args[0] === '-n';
    out(`${args.slice(quiet ? 1 : 0).join(' ')}${quiet ? '' : '\n'}`);
    return 0;
  },
  printf: ([format = '', ...args], { out }) => {
    out(formatted(format, args));
    return 0;
  },
  head: (args, execution) => lines(args, execution, 'head', (list, count) => list.slice(0, count)),
  tail: (args, execution) => lines(args, execution, 'tail', (list, count) => list.slice(-count)),
  wc: async (args, execution) => {
    const { flags, rest } = readOptions(args);
    const text = await textOf(rest, execution, 'wc');
    const counts = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(Boolean).length,
      c: Buffer.byteLength(text),
    };
    const wanted = (['l', 'w', 'c'] as const).filter((name) => flags.size === 0 || flags.has(name));
    execution.out(`${[...wanted.map((name) => counts[name]), ...rest].join(' ')}\n`);
    return 0;
  },
  grep: async (args, execution) => {
    const { flags, values, rest } = readOptions(args, ['e', 'm']);
    const [pattern = '', ...names] = values.has('e') ? [values.get('e') ?? '', ...rest] : rest;
    const source = flags.has('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
    const matcher = new RegExp(source, flags.has('i') ? 'i' : '');
    const found = linesOf(await textOf(names, execution, 'grep')).filter(
      (line) => matcher.test(line) !== flags.has('v'),
    );
    if (flags.has('c')) execution.out(`${found.length}\n`);
    else if (!flags.has('q')) execution.out(found.map((line) => `${line}\n`).join(''));
    return found.length > 0 ? 0 : 1;
  },
  sort: async (args, execution) => {
    const { flags, rest } = readOptions(args);
    const sorted = linesOf(await textOf(rest, execution, 'sort')).sort((a, b) =>
      flags.has('n') ? Number.parseFloat(a) - Number.parseFloat(b) : a < b ? -1 : Number(a > b),
    );
    if (flags.has('r')) sorted.reverse();
    const kept = flags.has('u') ? [...new Set(sorted)] : sorted;
    execution.out(kept.map((line) => `${line}\n`).join(''));
    return 0;
  },
  uniq: async (args, execution) => {
    const list = linesOf(await textOf(args, execution, 'uniq'));
    execution.out(
      list
        .filter((line, index) => index === 0 || line !== list[index - 1])
        .map((line) => `${line}\n`)
        .join(''),
    );
    return 0;
  },
  cut: async (args, execution) => {
    const { values, rest } = readOptions(args, ['d', 'f']);
    const [from = '1', to = from] = (values.get('f') ?? '1').split('-');
    const separator = values.get('d') ?? '\t';
    const cutLines = linesOf(await textOf(rest, execution, 'cut')).map((line) =>
      line.includes(separator)
        ? line
            .split(separator)
            .slice(Number(from || 1) - 1, to === '' ? undefined : Number(to))
            .join(separator)
        : line,
    );
    execution.out(cutLines.map((line) => `${line}\n`).join(''));
    return 0;
  },
  tr: async ([...args], { input, out }) => {
    const { flags, rest } = readOptions(args);
    const [from = '', to = ''] = rest.map((set) => formatted(set, []));
    const text = (await input()).toString('utf8');
    const last = to.at(-1) ?? '';
    out(
      [...text]
        .map((letter) => {
          const at = from.indexOf(letter);
          return at < 0 ? letter : flags.has('d') ? '' : (to[at] ?? last);
        })
        .join(''),
    );
    return 0;
  },
  tee: async (args, execution) => {
    const { flags, rest } = readOptions(args);
    const { machine, shell, user, input, out } = execution;
    const bytes = await input();
    out(bytes);
    return forEach(
      rest,
      execution,
      (name) => `tee: ${name}`,
      (name) => {
        machine.files.write(resolvePath(shell.cwd, name), bytes, user, flags.has('a'));
      },
    );
  },
  seq: (args, { out }) => {
    const numbers = args.map(Number);
    const [first = 1, last = first] = numbers.length > 1 ? [numbers[0], numbers.at(-1)] : [1, numbers[0]];
    for (let value = first; value <= last; value++) out(`${value}\n`);
    return 0;
  },
  basename: ([path = '', suffix = ''], { out }) => {
    const name = path.split('/').filter(Boolean).at(-1) ?? '/';
    out(`${suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
    return 0;
  },
  dirname: ([path = ''], { out }) => {
    const parts = path.replace(/\/+$/, '').split('/').slice(0, -1);
    out(`${parts.join('/') || (path.startsWith('/') ? '/' : '.')}\n`);
    return 0;
  },
};

function linesOf(text: string): string[] {
  const list = text.split('\n');
  if (list.at(-1) === '') list.pop();
  return list;
}

async function lines(
  args: readonly string[],
  execution: Execution,
  program: string,
  choose: (lines: string[], count: number) => string[],
): Promise<number> {
  const given = args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1'));
  const { values, rest } = readOptions(given, ['n', 'c', 'lines']);
  const count = Number(values.get('n') ?? values.get('lines') ?? 10);
  const chosen = count === 0 ? [] : choose(linesOf(await textOf(rest, execution, program)), count);
  execution.out(chosen.map((line) => `${line}\n`).join(''));
  return 0;
}
