import { asFailure } from '../../source/core/failure.ts';
import { plain } from '../../source/core/text/safe.ts';

/** What is said on the ordinary screen after a crash: the error, redacted, safe, and with its place in the program. */
export function lastWords(thrown: unknown, redact: (text: string) => string): string {
  const failure = asFailure(thrown, 'show the screen');
  const stack = thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1, 12) : [];
  return [`huskycat-tui stopped: ${failure.message}`, ...failure.next.map((step) => `  ${step}`), ...stack]
    .map((line) => `${plain(redact(line), 2_000)}\n`)
    .join('');
}
