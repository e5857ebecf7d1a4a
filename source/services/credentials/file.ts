import { NeedsUser } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import type { Redactor } from '../../core/text/redact.ts';
import { plain } from '../../core/text/safe.ts';
import { readPrivateFile } from '../config/private.ts';
import { tokenOf } from './tokenText.ts';

/** Standard input to its end; the one place that may be read is the composition root's to give. */
export type ReadInput = (signal?: AbortSignal) => Promise<string>;

/**
 * The token of `--token-file PATH`, or of standard input for `-`. Throws `NeedsUser`: what the user asked for by name is
 * never passed over in silence. Codes: `token-file-missing`, `token-file-mode`, `token-file-unreadable`, `token-shape`.
 */
export async function fileToken(
  path: string,
  {
    readInput,
    redactor,
    signal,
  }: { readInput: ReadInput; redactor: Redactor; signal?: AbortSignal | undefined },
): Promise<Secret> {
  const tried = path === '-' ? 'read the token from standard input' : `read the token file ${plain(path)}`;
  const text =
    path === '-'
      ? await readInput(signal)
      : (
          await readPrivateFile(path, { title: 'the token file', prefix: 'token-file', mayBePipe: true })
        )?.toString('utf8');
  if (text === undefined)
    throw new NeedsUser({
      tried,
      saw: 'there is no such file',
      next: ['Give the file that holds the token, or - for standard input.'],
      code: 'token-file-missing',
    });
  redactor.add(text.trim());
  return new Secret(tokenOf(text, tried));
}
