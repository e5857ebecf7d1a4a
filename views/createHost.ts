import { asFailure } from '../source/core/failure.ts';
import { actions } from './actions.ts';
import type { AppInput, AppOptions } from './appInput.ts';
import type { Questions } from './dialogs/ask.ts';
import type { Host } from './host.ts';
import { createKeyboard } from './keys/keyboard.ts';
import { createClock } from './state/clock.ts';
import { createUi } from './state/ui.ts';
import { clipboardSequence } from './terminal/clipboard.ts';
import { stopUntilContinued } from './terminal/suspend.ts';
import type { Tone } from './text/line.ts';
import { createTheme } from './theme.ts';

/** What is known only after Ink has started. */
export interface Connect {
  suspender(suspend: (run: () => Promise<void>) => Promise<void>): void;
  redraw(redraw: () => void): void;
}

/** Makes what the whole screen shares. */
export function createHost(
  { monitor, workspace, version }: AppInput,
  questions: Questions,
  options: AppOptions,
  stdout: NodeJS.WriteStream,
  leave: (status?: number) => void,
): { host: Host; connect: Connect } {
  const ui = createUi();
  const { openUrl, onToken } = options;
  let suspender: (run: () => Promise<void>) => Promise<void> = (run) => run();
  let redraw = (): void => {};
  const notify = (text: string, tone: Tone = 'info'): void =>
    ui.set({ notice: { text: workspace.redact(text), tone } });
  const failed = (thrown: unknown, tried: string): void => {
    const { saw, next } = asFailure(thrown, tried);
    notify([saw, ...next].join(' '), 'warn');
  };
  const suspend = async (run: () => Promise<void>): Promise<void> => {
    await suspender(run);
    redraw();
  };
  const keyboard = createKeyboard({
    actions,
    leave: () => leave(0),
    pressed: () => ui.get().notice && ui.set({ notice: undefined }),
    refused: ({ action, disabled }) => notify(`${action.title}: ${disabled}`, 'warn'),
  });
  const host: Host = {
    monitor,
    workspace,
    version,
    theme: createTheme(options),
    ui,
    keyboard,
    clock: createClock(workspace.now),
    focusedList: { current: undefined },
    ask: questions,
    notify,
    copy(text, what) {
      const sequence = clipboardSequence(workspace.redact(text));
      if (sequence === undefined)
        return notify(`${what} is too long for the clipboard of a terminal`, 'warn');
      stdout.write(sequence);
      notify(
        `copied ${what}; if it is not there, the terminal does not take OSC 52: select with Shift and the mouse`,
      );
    },
    browse(url) {
      if (url === undefined) return notify('this has no address', 'warn');
      if (!openUrl) return notify(url);
      openUrl(url).then(
        () => notify(`opened ${url}`),
        (thrown: unknown) => failed(thrown, `open ${url}`),
      );
    },
    suspend,
    stop: process.platform === 'win32' ? undefined : () => void suspend(stopUntilContinued),
    redraw() {
      ui.set(({ redraws }) => ({ redraws: redraws + 1 }));
      redraw();
    },
    hide: options.hide ?? (() => {}),
    signIn: onToken && (() => signIn(questions, onToken, notify, failed)),
    leave,
  };
  return {
    host,
    connect: {
      suspender: (given) => {
        suspender = given;
      },
      redraw: (given) => {
        redraw = given;
      },
    },
  };
}

async function signIn(
  questions: Questions,
  onToken: NonNullable<AppOptions['onToken']>,
  notify: Host['notify'],
  failed: (thrown: unknown, tried: string) => void,
): Promise<void> {
  const token = await questions.secret({
    title: 'GitLab token',
    lines: [
      'Paste a personal access token with the scope read_api, or api where jobs shall be started or variables written.',
      'It is not shown, and never written to a log.',
    ],
  });
  if (!token) return;
  notify('asking GitLab');
  await onToken(token).then(
    () => notify('signed in', 'good'),
    (thrown: unknown) => failed(thrown, 'sign in'),
  );
}
