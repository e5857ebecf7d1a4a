import { firstFrame } from '../../views/firstFrame.ts';
import type { ThemeOptions } from '../../views/theme.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { screenFlags } from './screenFlags.ts';

/** A terminal that shows the empty screen while the program loads. */
export interface FirstPaint {
  /** What the command line says. */
  readonly flags: CommonFlags;
  /** Leaves the terminal as it is for the program, which draws over it. */
  handOver(stdout: NodeJS.WriteStream): void;
  /** Gives the terminal back, as when the program cannot start. */
  leave(): void;
}

const enterAlternate = '\u001B[?1049h';
const leaveAlternate = '\u001B[?1049l';
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Paints the empty screen when this command line will show the screen; undefined for every other. */
export function paintFirst(
  args: readonly string[],
  { stdin, stdout, env } = process,
): FirstPaint | undefined {
  const flags = screenFlags(args);
  if (!flags || !stdin.isTTY || !stdout.isTTY || env.TERM === 'dumb') return undefined;
  const { columns = 80, rows = 24 } = stdout;
  const theme = themeOf(flags, env);
  stdout.write(
    `${enterAlternate}${hideCursor}\u001B[H${firstFrame(columns, rows, theme).join('\r\n')}\u001B[H`,
  );
  let isOurs = true;
  const leave = (): void => {
    if (!isOurs) return;
    isOurs = false;
    stdout.write(`${leaveAlternate}${showCursor}`);
  };
  const listeners = Object.entries(signals).map(([signal, status]) => {
    const end = (): void => {
      leave();
      process.exit(status);
    };
    process.once(signal, end);
    return { signal, end };
  });
  process.once('exit', leave);
  return {
    flags,
    leave,
    handOver(stream) {
      isOurs = false;
      process.off('exit', leave);
      for (const { signal, end } of listeners) process.off(signal, end);
      skipEntering(stream);
    },
  };
}

/** The terminal is in its alternate screen already: asking for it again would clear what is shown. */
function skipEntering(stdout: NodeJS.WriteStream): void {
  const write = stdout.write;
  stdout.write = function (this: NodeJS.WriteStream, chunk: unknown, ...rest: never[]): boolean {
    if (chunk !== enterAlternate) return write.call(stdout, chunk as string, ...rest);
    stdout.write = write;
    return true;
  } as NodeJS.WriteStream['write'];
}

/** As far as it is known before the configuration file is read. */
export function themeOf({ theme, ascii }: CommonFlags, env: NodeJS.ProcessEnv): ThemeOptions {
  const wanted = theme ?? env.HUSKYCAT_THEME;
  const isAscii = ascii === true || (env.HUSKYCAT_ASCII ?? 'false') !== 'false';
  return {
    env,
    ...(wanted === 'light' || wanted === 'dark' ? { theme: wanted } : {}),
    ...(isAscii ? { ascii: true } : {}),
  };
}
