import type { GitLab } from '../services/gitlab/types.ts';
import type { Connected } from '../services/workspace.ts';

const storePath = /\/nix\/store\/[0-9abcdfghijklmnpqrsvwxyz]{32}-[0-9A-Za-z+._?=-]+/g;
/** Pipelines whose jobs are looked through, newest first. */
const searched = 3;
const logBytes = 512 * 1_024;
/** Milliseconds before a search that found nothing is made again. */
const pause = 10 * 60_000;

/**
 * Finds a store path that a CI job copied or pushed: an Attic server lists none, and a signature is only to be had for a path
 * that is asked for. Undefined when no log names one.
 */
export function createStorePathFinder(
  gitlab: Connected<GitLab>,
): (signal: AbortSignal) => Promise<string | undefined> {
  let found: string | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    if (found !== undefined || 'off' in gitlab || performance.now() - last < pause) return found;
    last = performance.now();
    found = await search(gitlab.service, signal).catch(() => undefined);
    signal.throwIfAborted();
    return found;
  };
}

async function search(gitlab: GitLab, signal: AbortSignal): Promise<string | undefined> {
  for (const { id } of (await gitlab.pipelines({ limit: searched }, signal)).slice(0, searched)) {
    const jobs = await gitlab.jobs(id, signal);
    const nix = jobs.filter(({ name, status }) => /nix|attic/i.test(name) && status === 'success');
    for (const { id: job } of nix) {
      const path = await inLog(gitlab, job, signal);
      if (path !== undefined) return path;
    }
  }
  return undefined;
}

/** The last path that is pushed or copied from a cache; derivations are in no cache. */
async function inLog(gitlab: GitLab, job: number, signal: AbortSignal): Promise<string | undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of await gitlab.trace(job, 0, signal))
    text = (text + decoder.decode(piece, { stream: true })).slice(-logBytes);
  const paths = [...text.matchAll(storePath)].map(([path]) => path).filter((path) => !path.endsWith('.drv'));
  return paths.at(-1);
}
