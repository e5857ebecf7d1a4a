import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { bundleOptions } from '../../bin/bundle.js';

const root = join(import.meta.dirname, '../..');

/** Bundles the fixture program as the program itself is bundled; gives its path. */
export async function buildFixture(): Promise<{ path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-screen-'));
  await build({ ...bundleOptions(root, '0.0.0'), entryPoints: ['test/terminal/fixture.ts'], outdir: folder });
  return {
    path: join(folder, 'fixture.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Session {
  readonly terminal: xterm.Terminal;
  type(keys: string): void;
  screen(): string;
  until(text: string | RegExp, milliseconds?: number): Promise<void>;
  resize(columns: number, rows: number): void;
  /** All bytes that came. */
  bytes(): string;
  /** Process id of the fixture, from the file that it writes. */
  pid(): number;
  /** Closes the terminal, as a dropped connection does. */
  drop(): void;
  readonly ended: Promise<void>;
}

/** Runs a shell command in a real pseudo-terminal whose bytes are replayed into an emulator. */
export function openSession(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
  size = { columns: 80, rows: 24 },
): Session {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-session-'));
  const pidFile = join(folder, 'pid');
  const { CI: _ci, NO_COLOR: _noColor, ...inherited } = process.env;
  const child = pty.spawn(command[0], command.slice(1), {
    name: 'xterm-256color',
    cols: size.columns,
    rows: size.rows,
    cwd: folder,
    env: {
      ...inherited,
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      PS1: 'prompt> ',
      FIXTURE_PID: pidFile,
      XDG_STATE_HOME: folder,
      XDG_CONFIG_HOME: folder,
      ...env,
    },
  });
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  let bytes = '';
  child.onData((data) => {
    bytes += data;
    terminal.write(data);
  });
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const screen = (): string => {
    const { active } = terminal.buffer;
    return Array.from({ length: terminal.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n');
  };
  return {
    terminal,
    screen,
    ended,
    bytes: () => bytes,
    type: (keys) => child.write(keys),
    resize(columns, rows) {
      child.resize(columns, rows);
      terminal.resize(columns, rows);
    },
    pid: () => Number(readFileSync(pidFile, 'utf8')),
    drop: () => child.kill('SIGHUP'),
    async until(text, milliseconds = 10_000) {
      const deadline = Date.now() + milliseconds;
      const isThere = (): boolean =>
        typeof text === 'string' ? screen().includes(text) : text.test(screen());
      while (!isThere()) {
        if (Date.now() > deadline) throw new Error(`never saw ${text} in\n${screen()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
