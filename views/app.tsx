import { render } from 'ink';
import type { ReactNode } from 'react';
import type { AppInput, Watched } from './appInput.ts';
import { createHost } from './createHost.ts';
import type { Host } from './host.ts';
import { laterPipelineScreen } from './pipeline/later.ts';
import { Root } from './root.tsx';
import { laterScreens } from './screens/later.ts';
import { createQuestions } from './state/ask.ts';
import { holdConsole } from './terminal/console.ts';
import { lastWords } from './terminal/lastWords.ts';
import { createRedraw } from './terminal/redraw.ts';
import { listenForEndings } from './terminal/signals.ts';
import { createTidy } from './terminal/tidy.ts';

export type { AppInput, AppOptions, Watched } from './appInput.ts';
export { createQuestions, type Questions } from './state/ask.ts';

/** Milliseconds in which the first answers come; what nobody has opened yet is loaded after them. */
const firstAnswers = 1_500;

/**
 * Shows the screen until the user leaves, and gives the exit status: 0; 1 after a crash; 2 without a terminal; 128 and more for
 * signals. Throws what `open` rejects with.
 */
export async function runApp(input: AppInput): Promise<number> {
  const { stdin = process.stdin, stdout = process.stdout, stderr = process.stderr } = input;
  const refusal = refusedTerminal(stdin, stdout, input.options?.env ?? process.env);
  if (refusal !== undefined) {
    stderr.write(refusal);
    return 2;
  }
  const questions = input.questions ?? createQuestions();
  const held = holdConsole();
  const end = ending();
  const unlisten = listenForEndings(end, stdout);
  const { host, connect } = createHost(input, questions, stdout, end.leave);
  const screenOf = (shown: Host): ReactNode => (
    <Root host={shown} questions={questions} onSuspender={connect.suspender} />
  );
  const tidy = createTidy();
  let watched: Watched = input;
  const instance = render(screenOf(host), {
    stdin,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    onRender: tidy.stir,
  });
  const redraw = createRedraw(instance, stdout);
  connect.redraw(redraw.now);
  instance.waitUntilExit().then(() => end.leave(0), end.crash);
  let isOver = false;
  const open = async ({ open }: AppInput): Promise<void> => {
    await nextTurn();
    const opened = isOver ? undefined : await open?.();
    if (isOver || !opened) return;
    watched = opened;
    instance.rerender(screenOf(connect.watch(opened)));
  };
  let quiet: NodeJS.Timeout | undefined;
  const loadRest = (): void => {
    if (isOver) return;
    quiet = setTimeout(() => {
      for (const later of [laterPipelineScreen, laterScreens]) later.load().catch(end.crash);
    }, firstAnswers);
  };
  open(input).then(loadRest, end.refuse);
  const { status, thrown, refused } = await end.reached;
  isOver = true;
  clearTimeout(quiet);
  questions.close();
  redraw.stop();
  tidy.stop();
  watched.monitor.stop();
  instance.unmount();
  await instance.waitUntilExit().catch(() => {});
  unlisten();
  const said = held.restore();
  if (thrown) stderr.write(lastWords(thrown.value, watched.workspace.redact));
  if (thrown) for (const line of said) stderr.write(lastWords(new Error(line), watched.workspace.redact));
  if (refused) throw refused.value;
  return status;
}

/** What came from the terminal meanwhile is handled before what follows. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface End {
  readonly status: number;
  readonly thrown?: { readonly value: unknown };
  /** Why what the screen is for could not be opened. */
  readonly refused?: { readonly value: unknown };
}

function ending(): {
  readonly reached: Promise<End>;
  leave(status?: number): void;
  crash(thrown: unknown): void;
  refuse(thrown: unknown): void;
} {
  const { promise, resolve } = Promise.withResolvers<End>();
  return {
    reached: promise,
    leave: (status = 0) => resolve({ status }),
    crash: (value) => resolve({ status: 1, thrown: { value } }),
    refuse: (value) => resolve({ status: 2, refused: { value } }),
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
