import { TraceLog } from '../../core/trace/log.ts';
import type { GitLab } from '../gitlab/types.ts';

/** A job's log from its start; no more of it once it has `most` bytes. */
export async function readLog(
  gitlab: Pick<GitLab, 'trace'>,
  job: number,
  most: number,
  signal?: AbortSignal,
): Promise<TraceLog> {
  const log = new TraceLog();
  for await (const piece of await gitlab.trace(job, 0, signal)) {
    log.append(piece);
    if (log.size >= most) break;
  }
  log.complete();
  return log;
}
