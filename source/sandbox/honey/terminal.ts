import type { ServerChannel } from 'ssh2';
import { executionOf, loginShell } from './session.ts';
import type { Machine, ShellState } from './shell/context.ts';
import { parseShell } from './shell/parser.ts';
import { runText } from './shell/run.ts';
import { ShellSyntaxError } from './shell/syntax.ts';
import { operator } from './world.ts';

/** An interactive shell with a terminal: prompt, echo, line editing, history, Ctrl-C and Ctrl-D. */
export function runTerminal(channel: ServerChannel, machine: Machine, stopping: AbortSignal): void {
  const shell = loginShell();
  const history: string[] = [];
  const typed: string[] = [];
  let line = '';
  let recalled = 0;
  /** Lines of a command that is not whole yet. */
  let pending = '';
  let running: AbortController | undefined;
  /** Where a command reads from: lines until Ctrl-D. */
  let reading: { text: string; readonly done: (bytes: Buffer) => void } | undefined;

  const print = (data: string | Uint8Array): void => {
    if (channel.writable) channel.write(Buffer.from(data).toString('utf8').replaceAll('\n', '\r\n'));
  };
  const prompt = (): void =>
    print(pending ? '> ' : `[${operator.name}@${machine.hostname} ${shown(shell)}]$ `);
  const replace = (text: string): void => {
    print(`${'\b \b'.repeat(line.length)}${text}`);
    line = text;
  };

  const endReading = (): void => {
    reading?.done(Buffer.from(reading.text));
    reading = undefined;
  };
  const input = (): Promise<Buffer> =>
    new Promise((resolve) => {
      reading = { text: '', done: resolve };
    });

  function enter(text: string): void {
    const whole = pending ? `${pending}\n${text}` : text;
    pending = isIncomplete(whole) ? whole : '';
    if (pending) prompt();
    else perform(whole);
  }

  async function perform(whole: string): Promise<void> {
    if (whole.trim() !== '' && history.at(-1) !== whole) history.push(whole);
    recalled = history.length;
    running = new AbortController();
    const signal = AbortSignal.any([running.signal, stopping]);
    signal.addEventListener('abort', endReading);
    const execution = executionOf(machine, shell, { input, out: print, err: print }, signal);
    await runText(whole, execution).catch(() => {});
    running = undefined;
    endReading();
    if (shell.exit !== undefined) {
      leave(shell.exit);
      return;
    }
    prompt();
    const waiting = typed.splice(0).join('');
    if (waiting) take(waiting);
  }

  function leave(status: number): void {
    if (!channel.writable) return;
    channel.exit(status);
    channel.end();
  }

  function recall(step: -1 | 1): void {
    recalled = Math.min(Math.max(recalled + step, 0), history.length);
    replace(history[recalled] ?? '');
  }

  function endLine(): void {
    print('\n');
    const text = line;
    line = '';
    if (reading) reading.text += `${text}\n`;
    else enter(text);
  }

  function interrupt(): void {
    print('^C\n');
    line = '';
    pending = '';
    if (running) running.abort();
    else prompt();
  }

  function endInput(): void {
    if (reading) endReading();
    else if (line === '') {
      print('logout\n');
      leave(shell.status);
    }
  }

  function clear(): void {
    print('\u001B[H\u001B[2J');
    prompt();
    print(line);
  }

  const keys: Readonly<Record<string, () => void>> = {
    '\r': endLine,
    '\n': endLine,
    '\u0003': interrupt,
    '\u0004': endInput,
    '\u007F': () => replace(line.slice(0, -1)),
    '\b': () => replace(line.slice(0, -1)),
    '\u000C': clear,
    '\u0015': () => replace(''),
    '\u0017': () => replace(line.replace(/\S*\s*$/, '')),
    '\u001B[A': () => recall(-1),
    '\u001B[B': () => recall(1),
  };

  function key(letter: string): void {
    const act = keys[letter];
    if (act) act();
    else if (!/^[\u0000-\u001F]/.test(letter)) {
      line += letter;
      print(letter);
    }
  }

  /** What is typed while a command runs that does not read waits for the next prompt. */
  function take(text: string): void {
    for (const letter of text.match(/\u001B\[[0-9;]*[A-Za-z~]|\u001BO.|[\s\S]/gu) ?? []) {
      if (running && !reading && letter !== '\u0003') typed.push(letter);
      else key(letter);
    }
  }

  channel.on('data', (data: Buffer) => take(data.toString('utf8')));
  channel.on('error', () => {});
  channel.on('close', () => running?.abort());
  prompt();
}

function shown({ cwd }: ShellState): string {
  if (cwd === operator.home) return '~';
  return cwd.split('/').at(-1) || '/';
}

function isIncomplete(text: string): boolean {
  try {
    parseShell(text);
    return false;
  } catch (thrown) {
    return thrown instanceof ShellSyntaxError && thrown.isIncomplete && text.trim() !== '';
  }
}
