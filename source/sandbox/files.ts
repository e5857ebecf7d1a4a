import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The one folder that a sandbox writes to, for nobody else to read. */
export interface SandboxFolder {
  readonly path: string;
  /** Makes a folder in it and answers with its path. */
  make(name: string): string;
  /** Runs what makes files in it. A signal that ends the process stops it first, so that nothing comes back. */
  fill(deed: (signal: AbortSignal) => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

const deadly = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Makes a folder of its own among the temporary files; it goes when it is removed, or with the process. */
export function makeSandboxFolder(): SandboxFolder {
  let made: string | undefined;
  const onExit = (): void => {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
  };
  process.on('exit', onExit);
  // Before there is a folder: a signal may come right after it.
  const stop = new AbortController();
  let filling = Promise.resolve();
  const forget = endWith(async () => {
    stop.abort();
    await filling.catch(() => {});
    onExit();
  });
  made = mkdtempSync(join(tmpdir(), 'huskycat-sandbox-'));
  const path = realpathSync(made);
  return {
    path,
    make(name) {
      const folder = join(path, name);
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    },
    fill(deed) {
      filling = deed(stop.signal);
      return filling;
    },
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      process.off('exit', onExit);
      forget();
    },
  };
}

/** Cleans up before a signal ends the process, where nobody else waits for it; gives the way to stop listening. */
function endWith(clean: () => Promise<void>): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    void clean().finally(() => {
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    });
  };
  for (const signal of deadly) process.on(signal, onSignal);
  return () => {
    for (const signal of deadly) process.off(signal, onSignal);
  };
}
