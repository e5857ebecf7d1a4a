/** A word of a shell command. Offsets are those of the text that it was read from. */
export interface ShellWord {
  /** As it is written, with its quotes. */
  readonly raw: string;
  /** Without quotes; `$VAR` stays. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** False where `text` is not all that it says: a command's output, an escaped or singly quoted `$`, a default, a glob. */
  readonly isPlain: boolean;
}

/** Reads the word that begins at an offset; undefined when a quote or a bracket in it is never closed. */
export function readWord(text: string, start: number): ShellWord | undefined {
  let at = start;
  let value = '';
  let isPlain = true;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/[\s;|&<>()]/.test(character)) break;
    if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return undefined;
      const inner = text.slice(at + 1, end);
      isPlain &&= !/[$`\\]/.test(inner);
      value += inner;
      at = end + 1;
    } else if (character === '"') {
      const quoted = readQuoted(text, at);
      if (!quoted) return undefined;
      isPlain &&= quoted.isPlain;
      value += quoted.text;
      at = quoted.end;
    } else if (character === '\\') {
      const next = text.charAt(at + 1);
      if (next === '\n' || (next === '\r' && text.charAt(at + 2) === '\n')) {
        at += next === '\n' ? 2 : 3;
        continue;
      }
      isPlain &&= !/[$`\\]/.test(next);
      value += next;
      at += 2;
    } else if (character === '`' || text.startsWith('$(', at) || text.startsWith('${', at)) {
      const end = closing(text, at);
      if (end === undefined) return undefined;
      const inner = text.slice(at, end);
      isPlain &&= /^\$\{\w+\}$/.test(inner);
      value += inner;
      at = end;
    } else {
      isPlain &&= !/[*?~]/.test(character);
      value += character;
      at += 1;
    }
  }
  const end = Math.min(at, text.length);
  return { raw: text.slice(start, end), text: value, start, end, isPlain };
}

function readQuoted(
  text: string,
  start: number,
): { readonly text: string; readonly end: number; readonly isPlain: boolean } | undefined {
  let value = '';
  let isPlain = true;
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return { text: value, end: at + 1, isPlain };
    if (character === '\\' && /[$`"\\\n]/.test(text.charAt(at + 1))) {
      const next = text.charAt(at + 1);
      isPlain &&= next === '\n' || next === '"';
      value += next === '\n' ? '' : next;
      at += 2;
    } else if (character === '`' || text.startsWith('$(', at) || text.startsWith('${', at)) {
      const end = closing(text, at);
      if (end === undefined) return undefined;
      isPlain &&= /^\$\{\w+\}$/.test(text.slice(at, end));
      value += text.slice(at, end);
      at = end;
    } else {
      value += character;
      at += 1;
    }
  }
  return undefined;
}

/** Behind what closes the backquote, `$(` or `${` at an offset. */
function closing(text: string, start: number): number | undefined {
  if (text.charAt(start) === '`') {
    const end = text.indexOf('`', start + 1);
    return end < 0 ? undefined : end + 1;
  }
  const [open, close] = text.charAt(start + 1) === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === "'" && open === '(') {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return undefined;
      at = end;
    } else if (character === open) depth += 1;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
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
