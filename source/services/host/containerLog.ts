import { type FailureView, viewFailure } from '../../core/datum.ts';
import { asFailure, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { TraceLog } from '../../core/trace/log.ts';
import type { Host } from './types.ts';

/** `following`: it may say more. `ended`: the container has, or the time is over. `failed`: what came stays. */
export type ContainerLogState = 'connecting' | 'following' | 'ended' | 'failed';

/** What a container says, as it says it. Its text is untrusted. */
export interface ContainerLog {
  readonly log: TraceLog;
  state(): ContainerLogState;
  failure(): FailureView | undefined;
  /** Grows with every change of any of the above. */
  version(): number;
  subscribe(listener: () => void): () => void;
  /** Reads until the container ends or `stop`. */
  follow(): void;
  stop(): void;
}

export interface ContainerLogOptions {
  readonly host: Pick<Host, 'shell'>;
  readonly engine: 'docker' | 'podman';
  readonly name: string;
  /** Lines from before; 1000 when absent. */
  readonly tail?: number;
}

/** Seconds: sshd may let the program run on after its channel is closed, so the host ends it by itself. */
const longest = 3_600;
/** Bytes after which nothing more is read. */
const most = 64 * 1024 * 1024;

export function openContainerLog({ host, engine, name, tail = 1_000 }: ContainerLogOptions): ContainerLog {
  const log = new TraceLog();
  const listeners = new Set<() => void>();
  const tried = `${engine} logs ${name}`;
  let state: ContainerLogState = 'connecting';
  let failure: FailureView | undefined;
  let version = 0;
  let running: AbortController | undefined;
  const move = (next: ContainerLogState, why?: FailureView): void => {
    state = next;
    failure = why;
    version += 1;
    for (const listener of listeners) listener();
  };

  const read = async (abort: AbortController): Promise<void> => {
    const shell = await host.shell(abort.signal);
    const own = [engine, 'logs', '--follow', '--tail', String(tail), name] as const;
    for (const argv of [['timeout', String(longest), ...own] as const, own]) {
      let last = '';
      const { code } = await shell.read(argv, {
        signal: abort.signal,
        timeout: (longest + 10) * 1_000,
        maxBytes: 0,
        onOutput(text) {
          last = text;
          if (log.size >= most) return abort.abort();
          log.append(Buffer.from(text));
          move('following');
        },
      });
      // 127: there is no `timeout` on the host. 124: its time is over.
      if (code === 127 && argv !== own) continue;
      if (code !== 0 && code !== 124)
        throw new Unavailable({
          tried,
          saw: plain(last.trim().split('\n').at(-1) ?? '', 300) || `exit status ${code ?? 'unknown'}`,
          next: ['See what there is on the host: docker ps -a'],
          code: 'no-log',
        });
      return;
    }
  };

  const follow = async (abort: AbortController): Promise<void> => {
    try {
      await read(abort);
      log.complete();
      move('ended');
    } catch (thrown) {
      if (log.size >= most) move('ended');
      else if (!abort.signal.aborted) move('failed', viewFailure(asFailure(thrown, tried)));
    } finally {
      if (running === abort) running = undefined;
    }
  };

  return {
    log,
    state: () => state,
    failure: () => failure,
    version: () => version,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow() {
      if (running || log.size > 0) return;
      running = new AbortController();
      void follow(running);
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}
