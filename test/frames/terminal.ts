import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import type { Monitor, Snapshot } from '../../source/monitor/snapshot.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { type AppOptions, runApp, type Watched } from '../../views/app.tsx';
import { laterScreens } from '../../views/screens/later.ts';
import { createQuestions, type Questions } from '../../views/state/ask.ts';
import { noon } from './snapshots.ts';
import { type FakeMonitor, fakeMonitor, fakeWorkspace } from './world.ts';

export interface Shown {
  readonly monitor: FakeMonitor;
  readonly workspace: Workspace;
  readonly questions: Questions;
  /** Types a chunk as a terminal sends it, and waits for the frame. */
  type(chunk: string): Promise<void>;
  /** The rows of the screen, without trailing blanks. */
  rows(): string[];
  frame(): string;
  /** Waits until the screen shows a text; for five seconds when nothing else is said. */
  until(text: string | RegExp, milliseconds?: number): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until nothing is written any more. */
  settle(): Promise<void>;
  /** All that was written so far. */
  written(): string;
  readonly terminal: xterm.Terminal;
  readonly status: Promise<number>;
  readonly stderr: () => string;
}

export interface ShowOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly workspace?: Workspace;
  readonly options?: AppOptions;
  /** Watches for real, in place of what shows the snapshot. */
  readonly monitor?: Monitor;
  /** Opens what is shown while the screen is there already. */
  readonly open?: () => Promise<Watched>;
}

const environment = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };

/** Runs the whole screen over a snapshot, in a terminal emulator in this process. */
export async function show(snapshot: Snapshot, given: ShowOptions = {}): Promise<Shown> {
  const { columns = 80, rows = 24 } = given;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = '';
  let errors = '';
  const stdout = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        const text = chunk.toString('utf8');
        written += text;
        terminal.write(text.replaceAll('\n', '\r\n'), done);
      },
    }),
    { isTTY: true, columns, rows },
  );
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      errors += chunk.toString('utf8');
      done();
    },
  });
  await laterScreens.load();
  const monitor = fakeMonitor(snapshot);
  const workspace = given.workspace ?? fakeWorkspace({ now: () => noon });
  const questions = createQuestions();
  const status = runApp({
    monitor: given.monitor ?? monitor,
    workspace,
    questions,
    version: '0.0.0',
    options: { env: environment, ...given.options },
    ...(given.open ? { open: given.open } : {}),
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr,
  });
  const settle = async (): Promise<void> => {
    for (let before = -1; before !== written.length; ) {
      before = written.length;
      await new Promise((resolve) => setTimeout(resolve, 40));
      await new Promise<void>((resolve) => terminal.write('', resolve));
    }
  };
  const read = (): string[] => {
    const buffer = terminal.buffer.active;
    return Array.from({ length: terminal.rows }, (_, row) =>
      (buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  };
  const shown: Shown = {
    monitor,
    workspace,
    questions,
    terminal,
    status,
    settle,
    rows: read,
    frame: () => read().join('\n'),
    written: () => written,
    stderr: () => errors,
    async type(chunk) {
      stdin.write(chunk);
      await settle();
    },
    async until(text, milliseconds = 5_000) {
      const isThere = (): boolean =>
        typeof text === 'string' ? read().join('\n').includes(text) : text.test(read().join('\n'));
      const deadline = Date.now() + milliseconds;
      while (!isThere()) {
        if (Date.now() > deadline) throw new Error(`never saw ${text} in\n${read().join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async resize(nextColumns, nextRows) {
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      terminal.resize(nextColumns, nextRows);
      stdout.emit('resize');
      await settle();
    },
  };
  onTestFinished(async () => {
    stdin.write('\u0003');
    await status.catch(() => {});
  });
  await settle();
  return shown;
}
