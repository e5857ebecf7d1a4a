import { readWord, type ShellWord } from './word.ts';

export type Operator = '' | '\n' | ';' | '&&' | '||' | '|' | '&';

/** A simple command of a script. Offsets are those of the script's text. */
export interface ShellCommand {
  /** Program and arguments, without what is assigned before them and without redirections. */
  readonly words: readonly ShellWord[];
  /** `NAME=value` before the program, or alone. */
  readonly assignments: readonly ShellWord[];
  /** Where its redirections begin. */
  readonly redirections: readonly number[];
  /** What joins it to the command before and to the one behind; empty at the ends. */
  readonly before: Operator;
  readonly after: Operator;
  /** The compound commands around it, outermost first: `if`, `for`, `case`, `(`, `{`. */
  readonly within: readonly string[];
  /** From its first word to behind its last, redirections included. */
  readonly start: number;
  readonly end: number;
}

/** What a script runs; `broken` says why the rest of it could not be read. */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly broken?: string;
}

const openers = new Set(['if', 'for', 'while', 'until', 'case', '{', 'select']);
const closers = new Set(['fi', 'done', 'esac', '}']);
const separators = new Set(['then', 'else', 'elif', 'do', '!', 'time']);

/** Reads a script as a POSIX shell does, as far as simple commands, what joins them and what is around them go. */
export function readShell(text: string, options: ReadOptions = {}): ShellScript {
  return new Reader(text, options.isIndented === true).read();
}

export interface ReadOptions {
  /** The text stands indented in another file: so do the ends of its here-documents. */
  readonly isIndented?: boolean;
}

/** The simple commands of a script, without `exec` and `command` before a program; undefined where it cannot be read to its end. */
export function shellCommands(text: string): readonly ShellCommand[] | undefined {
  const { commands, broken } = readShell(text, { isIndented: true });
  if (broken !== undefined) return undefined;
  return commands.map((command) => {
    const first = command.words.findIndex(({ raw }) => raw !== 'exec' && raw !== 'command');
    return first > 0 ? { ...command, words: command.words.slice(first) } : command;
  });
}

class Reader {
  private readonly text: string;
  private readonly isIndented: boolean;
  private at = 0;
  private readonly commands: ShellCommand[] = [];
  private readonly within: string[] = [];
  private readonly heredocs: { readonly end: string; readonly isIndented: boolean }[] = [];
  private words: ShellWord[] = [];
  private assignments: ShellWord[] = [];
  private redirections: number[] = [];
  private redirectedTo = 0;
  private before: Operator = '';

  constructor(text: string, isIndented: boolean) {
    this.text = text;
    this.isIndented = isIndented;
  }

  read(): ShellScript {
    while (this.at < this.text.length) {
      const problem = this.step();
      if (problem !== undefined) return { commands: this.commands, broken: problem };
    }
    this.finish('');
    return this.within.length > 0
      ? { commands: this.commands, broken: `\`${this.within.at(-1)}\` is not closed` }
      : { commands: this.commands };
  }

  private step(): string | undefined {
    const { text } = this;
    const character = text.charAt(this.at);
    if (character === '\\' && /^\\\r?\n/.test(text.slice(this.at, this.at + 3)))
      this.at += text.charAt(this.at + 1) === '\n' ? 2 : 3;
    else if (character === '\n') return this.endLine();
    else if (/\s/.test(character)) this.at += 1;
    else if (character === '#') this.at = endOfLine(text, this.at);
    else if (/^(?:\d*[<>]|&>)/.test(text.slice(this.at, this.at + 4)) && !text.startsWith('<(', this.at))
      return this.redirect();
    else if (character === '(') this.open('(');
    else if (character === ')') this.close();
    else if (/[;|&]/.test(character)) this.operator();
    else return this.word();
    return undefined;
  }

  private operator(): void {
    const [found = ';'] = /^(?:;;&?|;&|&&|\|\||\|&|[;|&])/.exec(this.text.slice(this.at, this.at + 3)) ?? [];
    this.at += found.length;
    this.finish(
      found === '|&' ? '|' : found === '&&' || found === '||' || found === '|' || found === '&' ? found : ';',
    );
  }

  private endLine(): string | undefined {
    this.at += 1;
    this.finish('\n');
    for (const { end, isIndented } of this.heredocs.splice(0)) {
      let isOpen = true;
      while (isOpen && this.at < this.text.length) {
        const to = endOfLine(this.text, this.at);
        const line = this.text.slice(this.at, to).replace(/\r$/, '');
        this.at = Math.min(to + 1, this.text.length);
        const found = this.isIndented ? line.trimStart() : isIndented ? line.replace(/^\t+/, '') : line;
        isOpen = found !== end;
      }
      if (isOpen) return `the here-document up to ${end} is not closed`;
    }
    return undefined;
  }

  private redirect(): string | undefined {
    const [operator = ''] =
      /^(?:\d*(?:<<<|<<-?|>>|[<>]&|>\||[<>])|&>>?)/.exec(this.text.slice(this.at, this.at + 16)) ?? [];
    this.redirections.push(this.at);
    this.at += operator.length;
    while (/[ \t]/.test(this.text.charAt(this.at))) this.at += 1;
    const target = readWord(this.text, this.at);
    if (!target) return 'a quote is not closed';
    this.at = target.end;
    this.redirectedTo = target.end;
    if (/<<-?$/.test(operator) && !operator.endsWith('<<<'))
      this.heredocs.push({ end: target.text, isIndented: operator.endsWith('-') });
    return undefined;
  }

  private word(): string | undefined {
    const word = readWord(this.text, this.at);
    if (!word) return 'a quote is not closed';
    this.at = Math.max(word.end, this.at + 1);
    const isFirst = this.words.length === 0 && this.assignments.length === 0;
    if (isFirst && openers.has(word.raw)) this.open(word.raw);
    else if (isFirst && closers.has(word.raw)) this.close();
    else if (isFirst && separators.has(word.raw)) this.before = this.before === '' ? '' : '\n';
    else if (this.words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(word.raw)) this.assignments.push(word);
    else this.words.push(word);
    return undefined;
  }

  private open(kind: string): void {
    if (kind === '(') this.at += 1;
    // `name()`: what follows is a function's body.
    this.words = [];
    this.assignments = [];
    this.within.push(kind);
  }

  /** A `)` without its `(` ends a pattern of `case`. */
  private close(): void {
    if (this.text.charAt(this.at) === ')') {
      this.at += 1;
      if (this.within.at(-1) !== '(') {
        this.words = [];
        return;
      }
    }
    this.finish('\n');
    this.within.pop();
  }

  private finish(after: Operator): void {
    const all = [...this.assignments, ...this.words];
    const [first] = all;
    const last = all.at(-1);
    if (first && last)
      this.commands.push({
        words: this.words,
        assignments: this.assignments,
        redirections: this.redirections,
        before: this.before,
        after,
        within: [...this.within],
        start: first.start,
        end: Math.max(last.end, this.redirectedTo),
      });
    if (first || after !== '\n') this.before = after;
    this.words = [];
    this.assignments = [];
    this.redirections = [];
    this.redirectedTo = 0;
  }
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}
