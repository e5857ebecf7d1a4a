/** A script as a shell sees it; each text is as long as the script, line ends in their places. */
export interface ShellText {
  /** Without comments. */
  readonly code: string;
  /** Without comments and without what the shell neither expands nor runs: single quotes, quoted here-documents. */
  readonly expanded: string;
  /** Also without double-quoted text and every here-document: what is left is commands and their bare words. */
  readonly bare: string;
}

type Mode = 'bare' | 'double' | 'substitution' | 'backquote' | 'expansion';

/** Reads a script by the quoting rules of POSIX `sh` (2.2 Quoting, 2.3 Token Recognition, 2.7.4 Here-Document). */
export function shellText(script: string): ShellText {
  return new Scanner(script).read();
}

interface HereDocument {
  readonly end: string;
  readonly isQuoted: boolean;
  readonly isIndented: boolean;
}

class Scanner {
  private at = 0;
  /** Double quotes that are open, also around a substitution. */
  private quotes = 0;
  private readonly modes: Mode[] = ['bare'];
  private pending: HereDocument[] = [];
  private readonly script: string;
  private readonly code: string[];
  private readonly expanded: string[];
  private readonly bare: string[];

  constructor(script: string) {
    this.script = script;
    this.code = script.split('');
    this.expanded = script.split('');
    this.bare = script.split('');
  }

  read(): ShellText {
    while (this.at < this.script.length) this.step();
    return { code: this.code.join(''), expanded: this.expanded.join(''), bare: this.bare.join('') };
  }

  private step(): void {
    const { script, at, mode } = this;
    const character = script[at] ?? '';
    const two = script.slice(at, at + 2);
    if (character === '\\') this.take(2);
    else if (two === '$(') this.open('substitution', 2);
    else if (two === '${') this.open('expansion', 2);
    else if (character === '`') this.toggle('backquote');
    else if (character === '"') this.toggle('double');
    else if (mode === 'expansion' && character === '}') this.close(1);
    else if (mode === 'double') this.take(1);
    else if (character === "'") this.singleQuotes();
    else if (mode === 'expansion') this.take(1);
    else if (character === '(') this.open('substitution', 1);
    else if (character === ')' && mode === 'substitution') this.close(1);
    else if (character === '#' && /^$|[\s;&|()]/.test(script[at - 1] ?? '')) this.comment();
    else if (character === '\n') this.lineEnd();
    else if (two === '<<' && script[at + 2] !== '<' && script[at - 1] !== '<') this.hereDocument();
    else this.take(1);
  }

  private toggle(mode: Mode): void {
    if (this.mode === mode) this.close(1);
    else this.open(mode, 1);
  }

  private hereDocument(): void {
    const found = /^<<(-?)\s*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?)([A-Za-z_][\w.-]*))/.exec(
      this.script.slice(this.at, this.at + 200),
    );
    const [whole = '<', dash, single, double, backslash, word] = found ?? [];
    const end = single ?? double ?? word;
    if (end !== undefined) {
      const isQuoted = single !== undefined || double !== undefined || backslash === '\\';
      this.pending.push({ end, isQuoted, isIndented: dash === '-' });
    }
    this.take(whole.length);
  }

  private get mode(): Mode {
    return this.modes.at(-1) ?? 'bare';
  }

  private take(count: number): void {
    if (this.quotes > 0) this.blank(this.bare, this.at, this.at + count);
    this.at += count;
  }

  private open(mode: Mode, count: number): void {
    this.take(count);
    this.modes.push(mode);
    if (mode === 'double') this.quotes += 1;
  }

  private close(count: number): void {
    this.take(count);
    if (this.modes.length > 1 && this.modes.pop() === 'double') this.quotes -= 1;
  }

  private singleQuotes(): void {
    const found = this.script.indexOf("'", this.at + 1);
    const end = found < 0 ? this.script.length : found + 1;
    this.blank(this.expanded, this.at + 1, end - 1);
    this.blank(this.bare, this.at + 1, end - 1);
    this.at = end;
  }

  private comment(): void {
    const found = this.script.indexOf('\n', this.at);
    const end = found < 0 ? this.script.length : found;
    for (const text of [this.code, this.expanded, this.bare]) this.blank(text, this.at, end);
    this.at = end;
  }

  /** Here-documents follow the line that names them. */
  private lineEnd(): void {
    this.at += 1;
    const documents = this.pending;
    this.pending = [];
    for (const { end, isQuoted, isIndented } of documents) {
      const from = this.at;
      for (let line = this.nextLine(); line !== undefined; line = this.nextLine())
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end) break;
      if (isQuoted) this.blank(this.expanded, from, this.at);
      this.blank(this.bare, from, this.at);
    }
  }

  private nextLine(): string | undefined {
    if (this.at >= this.script.length) return undefined;
    const found = this.script.indexOf('\n', this.at);
    const end = found < 0 ? this.script.length : found;
    const line = this.script.slice(this.at, end);
    this.at = Math.min(end + 1, this.script.length);
    return line;
  }

  private blank(text: string[], from: number, to: number): void {
    for (let index = from; index < to; index += 1) if (text[index] !== '\n') text[index] = ' ';
  }
}
