import type { PipelineJob } from '../../../source/core/gitlab/model.ts';
import type { Plan } from '../../../source/core/pipeline/gain.ts';
import type { PipelineGraph } from '../../../source/core/pipeline/graph.ts';
import { type History, usualDuration } from '../../../source/core/pipeline/history.ts';
import { observedRunners, timedJobs } from '../../../source/core/pipeline/replay.ts';
import type { Change } from '../../../source/core/pipeline/whatIf.ts';
import { duration } from '../../../source/core/text/format.ts';
import type { PipelineTimes } from '../model.ts';

/** Seconds for a job of which nothing is known. */
const guess = 60;

export interface LivePlan {
  readonly plan: Plan;
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
}

/** The pipeline that is looked at as the simulation takes it, with usual durations where there are any. */
export function planOf(graph: PipelineGraph, { timing }: PipelineTimes, history: History): LivePlan {
  let guessed = 0;
  const secondsOf = (job: PipelineJob, index: number): number | undefined => {
    if (timing.tense[index] === 'never' && job.status !== 'manual' && job.status !== 'created')
      return undefined;
    const usual =
      usualDuration(history, job.name)?.median ?? (job.status === 'success' ? job.duration : undefined);
    if (job.kind === 'bridge') return usual ?? 0;
    if (usual === undefined) guessed += 1;
    return usual ?? guess;
  };
  const jobs = timedJobs(graph, secondsOf);
  const runners = observedRunners(graph, timing);
  const isServed = graph.jobs.every(
    ({ runner, kind }, index) => kind === 'bridge' || runner || timing.tense[index] !== 'past',
  );
  const isFinished = !timing.tense.some((tense) => tense === 'now' || tense === 'coming');
  const withRunners = isFinished && isServed && runners.length > 0;
  return {
    plan: { stages: graph.stages, jobs, ...(withRunners ? { runners } : {}) },
    assumptions: [
      withRunners
        ? `${runners.length} runners with the places that they used at most in this pipeline`
        : 'every job finds a runner at once',
      ...(guessed > 0 ? [`${guessed} jobs of unknown duration count as ${guess} s`] : []),
      'every job succeeds, and manual jobs are not played',
    ],
  };
}

/** A change in words: `build:nix needs prepare, fetch`. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'stage':
      return `${change.job} in the stage ${change.stage}`;
    case 'needs':
      if (change.needs === null) return `${change.job} in stage order`;
      return change.needs.length === 0
        ? `${change.job} starts at once`
        : `${change.job} needs ${change.needs.join(', ')}`;
    case 'tags':
      return change.tags.length === 0
        ? `${change.job} without tags`
        : `${change.job} with tags ${change.tags.join(', ')}`;
    case 'duration':
      return `${change.job} takes ${duration(change.seconds)}`;
    case 'remove':
      return `without ${change.job}`;
    case 'runner':
      return `one runner more, for ${change.runner.concurrent} jobs at once${change.runner.tags.length === 0 ? '' : ` with tags ${change.runner.tags.join(', ')}`}`;
  }
}

/** `25m`, `90`, `1h 5m 3s` as seconds; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const match = /^\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s?)?\s*$/.exec(text);
  const [, hours, minutes, seconds] = match ?? [];
  if (hours === undefined && minutes === undefined && seconds === undefined) return undefined;
  return Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
