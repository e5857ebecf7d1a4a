/** A word of a shell script as it is written, with the quotes. Offsets into the text. */
export interface ShellWord {
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

/** One simple command: its words, without the words that open or join commands; redirections are not among them. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** Where redirections begin. */
  readonly redirections: readonly number[];
  /** Its output goes into another command. */
  readonly isPiped: boolean;
}

const openers = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
  'time',
  'exec',
  'command',
]);

/**
 * The simple commands of a script for a POSIX shell, those of functions and loops with the others; commands within `$(…)`
 * belong to the word that holds them. Undefined where quotes or brackets do not end.
 */
export function shellCommands(text: string): readonly ShellCommand[] | undefined {
  const commands: ShellCommand[] = [];
  let words: ShellWord[] = [];
  let redirections: number[] = [];
  let heredocs: { readonly mark: string; readonly isIndented: boolean }[] = [];
  let at = 0;
  const close = (isPiped: boolean): void => {
    const first = words.findIndex(({ raw }) => !openers.has(raw) && !/^\w+=/.test(raw));
    if (first >= 0) commands.push({ words: words.slice(first), redirections, isPiped });
    words = [];
    redirections = [];
  };
  while (at < text.length) {
    const here = text.charAt(at);
    const two = text.slice(at, at + 2);
    if (/^\\\r?\n/.test(text.slice(at, at + 3))) at = text.indexOf('\n', at) + 1;
    else if (here === '\n') {
      close(false);
      at += 1;
      for (const { mark, isIndented } of heredocs) {
        const after = skipHeredoc(text, at, mark, isIndented);
        if (after === undefined) return undefined;
        at = after;
      }
      heredocs = [];
    } else if (/\s/.test(here)) at += 1;
    else if (here === '#') at = lineEnd(text, at);
    else if (two === '<<' && text.charAt(at + 2) !== '<') {
      const [all, dash = '', quoted = ''] = /^<<(-?)[ \t]*(\S+)/.exec(text.slice(at)) ?? [];
      if (all === undefined) return undefined;
      heredocs.push({
        mark: quoted.replace(/["'\\]/g, '').replace(/[;|&)].*$/, ''),
        isIndented: dash === '-',
      });
      redirections.push(at);
      at += all.length;
    } else if (
      /^\d*(?:>>|>\||>&|<&|<>|>|<)/.test(text.slice(at, at + 6)) &&
      !/^\d+\s/.test(text.slice(at, at + 6))
    ) {
      redirections.push(at);
      at += /^\d*(?:>>|>\||>&|<&|<>|<<<|>|<)/.exec(text.slice(at, at + 6))?.[0].length ?? 1;
      while (/[ \t]/.test(text.charAt(at))) at += 1;
      const end = wordEnd(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (/[;&|()]/.test(here)) {
      close(here === '|' && two !== '||');
      at += 1;
    } else {
      const end = wordEnd(text, at);
      if (end === undefined || end === at) return undefined;
      words.push({ raw: text.slice(at, end), start: at, end });
      at = end;
    }
  }
  if (heredocs.length > 0) return undefined;
  close(false);
  return commands;
}

/** The text that a word stands for; undefined when a variable or a command decides it. */
export function staticText(raw: string): string | undefined {
  let text = '';
  for (const [part] of raw.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\\[\s\S]|[^'"\\]+/g)) {
    if (part.startsWith("'")) text += part.slice(1, -1);
    else if (part.startsWith('\\')) text += part.slice(1);
    else {
      const inner = part.startsWith('"') ? part.slice(1, -1) : part;
      if (/[$`]/.test(inner)) return undefined;
      text += inner.replace(/\\(["\\])/g, '$1');
    }
  }
  return text;
}

function wordEnd(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const here = text.charAt(at);
    if (/[\s;&|()<>]/.test(here)) return at;
    const end = partEnd(text, at);
    if (end === undefined) return undefined;
    at = end;
  }
  return at;
}

/** Quotes and brackets within each other, beyond which no person writes. */
const deepest = 100;

/** Where a quoted or bracketed part, or one character, ends. */
function partEnd(text: string, at: number, depth = 0): number | undefined {
  const here = text.charAt(at);
  if (here === '\\') return at + 2;
  if (here === "'" || here === '`') {
    const end = text.indexOf(here, at + 1);
    return end < 0 ? undefined : end + 1;
  }
  if (here === '"') return balanced(text, at + 1, '"', depth);
  if (here === '$' && text.charAt(at + 1) === '(') return balanced(text, at + 2, ')', depth);
  if (here === '$' && text.charAt(at + 1) === '{') return balanced(text, at + 2, '}', depth);
  return at + 1;
}

function balanced(text: string, from: number, closer: string, depth: number): number | undefined {
  if (depth > deepest) return undefined;
  let at = from;
  let open = 1;
  while (at < text.length) {
    const here = text.charAt(at);
    if (here === closer) {
      open -= 1;
      if (open === 0) return at + 1;
      at += 1;
    } else if (closer === ')' && here === '(') {
      open += 1;
      at += 1;
    } else if (closer === '"' && here === "'") at += 1;
    else {
      const end = partEnd(text, at, depth + 1);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function skipHeredoc(text: string, from: number, mark: string, isIndented: boolean): number | undefined {
  for (let at = from; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at)).replace(/\r$/, '');
    if ((isIndented ? line.replace(/^\s+/, '') : line.trimStart()) === mark) return lineEnd(text, at);
  }
  return undefined;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
