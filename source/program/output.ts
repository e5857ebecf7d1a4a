import type { Io } from '../cli/io.ts';

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
