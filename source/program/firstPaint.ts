import { firstFrame } from '../../views/firstFrame.ts';
import type { ThemeOptions } from '../../views/theme.ts';

/** A terminal that shows the empty screen while the program loads. */
export interface FirstPaint {
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

/** Flags of the bare command that stand alone, and those that have a value. */
const alone = new Set(['--sandbox', '--read-only', '--ascii']);
const valued = /^--(?:dir|project|host|attic|bazel-remote|honey|profile|token-file|theme)(?:=|$)/;

/** Paints the empty screen when this command line will show the screen; undefined for every other. */
export function paintFirst(
  args: readonly string[],
  { stdin, stdout, env } = process,
): FirstPaint | undefined {
  if (!isBare(args) || !stdin.isTTY || !stdout.isTTY || env.TERM === 'dumb') return undefined;
  const { columns = 80, rows = 24 } = stdout;
  const theme = themeOf(args, env);
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

function isBare(args: readonly string[]): boolean {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (alone.has(arg)) continue;
    if (!valued.test(arg)) return false;
    if (!arg.includes('=')) at += 1;
  }
  return true;
}

function themeOf(args: readonly string[], env: NodeJS.ProcessEnv): ThemeOptions {
  const at = args.findIndex((arg) => arg.startsWith('--theme'));
  const wanted = args[at]?.split('=')[1] ?? (at < 0 ? env.HUSKYCAT_THEME : args[at + 1]);
  const isAscii = args.includes('--ascii') || (env.HUSKYCAT_ASCII ?? 'false') !== 'false';
  return {
    env,
    ...(wanted === 'light' || wanted === 'dark' ? { theme: wanted } : {}),
    ...(isAscii ? { ascii: true } : {}),
  };
}
