import { FileError, resolvePath } from '../fileSystem.ts';
import type { Execution } from '../shell/context.ts';

/** Letters of short options, words of long ones, and the rest. `valued` names those that take a value. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

export function readOptions(args: readonly string[], valued: readonly string[] = []): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(at + 1));
      break;
    }
    const [, long, inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    if (long !== undefined) {
      if (valued.includes(long)) values.set(long, inline ?? args[++at] ?? '');
      else flags.add(long);
    } else if (/^-[^-]/.test(arg)) {
      for (let letter = 1; letter < arg.length; letter++) {
        const name = arg[letter] ?? '';
        flags.add(name);
        if (!valued.includes(name)) continue;
        values.set(name, arg.slice(letter + 1) || (args[++at] ?? ''));
        break;
      }
    } else rest.push(arg);
  }
  return { flags, values, rest };
}

/** Does `work` for each name; says what the kernel says where it fails, and goes on. */
export function forEach(
  names: readonly string[],
  { err }: Execution,
  prefix: (name: string) => string,
  work: (name: string) => void,
): number {
  let status = 0;
  for (const name of names) {
    try {
      work(name);
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      err(`${prefix(name)}: ${thrown.fault}\n`);
      status = 1;
    }
  }
  return status;
}

/** The text of the named files, or of the input without any. */
export async function textOf(
  names: readonly string[],
  execution: Execution,
  program: string,
): Promise<string> {
  const { machine, shell, user, input } = execution;
  if (names.length === 0) return (await input()).toString('utf8');
  const parts: string[] = [];
  forEach(
    names,
    execution,
    (name) => `${program}: ${name}`,
    (name) => {
      parts.push(machine.files.read(resolvePath(shell.cwd, name), user).toString('utf8'));
    },
  );
  return parts.join('');
}
