import type { Evidence } from '../../core/evidence.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Connected } from '../../services/workspace.ts';

/** Pipelines that are looked through, newest first. */
const searched = 3;
/** Of each log, from its start. */
const logBytes = 8 * 1024 * 1024;

/** A job whose log says that it copied a path from the cache; undefined when none does, or logs cannot be read. */
export async function copiedFrom(
  gitlab: Connected<GitLab>,
  url: string,
  signal?: AbortSignal,
): Promise<Evidence | undefined> {
  if ('off' in gitlab) return undefined;
  const found = await search(gitlab.service, url, signal).catch(() => undefined);
  signal?.throwIfAborted();
  return found;
}

async function search(
  gitlab: GitLab,
  url: string,
  signal: AbortSignal | undefined,
): Promise<Evidence | undefined> {
  for (const { id, ref } of (await gitlab.pipelines({ limit: searched }, signal)).slice(0, searched))
    for (const { id: job, name, status, finishedAt } of await gitlab.jobs(id, signal)) {
      if (status !== 'success' || finishedAt === undefined || !/nix|attic/i.test(name)) continue;
      const path = await inLog(gitlab, job, url, signal);
      if (path === undefined) continue;
      const source = `log of ${plain(name)} in pipeline ${id} on ${plain(ref)}`;
      return { at: finishedAt, source, saw: `copied ${plain(path)} from ${url}` };
    }
  return undefined;
}

async function inLog(
  gitlab: GitLab,
  job: number,
  url: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of await gitlab.trace(job, 0, signal)) {
    size += piece.length;
    text += decoder.decode(piece, { stream: true });
    for (const [, path, from] of text.matchAll(/copying path '([^'\s]+)' from '([^'\s]+)'/g))
      if (from?.replace(/\/+$/, '') === url) return path;
    if (size > logBytes) return undefined;
    // A line may go on in the next piece.
    text = text.slice(text.lastIndexOf('\n') + 1).slice(-4_096);
  }
  return undefined;
}
