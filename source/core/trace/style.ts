/** A colour: one of the terminal's 256, or `#rrggbb`. */
export type Color = number | `#${string}`;

/** What a log may do to its text; nothing else of SGR is kept. */
export interface Style {
  readonly color?: Color;
  readonly background?: Color;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
}

export const noStyle: Style = {};

/** Text of one style; it holds no control, format or line-separating character. */
export interface Segment {
  readonly text: string;
  readonly style: Style;
}

type Flag = 'bold' | 'dim' | 'italic' | 'underline' | 'strike';

const on: Readonly<Record<number, Flag>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 9: 'strike' };
const off: Readonly<Record<number, readonly Flag[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  29: ['strike'],
};

/** The style after an SGR sequence with these parameters (ECMA-48 §8.3.117), `;` between; unknown ones change nothing. */
export function applySgr(style: Style, parameters: string): Style {
  if (parameters.length > 200 || /[^0-9;:]/.test(parameters)) return style;
  const codes = parameters.split(/[;:]/).map(Number);
  let next: Style = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extended(codes, at + 1);
      at += used;
      if (color !== undefined) next = colored(next, code === 38, color);
    } else next = applyCode(next, code);
  }
  return next;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return noStyle;
  const flag = on[code];
  if (flag) return { ...style, [flag]: true };
  const flags = off[code];
  if (flags) return without(style, flags);
  if (code >= 30 && code <= 37) return colored(style, true, code - 30);
  if (code >= 90 && code <= 97) return colored(style, true, code - 82);
  if (code >= 40 && code <= 47) return colored(style, false, code - 40);
  if (code >= 100 && code <= 107) return colored(style, false, code - 92);
  if (code === 39) return without(style, ['color']);
  return code === 49 ? without(style, ['background']) : style;
}

/** The colour of `5;n` or `2;r;g;b`, and how many codes it takes. */
function extended(codes: readonly number[], at: number): { color?: Color; used: number } {
  const isByte = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value <= 255;
  const [kind, a, b, c] = codes.slice(at, at + 4);
  if (kind === 5) return isByte(a) ? { color: a, used: 2 } : { used: 2 };
  if (kind !== 2) return { used: 0 };
  const parts = [a, b, c];
  if (!parts.every(isByte)) return { used: 4 };
  const hex = parts.map((value) => value.toString(16).padStart(2, '0')).join('');
  return { color: `#${hex}`, used: 4 };
}

function colored(style: Style, isText: boolean, color: Color): Style {
  return isText ? { ...style, color } : { ...style, background: color };
}

function without(style: Style, names: readonly (Flag | 'color' | 'background')[]): Style {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.some((one) => one === name)));
}
