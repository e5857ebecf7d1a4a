import { render } from 'ink';
import type { Secret } from '../source/core/secret.ts';
import type { Monitor } from '../source/monitor/snapshot.ts';
import type { Workspace } from '../source/services/workspace.ts';
import { createHost } from './createHost.ts';
import { createQuestions, type Questions } from './dialogs/ask.ts';
import { Root } from './root.tsx';
import { holdConsole } from './terminal/console.ts';
import { lastWords } from './terminal/lastWords.ts';
import { createRedraw } from './terminal/redraw.ts';
import { listenForEndings } from './terminal/signals.ts';
import type { ThemeOptions } from './theme.ts';

export { createQuestions, type Questions } from './dialogs/ask.ts';

export interface AppOptions extends ThemeOptions {
  /** Opens an address in the user's browser; rejects with a `Failure` when it cannot. */
  readonly openUrl?: (url: string) => Promise<void>;
  /** Takes a GitLab token that the user gave; rejects with a `Failure` when it is no good. */
  readonly onToken?: (token: Secret) => Promise<void>;
}

export interface AppInput {
  readonly monitor: Monitor;
  readonly workspace: Workspace;
  readonly version: string;
  readonly options?: AppOptions;
  /** Made before, where services may ask before the screen is there. */
  readonly questions?: Questions;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  readonly stderr?: NodeJS.WritableStream;
}

/** Shows the screen until the user leaves, and gives the exit status: 0; 1 after a crash; 2 without a terminal; 128 and more for signals. */
export async function runApp(input: AppInput): Promise<number> {
  const {
    monitor,
    workspace,
    stdin = process.stdin,
    stdout = process.stdout,
    stderr = process.stderr,
  } = input;
  const options = input.options ?? {};
  const refusal = refusedTerminal(stdin, stdout, options.env ?? process.env);
  if (refusal !== undefined) {
    stderr.write(refusal);
    return 2;
  }
  const questions = input.questions ?? createQuestions();
  const held = holdConsole();
  const end = ending();
  const { host, connect } = createHost(input, questions, options, stdout, end.leave);
  const instance = render(<Root host={host} questions={questions} onSuspender={connect.suspender} />, {
    stdin,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
  });
  const redraw = createRedraw(instance, stdout);
  connect.redraw(redraw.now);
  const unlisten = listenForEndings(end, stdout);
  instance.waitUntilExit().then(() => end.leave(0), end.crash);
  monitor.start(new Set());
  const { status, thrown } = await end.reached;
  questions.close();
  redraw.stop();
  monitor.stop();
  instance.unmount();
  await instance.waitUntilExit().catch(() => {});
  unlisten();
  const said = held.restore();
  if (thrown) stderr.write(lastWords(thrown.value, workspace.redact));
  if (thrown) for (const line of said) stderr.write(lastWords(new Error(line), workspace.redact));
  return status;
}

interface End {
  readonly status: number;
  readonly thrown?: { readonly value: unknown };
}

function ending(): {
  readonly reached: Promise<End>;
  leave(status?: number): void;
  crash(thrown: unknown): void;
} {
  const { promise, resolve } = Promise.withResolvers<End>();
  return {
    reached: promise,
    leave: (status = 0) => resolve({ status }),
    crash: (value) => resolve({ status: 1, thrown: { value } }),
  };
}

function refusedTerminal(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY)
    return 'The screen needs a terminal on standard input and output.\n  Run: huskycat-tui status\n';
  if (env.TERM === 'dumb')
    return 'This terminal (TERM=dumb) cannot draw a screen.\n  Run: huskycat-tui status, or set TERM to what your terminal is.\n';
  return undefined;
}
