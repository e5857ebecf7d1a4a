import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { NeedsUser } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { plain } from '../core/text/safe.ts';

/** True when there is a terminal to ask in. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** A yes-or-no question in the terminal; everything but a yes is no. */
export async function ask(question: string): Promise<boolean> {
  const answer = await readLine(`${plain(question)} [y/N] `, process.stdout);
  return /^y(?:es)?$/i.test(answer.trim());
}

/** A question about what cannot be undone: yes is the word, typed whole. */
export async function askTyped(question: string, word: string): Promise<boolean> {
  const prompt = `${plain(question)} This cannot be undone. Type ${plain(word)} to do it: `;
  return (await readLine(prompt, process.stdout)).trim() === word;
}

/**
 * A secret, from the variable `HUSKYCAT_SECRET_NAME` or typed without being shown. `hide` is told of it before anybody else.
 */
export async function askSecret(name: string, title: string, hide: (value: string) => void): Promise<Secret> {
  const variable = `HUSKYCAT_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  const given = process.env[variable] ?? (canAsk() ? await readHidden(`${plain(title)}: `) : undefined);
  if (given === undefined || given === '')
    throw new NeedsUser({
      tried: `ask for ${plain(title)}`,
      saw: 'it was not given',
      next: [`Set ${variable}, or run this in a terminal.`],
      code: 'no-secret',
    });
  hide(given);
  return new Secret(given);
}

async function readHidden(prompt: string): Promise<string> {
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  // The prompt comes when the terminal shows nothing of what is typed any more.
  const value = await readLine('', nowhere, () => void process.stdout.write(prompt));
  process.stdout.write('\n');
  return value;
}

async function readLine(
  prompt: string,
  output: NodeJS.WritableStream,
  begun: () => void = () => {},
): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = lines.question(prompt);
    begun();
    return await Promise.race([answer, closed]);
  } finally {
    lines.close();
  }
}
