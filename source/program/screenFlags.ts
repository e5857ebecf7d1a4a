import type { CommonFlags } from '../compose/flags.ts';

/** Flags of the bare command that stand alone, and those that have a value. */
const alone = {
  '--sandbox': 'sandbox',
  '--read-only': 'readOnly',
  '--ascii': 'ascii',
} as const satisfies Readonly<Record<string, keyof CommonFlags>>;
const valued = {
  '--dir': 'dir',
  '--project': 'project',
  '--host': 'host',
  '--attic': 'attic',
  '--bazel-remote': 'bazelRemote',
  '--honey': 'honey',
  '--ca-file': 'caFile',
  '--profile': 'profile',
  '--token-file': 'tokenFile',
  '--theme': 'theme',
} as const satisfies Readonly<Record<string, keyof CommonFlags>>;

const themes = new Set(['auto', 'light', 'dark']);

/**
 * The flags of a command line that shows the screen, read without the parser of commands: that takes as long to load as half
 * of Node. Undefined for every other command line, and for one with a mistake in it.
 */
export function screenFlags(args: readonly string[]): CommonFlags | undefined {
  const flags: { -readonly [K in keyof CommonFlags]: CommonFlags[K] } = {};
  for (let at = 0; at < args.length; at += 1) {
    const [name = '', ...rest] = (args[at] ?? '').split('=');
    if (isIn(alone, name) && rest.length === 0) flags[alone[name]] = true;
    else if (isIn(valued, name)) {
      const value = rest.length > 0 ? rest.join('=') : args[++at];
      if (value === undefined) return undefined;
      flags[valued[name]] = value;
    } else return undefined;
  }
  return flags.theme === undefined || themes.has(flags.theme) ? flags : undefined;
}

function isIn<T extends object>(table: T, name: string): name is string & keyof T {
  return Object.hasOwn(table, name);
}
