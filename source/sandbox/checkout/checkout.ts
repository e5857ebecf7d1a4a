import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { huskycatHistory } from './history.ts';
import type { Repository } from './repository.ts';
import { writeCheckout } from './write.ts';

/** A temporary checkout of HuskyCat, in the state before the remaining tasks of the plan. */
export interface SandboxCheckout {
  readonly path: string;
  /** The same history, for the server's side. */
  readonly repository: Repository;
  /** Points `origin` at a server, which may be known only later; writes the folder. */
  write(gitlab: string): Promise<void>;
  stop(): Promise<void>;
}

/** `attic`: URL of the Attic server, without the cache. `now`: milliseconds since the epoch, the time of the world. */
export async function createSandboxCheckout(attic: string, now: number): Promise<SandboxCheckout> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'huskycat-sandbox-')));
  const repository = huskycatHistory(attic, now);
  return {
    path,
    repository,
    write: (gitlab) => writeCheckout(repository, path, `${gitlab}/tinyland/ai/huskycat.git`),
    stop: () => rm(path, { recursive: true, force: true }),
  };
}
