import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../core/secret.ts';

/** Asks for a secret on the terminal; what is typed or pasted is not shown. Undefined when nothing is given. */
export async function askSecret(question: string): Promise<Secret | undefined> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const answer = await new Promise<string>((resolve) => {
      reader.once('SIGINT', () => resolve(''));
      reader.once('close', () => resolve(''));
      reader.question('', resolve);
    });
    return answer.trim() === '' ? undefined : new Secret(answer.trim());
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
