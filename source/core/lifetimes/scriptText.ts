import type { CiFiles, Node } from '../ci/model.ts';

/** A shell script as it is written in a file. */
export interface ScriptText {
  readonly file: string;
  /** Bytes of the file before `text`. */
  readonly offset: number;
  readonly text: string;
  /** `file`: a script of its own. `double`, `single`: in quotes of YAML, with `text` as they stand for it. */
  readonly style: 'file' | 'plain' | 'block' | 'double' | 'single';
  /** In quotes: bytes of the whole scalar. */
  readonly end?: number;
  readonly line?: number;
  readonly column?: number;
  /** It is also used where the rest of the checkout is not. */
  readonly isCopied?: boolean;
  /** Why commands in it cannot be changed by themselves. */
  readonly because?: string;
}

/** Finds where a line of `script:` is written. `value` is what it stands for. */
export function locateScript(files: CiFiles, { span }: Node, value: string): ScriptText {
  const { file, start, end, line, column } = span;
  const raw = Buffer.from(files.read(file) ?? '')
    .subarray(start, end)
    .toString('utf8');
  const place = { file, offset: start, line, column };
  const fixed = (because: string): ScriptText => ({ ...place, text: value, style: 'plain', because });
  if (raw.startsWith('"')) return { ...place, text: value, style: 'double', end };
  if (raw.startsWith("'")) return { ...place, text: value, style: 'single', end };
  if (raw.startsWith('>')) return fixed('it is written in a folded text (>)');
  if (raw.startsWith('|')) {
    const header = raw.indexOf('\n') + 1;
    if (header === 0) return fixed('it is empty');
    return {
      file,
      offset: start + Buffer.byteLength(raw.slice(0, header)),
      text: raw.slice(header),
      style: 'block',
      line: line + 1,
      column: 1,
    };
  }
  if (raw !== value) return fixed('it is written over several lines');
  return { ...place, text: raw, style: 'plain' };
}

export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text written over bytes of the file, as `JobEdit` counts them. */
export interface FilePiece extends Piece {
  readonly file: string;
}

/** Writes pieces over parts of a script; what YAML puts around them stays what it is. */
export function writeScript(script: ScriptText, pieces: readonly Piece[]): FilePiece[] {
  const { file, offset, text, style, end } = script;
  if ((style === 'double' || style === 'single') && end !== undefined) {
    const value = [...pieces]
      .sort((a, b) => b.start - a.start)
      .reduce((all, { start, end: to, text: by }) => all.slice(0, start) + by + all.slice(to), text);
    const quoted =
      style === 'double' || value.includes('\n') ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
    return [{ file, start: offset, end, text: quoted }];
  }
  return pieces.map(({ start, end: to, text: by }) => ({
    file,
    start: offset + Buffer.byteLength(text.slice(0, start)),
    end: offset + Buffer.byteLength(text.slice(0, to)),
    text: by,
  }));
}
