import { asFailure } from '../source/core/failure.ts';
import { actions } from './actions.ts';
import type { AppInput, AppOptions, Watched } from './appInput.ts';
import type { Host } from './host.ts';
import { createKeyboard } from './keys/keyboard.ts';
import { signIn } from './signIn.ts';
import type { Questions } from './state/ask.ts';
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
  /** From now on the screen shows this; gives the host to draw it with. */
  watch(watched: Watched): Host;
}

/** Makes what the whole screen shares. */
export function createHost(
  input: AppInput,
  questions: Questions,
  stdout: NodeJS.WriteStream,
  leave: (status?: number) => void,
): { host: Host; connect: Connect } {
  const ui = createUi();
  let { workspace } = input;
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
  const clock = createClock(workspace.now);
  const focusedList: Host['focusedList'] = { current: undefined };
  const hostOf = ({ monitor, options = {} }: Watched, isStarting: boolean): Host => ({
    monitor,
    workspace,
    version: input.version,
    isStarting,
    theme: createTheme(options),
    ui,
    keyboard,
    clock,
    focusedList,
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
      if (!options.openUrl) return notify(url);
      options.openUrl(url).then(
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
    signIn: signInWith(options.onToken),
    leave,
  });
  const signInWith = (onToken: AppOptions['onToken']): Host['signIn'] =>
    onToken && (() => signIn({ ask: questions, gate: workspace.gate, onToken, notify, failed }));
  return {
    host: hostOf(input, input.open !== undefined),
    connect: {
      suspender: (given) => {
        suspender = given;
      },
      redraw: (given) => {
        redraw = given;
      },
      watch(watched) {
        ({ workspace } = watched);
        return hostOf(watched, false);
      },
    },
  };
}
