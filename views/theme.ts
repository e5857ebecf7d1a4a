import { fitLine } from './text/fit.ts';
import { type Glyphs, glyphsOf } from './text/glyphs.ts';
import type { Line, Span, Tone } from './text/line.ts';

/** 0 no colour, 1 the terminal's own sixteen, 2 the 256 of xterm. */
export type ColourLevel = 0 | 1 | 2;

/** How meanings look on this terminal: colours, symbols, and how a row is painted. */
export interface Theme {
  readonly level: ColourLevel;
  readonly mode: 'dark' | 'light';
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  /** A line as exactly `width` cells with the colours of its spans, ready for one Ink `Text`. */
  paint(line: Line, width: number, options?: { readonly selected?: boolean }): string;
}

export interface ThemeOptions {
  readonly theme?: 'auto' | 'dark' | 'light';
  readonly ascii?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Of sixteen, of 256 on a dark ground, of 256 on a light one. */
type Palette = Readonly<Record<Tone, readonly [number, number, number] | undefined>>;

const palette: Palette = {
  text: undefined,
  dim: [90, 246, 242],
  faint: [90, 240, 249],
  good: [32, 114, 28],
  warn: [33, 221, 130],
  bad: [31, 210, 160],
  info: [36, 117, 25],
  accent: [36, 80, 30],
  running: [34, 75, 26],
  special: [35, 183, 90],
  key: [36, 117, 25],
  match: [35, 213, 126],
};

/** The theme for a terminal, from what its environment says and the user wants. */
export function createTheme({ theme = 'auto', ascii = false, env = process.env }: ThemeOptions): Theme {
  const level = colourLevel(env);
  const mode = theme === 'auto' ? groundOf(env) : theme;
  const plainOnly = ascii || !isUtf8(env);
  const glyphs = glyphsOf(plainOnly);
  const selection = level === 2 ? (mode === 'dark' ? '\u001B[48;5;238m' : '\u001B[48;5;253m') : '\u001B[7m';
  return {
    level,
    mode,
    ascii: plainOnly,
    glyphs,
    paint(line, width, { selected = false } = {}) {
      const text = paintLine(fitLine(line, width, glyphs.ellipsis), level, mode);
      return selected ? `${selection}${text}\u001B[${level === 2 ? 49 : 27}m` : text;
    },
  };
}

/** What is switched on at a place of a row. */
interface Style {
  readonly colour: string | undefined;
  readonly bold: boolean;
  readonly inverse: boolean;
}

const plainStyle: Style = { colour: undefined, bold: false, inverse: false };

/** A row with as few switches as it takes: blanks keep whatever colour is on, since nobody sees it. */
function paintLine(line: Line, level: ColourLevel, mode: Theme['mode']): string {
  let now = plainStyle;
  let text = '';
  for (const piece of line) {
    const style = styleOf(piece, level, mode);
    if (now.inverse || style.inverse || !isBlank(piece.text)) {
      text += switched(now, style);
      now = style;
    }
    text += piece.text;
  }
  return text + switched(now, plainStyle);
}

function styleOf(
  { tone = 'text', bold = false, inverse = false }: Span,
  level: ColourLevel,
  mode: Theme['mode'],
): Style {
  const of = level === 0 ? undefined : palette[tone];
  const colour = of && (level === 1 ? String(of[0]) : `38;5;${of[mode === 'dark' ? 1 : 2]}`);
  return { colour, bold, inverse };
}

function switched(from: Style, to: Style): string {
  const codes = [
    ...(from.bold === to.bold ? [] : [to.bold ? '1' : '22']),
    ...(from.inverse === to.inverse ? [] : [to.inverse ? '7' : '27']),
    ...(from.colour === to.colour ? [] : [to.colour ?? '39']),
  ];
  return codes.length === 0 ? '' : `\u001B[${codes.join(';')}m`;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** NO_COLOR (no-color.org) and FORCE_COLOR as chalk reads it; else by TERM and COLORTERM. */
function colourLevel(env: Readonly<Record<string, string | undefined>>): ColourLevel {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== '') {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '1' ? 1 : 2;
  }
  if (env.NO_COLOR) return 0;
  const term = env.TERM ?? '';
  if (term === 'dumb') return 0;
  const rich = /256|direct|kitty|alacritty|ghostty|wezterm|tmux|foot/.test(term) || Boolean(env.COLORTERM);
  return rich ? 2 : 1;
}

/** The ground's colour as rxvt, Konsole and others tell it in COLORFGBG: `foreground;background`. Dark when nobody tells. */
function groundOf(env: Readonly<Record<string, string | undefined>>): 'dark' | 'light' {
  const ground = /;(\d+)$/.exec(env.COLORFGBG ?? '')?.[1];
  return ground === '7' || ground === '15' ? 'light' : 'dark';
}

function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale === undefined ? true : /utf-?8/i.test(locale);
}
