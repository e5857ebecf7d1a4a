import { Failure } from '../core/failure.ts';
import { type MarkInput, marksOf } from '../core/speed/marks.ts';
import { createdAt, type PastPipeline } from '../core/speed/past.ts';
import type { GitLab } from '../services/gitlab/types.ts';

export type BaseSource = Pick<GitLab, 'mergeBase' | 'rateLimit'>;

/** Whether a commit has another, by both; what was asked once does not change any more. */
export type HasMemory = Map<string, boolean>;

/**
 * The pipelines, each with the commits of tasks that it ran without although the default branch had them: a branch has what came
 * to the default branch only once it is brought up to date. One request for each commit outside the default branch, or a few;
 * none any more when a tenth of GitLab's rate limit is all that is left.
 */
export async function withLacking(
  gitlab: BaseSource,
  input: MarkInput,
  memory: HasMemory,
  signal?: AbortSignal,
): Promise<PastPipeline[]> {
  const { pipelines, defaultBranch } = input;
  const tasks = marksOf(input).filter(({ source, sha }) => source === 'task' && sha !== undefined);
  const found: PastPipeline[] = [];
  for (const pipeline of pipelines) {
    const { ref, sha } = pipeline.summary;
    const lacks: string[] = [];
    // Newest first: what has it has all that came before.
    for (const task of ref === defaultBranch ? [] : tasks.toReversed()) {
      if (task.sha === undefined || Date.parse(task.at) > createdAt(pipeline)) continue;
      const has = await hasCommit(gitlab, sha, task.sha, memory, signal);
      if (has === false) lacks.push(task.sha);
      else break;
    }
    found.push(lacks.length > 0 ? { ...pipeline, lacks } : pipeline);
  }
  return found;
}

/** Undefined where GitLab does not tell. */
async function hasCommit(
  gitlab: BaseSource,
  sha: string,
  wanted: string,
  memory: HasMemory,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const key = `${wanted} ${sha}`;
  const remembered = memory.get(key);
  if (remembered !== undefined) return remembered;
  const left = gitlab.rateLimit();
  if (left && left.remaining < left.limit / 10) return undefined;
  try {
    const base = await gitlab.mergeBase([wanted, sha], signal);
    if (base === undefined) return undefined;
    memory.set(key, base === wanted);
    return base === wanted;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 403) return undefined;
    throw thrown;
  }
}
