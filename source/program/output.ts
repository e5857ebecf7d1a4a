import type { Io } from '../cli/io.ts';
import { asFailure } from '../core/failure.ts';

/** SIGPIPE's status, as a shell gives it for a program whose reader has gone. */
const brokenPipe = 141;

/** Standard output and error of this process; ends it quietly when nobody reads them any more, as `head` does. */
export function openOutput(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(brokenPipe);
    });
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  };
}

/** Says why the program cannot run, and what to do; gives the exit status. */
export function sayFailure(thrown: unknown, io: Io): number {
  const failure = asFailure(thrown, 'run huskycat-tui');
  io.stderr(`${failure.message}\n${failure.next.map((step) => `  ${step}\n`).join('')}`);
  return 2;
}
