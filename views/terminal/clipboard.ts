import { plain } from '../../source/core/text/safe.ts';

/** Bytes of base64 that common terminals and tmux take. */
const most = 74_994;

/**
 * The sequence that puts text on the clipboard of the terminal (OSC 52), on this machine or the one that SSH comes from;
 * undefined when the text is longer than terminals take. Lines stay lines, whatever else could steer a shell goes.
 */
export function clipboardSequence(text: string): string | undefined {
  const clean = text
    .split('\n')
    .map((line) => plain(line, 10_000))
    .join('\n');
  const encoded = Buffer.from(clean, 'utf8').toString('base64');
  return encoded.length > most ? undefined : `\u001B]52;c;${encoded}\u0007`;
}
