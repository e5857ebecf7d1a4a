import { type ChildProcess, spawn } from 'node:child_process';
import { Unavailable } from '../../core/failure.ts';
import type { Grant } from '../grant.ts';

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to the program's own environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Given on standard input, which is closed after it; without it standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Milliseconds until the process group is ended; 30 s when absent. */
  readonly timeout?: number;
  /** Bytes of standard output and of standard error kept, each; 16 MiB when absent. The rest is read and dropped. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of output as it arrives, untrusted. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
}

export interface ProcessResult {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly exitSignal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True when output beyond `maxBytes` was dropped. */
  readonly cut: boolean;
}

/**
 * Runs a local program that changes nothing, from an argument vector, without a shell. The caller answers for that;
 * what changes anything goes through `runChanging`. Throws `Unavailable` when it cannot start or outlives its time.
 */
export async function runReading(
  argv: readonly [string, ...string[]],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  return run(argv, options);
}

/** Runs a local program that changes something, within a write of the gate. */
export async function runChanging(
  grant: Grant,
  argv: readonly [string, ...string[]],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  grant.check(`run ${argv[0]}`);
  return run(argv, options);
}

function run(argv: readonly [string, ...string[]], options: ProcessOptions): Promise<ProcessResult> {
  const [program, ...args] = argv;
  const { timeout = 30_000, maxBytes = 16 * 1024 * 1024, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const out = collect(child, 'stdout', maxBytes, options.onOutput);
    const err = collect(child, 'stderr', maxBytes, options.onOutput);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end(child);
    }, timeout);
    const abort = (): void => end(child);
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    child.on('error', (cause: NodeJS.ErrnoException) => {
      settle();
      const missing = cause.code === 'ENOENT';
      reject(
        new Unavailable({
          tried: `run ${program}`,
          saw: missing ? `${program} is not installed, or not on PATH` : cause.message,
          next: [missing ? `Install ${program}, or put it on PATH.` : `Run ${program} by hand to see why.`],
          code: missing ? 'no-program' : 'spawn-failed',
          cause,
        }),
      );
    });
    child.on('close', (code, exitSignal) => {
      settle();
      if (signal?.aborted) return reject(abortError(signal));
      if (timedOut) {
        const next = [`Run ${program} by hand to see what it waits for.`];
        return reject(
          new Unavailable({
            tried: `run ${program}`,
            saw: `no end after ${timeout / 1000} s`,
            next,
            code: 'timeout',
          }),
        );
      }
      resolve({ code, exitSignal, stdout: out.text(), stderr: err.text(), cut: out.cut() || err.cut() });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
  });
}

function collect(
  child: ChildProcess,
  name: 'stdout' | 'stderr',
  maxBytes: number,
  onOutput: ProcessOptions['onOutput'],
) {
  const parts: Buffer[] = [];
  let size = 0;
  let dropped = false;
  const decoder = onOutput ? new TextDecoder() : undefined;
  child[name]?.on('data', (part: Buffer) => {
    if (decoder) onOutput?.(decoder.decode(part, { stream: true }), name);
    const room = maxBytes - size;
    if (part.length > room) dropped = true;
    if (room > 0) parts.push(part.subarray(0, room));
    size += Math.min(part.length, Math.max(room, 0));
  });
  return { text: () => Buffer.concat(parts).toString('utf8'), cut: () => dropped };
}

/** Ends the child and what it started: the whole group, politely first. */
function end(child: ChildProcess): void {
  const pid = child.pid;
  if (pid === undefined) return;
  const send = (name: NodeJS.Signals): void => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      child.kill(name);
    }
  };
  send('SIGTERM');
  const last = setTimeout(() => send('SIGKILL'), 2_000);
  last.unref();
  child.once('close', () => clearTimeout(last));
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError');
}
