import type { PipelineJob } from '../../core/gitlab/model.ts';
import { fleetOf } from '../../core/pipeline/fleet.ts';
import { type History, historyOf, noHistory } from '../../core/pipeline/history.ts';
import type { RunnerSpec } from '../../core/pipeline/runners.ts';
import { wallClock } from '../../core/pipeline/wallClock.ts';
import { isOwnBranch } from '../../core/plan/branch.ts';
import { type Summary, summarize } from '../../core/statistics.ts';
import type { Planning } from '../task.ts';

/** What recent pipelines say: durations, the runners that ran them, and how long whole pipelines took. */
export interface Past {
  readonly history: History;
  readonly fleet: readonly RunnerSpec[];
  /** Seconds from creation to the last job's end, by ref. */
  readonly wallClocks: ReadonlyMap<string, Summary>;
}

/** The newest so many successful pipelines are looked at, so many at once. */
const newest = 12;
const together = 3;

/** Nothing without GitLab, or where it does not answer: then nothing is predicted from history. */
export async function readPast({
  workspace,
  known,
  signal,
}: Pick<Planning, 'workspace' | 'known' | 'signal'>): Promise<Past> {
  const none: Past = { history: noHistory, fleet: [], wallClocks: new Map() };
  if ('off' in workspace.gitlab) return none;
  const { service: gitlab } = workspace.gitlab;
  try {
    const listed = await gitlab.pipelines({ limit: newest * 2, status: 'success' }, signal);
    const found = listed
      .filter(({ ref }) => !isOwnBranch(ref))
      .slice(0, newest)
      .toReversed();
    const jobs: (readonly PipelineJob[])[] = [];
    for (let at = 0; at < found.length; at += together)
      jobs.push(
        ...(await Promise.all(found.slice(at, at + together).map(({ id }) => gitlab.jobs(id, signal)))),
      );
    const walls = new Map<string, number[]>();
    for (const [index, { ref }] of found.entries()) {
      const seconds = wallClock(jobs[index] ?? []);
      if (seconds !== undefined) walls.set(ref, [...(walls.get(ref) ?? []), seconds]);
    }
    const summaries = [...walls].flatMap(([ref, values]) => {
      const summary = summarize(values);
      return summary ? [[ref, summary] as const] : [];
    });
    return {
      history: historyOf(jobs),
      fleet: fleetOf(jobs.flat(), known.runners.value?.runners),
      wallClocks: new Map(summaries),
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof Error) return none;
    throw thrown;
  }
}
