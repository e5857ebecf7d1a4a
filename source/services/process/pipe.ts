import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/** A running program whose standard input and output are one stream, as the socket of a connection. */
export interface Pipe {
  /** Closes when the program ends; destroying it ends the program. */
  readonly stream: Duplex;
  /** What the program said on standard error so far, untrusted, its last 8 KiB. */
  stderr(): string;
  /** Resolves when the program has ended and all that it said has been read. */
  readonly ended: Promise<void>;
}

const kept = 8 * 1024;
/** Milliseconds that a program has to end by itself. */
const grace = 1_000;

/**
 * Starts a program that carries a connection, such as `ssh -W host:port jump`, without a shell. It changes nothing by itself;
 * what travels through it is the caller's. A program that cannot start destroys the stream with that error.
 */
export function openPipe(argv: readonly [string, ...string[]]): Pipe {
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let said = Buffer.alloc(0);
  child.stderr.on('data', (part: Buffer) => {
    said = Buffer.concat([said, part]).subarray(-kept);
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => {});
  child.on('error', (error) => stream.destroy(error));
  const ended = new Promise<void>((done) => {
    child.on('error', () => done());
    child.on('close', () => done());
  });
  stream.on('close', () => {
    // Its input is closed now, so it ends by itself, and may say why.
    const last = setTimeout(() => end(child.pid), grace);
    last.unref();
    void ended.then(() => clearTimeout(last));
  });
  return { stream, stderr: () => said.toString('utf8'), ended };
}

/** Ends the program and what it started: a proxy command is often a shell with a child. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}
