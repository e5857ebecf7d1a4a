import type { Io } from '../cli/io.ts';
import { asFailure, type Failure } from '../core/failure.ts';

/** SIGPIPE's status, as a shell gives it for a program whose reader has gone. */
const brokenPipe = 141;

/**
 * Standard output and error of this process. Ends it when they cannot be written any more: quietly where nobody reads them, as
 * with `head`, else with the reason, such as a full disk.
 */
export function openOutput(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(brokenPipe);
      if (stream.fd === 1) process.stderr.write(failureText(asFailure(error, 'write to standard output')));
      process.exit(2);
    });
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  };
}

/** Says why the program cannot run, and what to do; gives the exit status. */
export function sayFailure(thrown: unknown, io: Io): number {
  io.stderr(failureText(asFailure(thrown, 'run huskycat-tui')));
  return 2;
}

function failureText({ message, next }: Failure): string {
  return `${message}\n${next.map((step) => `  ${step}\n`).join('')}`;
}
