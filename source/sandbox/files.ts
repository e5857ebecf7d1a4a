import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The one folder that a sandbox writes to, for nobody else to read. */
export interface SandboxFolder {
  readonly path: string;
  /** Makes a folder in it and answers with its path. */
  make(name: string): string;
  remove(): Promise<void>;
}

/** Makes a folder of its own among the temporary files; it goes when it is removed, or with the process. */
export function makeSandboxFolder(): SandboxFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'huskycat-sandbox-')));
  const onExit = (): void => rmSync(path, { recursive: true, force: true });
  process.on('exit', onExit);
  return {
    path,
    make(name) {
      const folder = join(path, name);
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    },
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      process.off('exit', onExit);
    },
  };
}
