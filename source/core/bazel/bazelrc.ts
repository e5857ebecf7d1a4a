import type { Place } from '../ci/model.ts';
import { splitWords, type Word } from './words.ts';

/** One flag of a .bazelrc; the place is where the flag begins. */
export interface BazelOption extends Place {
  /** `build`, `common`, `startup`, … */
  readonly command: string;
  /** Only in force with `--config=NAME`. */
  readonly config?: string;
  /** Without dashes: `remote_cache`, `noremote_upload_local_results`. */
  readonly flag: string;
  readonly value?: string;
  /** False when it is commented out. */
  readonly isActive: boolean;
}

export interface BazelImport extends Place {
  /** From the repository's root when it is written with `%workspace%`, as written otherwise. */
  readonly path: string;
  /** `try-import`: may be missing. */
  readonly isOptional: boolean;
}

export interface Bazelrc {
  readonly options: readonly BazelOption[];
  readonly imports: readonly BazelImport[];
}

const commands =
  /^(startup|common|always|build|test|run|query|cquery|aquery|fetch|sync|mod|info|clean|coverage|mobile-install|print_action|vendor|version)(?::([\w.+-]+))?$/;

/** Reads a .bazelrc (https://bazel.build/run/bazelrc), with what is commented out in it. */
export function parseBazelrc(file: string, text: string): Bazelrc {
  const options: BazelOption[] = [];
  const imports: BazelImport[] = [];
  for (const line of logicalLines(text)) {
    const { words, comment } = splitWords(line.text);
    const [first, second] = words;
    if (first && second && /^(?:try-)?import$/.test(first.text))
      imports.push({
        file,
        ...line.place(first.at),
        path: second.text.replace(/^%workspace%\//, ''),
        isOptional: first.text === 'try-import',
      });
    else options.push(...flagsOf(words, (at) => ({ file, ...line.place(at) }), true));
    if (comment < 0) continue;
    const disabled = disabledWords(line.text, comment);
    options.push(...flagsOf(disabled, (at) => ({ file, ...line.place(at) }), false));
  }
  return { options, imports };
}

/** What is commented out reads as a line: a command and its flags, or flags alone, which are taken for `build`. */
function disabledWords(line: string, comment: number): Word[] {
  const from = comment + (/^#+/.exec(line.slice(comment))?.[0].length ?? 1);
  const words = splitWords(line.slice(from)).words.map(({ text, at }) => ({ text, at: at + from }));
  const [first, second] = words;
  if (first && /^--[a-z]/.test(first.text)) return [{ text: 'build', at: first.at }, ...words];
  return first && commands.test(first.text) && second?.text.startsWith('--') ? words : [];
}

function flagsOf(words: readonly Word[], place: (at: number) => Place, isActive: boolean): BazelOption[] {
  const [first, ...rest] = words;
  const [, command, config] = commands.exec(first?.text ?? '') ?? [];
  if (command === undefined) return [];
  const options: BazelOption[] = [];
  rest.forEach(({ text, at }, index) => {
    if (!/^--?\w/.test(text)) return;
    const equals = text.indexOf('=');
    const flag = text.slice(0, equals < 0 ? text.length : equals).replace(/^--?/, '');
    const next = rest[index + 1]?.text;
    const value = equals >= 0 ? text.slice(equals + 1) : next?.startsWith('-') ? undefined : next;
    options.push({
      ...place(at),
      command,
      ...(config === undefined ? {} : { config }),
      flag,
      ...(value === undefined ? {} : { value }),
      isActive,
    });
  });
  return options;
}

interface LogicalLine {
  readonly text: string;
  /** Line and column of an offset into `text`. */
  place(at: number): { line: number; column: number };
}

/** Lines with those that a backslash at the end continues joined on. */
function logicalLines(text: string): LogicalLine[] {
  const joined: LogicalLine[] = [];
  let parts: { line: number; start: number }[] = [];
  let whole = '';
  text.split(/\r?\n/).forEach((line, index) => {
    parts.push({ line: index + 1, start: whole.length });
    const continues = /(?:^|[^\\])(?:\\\\)*\\$/.test(line.slice(-200));
    whole += continues ? `${line.slice(0, -1)} ` : line;
    if (continues) return;
    const own = parts;
    joined.push({
      text: whole,
      place(at) {
        const part = own.findLast(({ start }) => start <= at) ?? { line: 1, start: 0 };
        return { line: part.line, column: at - part.start + 1 };
      },
    });
    parts = [];
    whole = '';
  });
  return joined;
}
