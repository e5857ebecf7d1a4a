import type { ShellWord } from '../shell/word.ts';

/** A flag of a command, and what it is given. */
export interface Flag {
  /** The long name, without dashes. */
  readonly name: string;
  /** Undefined for a flag without a value. */
  readonly value?: FlagValue;
  /** Of all its words. */
  readonly start: number;
  readonly end: number;
}

export interface FlagValue {
  /** As it is written, quotes closed. */
  readonly raw: string;
  /** Without quotes. */
  readonly text: string;
  readonly isPlain: boolean;
}

export interface Arguments {
  readonly flags: readonly Flag[];
  readonly positional: readonly ShellWord[];
  /** Words whose meaning is not known, or that hold words of their own: `$BUILD_ARGS`. */
  readonly unknown: readonly ShellWord[];
}

/** The flags that a program knows. */
export interface FlagTable {
  /** Long names that take a value, in the next word or behind `=`. */
  readonly valued: ReadonlySet<string>;
  /** Long names that stand alone, or have a value behind `=` only. */
  readonly alone: ReadonlySet<string>;
  /** By letter. */
  readonly short: Readonly<Record<string, string>>;
}

/** Reads arguments as Go's pflag does. */
export function readArguments(words: readonly ShellWord[], table: FlagTable): Arguments {
  const flags: Flag[] = [];
  const positional: ShellWord[] = [];
  const unknown: ShellWord[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (!word) break;
    if (/^\$(?:\w+|\{\w+\}|\{?[@*]\}?)$/.test(word.raw) && /ARG|OPT|FLAG|EXTRA|PARAM|[@*]/i.test(word.raw)) {
      unknown.push(word);
      continue;
    }
    if (!word.text.startsWith('-') || word.text === '-') {
      positional.push(word);
      continue;
    }
    const { name, value, isKnown, wantsNext } = splitFlag(word, table);
    if (!isKnown) {
      unknown.push(word);
      continue;
    }
    const next = wantsNext ? words[index + 1] : undefined;
    if (wantsNext) index += 1;
    const given = next ? { raw: next.raw, text: next.text, isPlain: next.isPlain } : value;
    flags.push({
      name,
      ...(given === undefined ? {} : { value: given }),
      start: word.start,
      end: next?.end ?? word.end,
    });
  }
  return { flags, positional, unknown };
}

interface Split {
  readonly name: string;
  readonly value?: FlagValue;
  readonly isKnown: boolean;
  readonly wantsNext: boolean;
}

function splitFlag(word: ShellWord, { valued, alone, short }: FlagTable): Split {
  const [, long, assigned] = /^--([a-z][\w-]*)(=)?/.exec(word.text) ?? [];
  if (long !== undefined) {
    const isKnown = valued.has(long) || alone.has(long);
    if (assigned === undefined) return { name: long, isKnown, wantsNext: valued.has(long) };
    return { name: long, value: valueAfter(word, long.length + 3), isKnown, wantsNext: false };
  }
  const letter = word.text.charAt(1);
  const name = short[letter];
  if (name === undefined || word.text.startsWith('--')) return { name: '', isKnown: false, wantsNext: false };
  if (!valued.has(name)) return { name, isKnown: word.text.length === 2, wantsNext: false };
  if (word.text.length === 2) return { name, isKnown: true, wantsNext: true };
  return {
    name,
    value: valueAfter(word, word.text.charAt(2) === '=' ? 3 : 2),
    isKnown: true,
    wantsNext: false,
  };
}

/** What stands behind so many characters of the word; a quote that was opened before them is opened again. */
function valueAfter({ raw, text, isPlain }: ShellWord, length: number): FlagValue {
  const quote = /^["']/.exec(raw)?.[0] ?? '';
  return { raw: `${quote}${raw.slice(quote.length + length)}`, text: text.slice(length), isPlain };
}

/** All values of a flag. */
export function valuesOf({ flags }: Arguments, name: string): FlagValue[] {
  return flags.flatMap((flag) => (flag.name === name && flag.value ? [flag.value] : []));
}
