import { render } from 'ink';
import type { AppInput } from './appInput.ts';
import { createHost } from './createHost.ts';
import { createQuestions } from './dialogs/ask.ts';
import { Root } from './root.tsx';
import { holdConsole } from './terminal/console.ts';
import { lastWords } from './terminal/lastWords.ts';
import { createRedraw } from './terminal/redraw.ts';
import { listenForEndings } from './terminal/signals.ts';

export type { AppInput, AppOptions } from './appInput.ts';
export { createQuestions, type Questions } from './dialogs/ask.ts';

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
