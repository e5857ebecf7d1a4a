import type { Effect } from '../../core/ci/effect.ts';
import type { ResolvedJobSet } from '../../core/ci/jobSet.ts';
import type { PipelineEvent } from '../../core/ci/model.ts';
import { expectedJobs } from '../../core/pipeline/expected.ts';
import { gainBetween, type Plan, type WhatIf } from '../../core/pipeline/gain.ts';
import { usualDuration } from '../../core/pipeline/history.ts';
import type { Simulation, TimedJob } from '../../core/pipeline/simulate.ts';
import { keptName, keptPath, type Predicted } from '../../core/plan/predicted.ts';
import type { TrialExpected } from '../../core/plan/trialRun.ts';
import type { Summary } from '../../core/statistics.ts';
import { counted, duration, percent } from '../../core/text/format.ts';
import type { Preflight } from '../task.ts';
import type { CiChange, ExpectedDuration } from './change.ts';
import type { Past } from './past.ts';

/** `branch`: the pipelines of the branch that a trial makes. */
export type PredictedEvent = PipelineEvent | 'branch';

/** What a change is expected to bring to the pipelines of one event. */
export interface Prediction {
  readonly event: PredictedEvent;
  /** Against now, once caches are filled. */
  readonly warm: WhatIf;
  /** The first time, where that is another. */
  readonly cold?: WhatIf;
  /** Of so many pipelines. */
  readonly pipelines: number;
  readonly runners: number;
  /** Jobs that never ran as far as is known. */
  readonly guessed: readonly string[];
  /** How long such pipelines really took, to hold the simulation against. */
  readonly real?: Summary;
}

const predicted: readonly PipelineEvent[] = ['push', 'merge_request', 'tag'];

/** Simulates the pipelines of each event before and after a change; none where nothing is known of durations. */
export function predict(effect: Effect, change: CiChange, past: Past, defaultBranch: string): Prediction[] {
  return effect.events.flatMap((one) => {
    if (!predicted.includes(one.event)) return [];
    const real = one.event === 'push' ? past.wallClocks.get(defaultBranch) : undefined;
    return predictOne(one, change, past).map((found) => (real ? { ...found, real } : found));
  });
}

/** The jobs of one kind of pipeline, without and with a change. */
export interface Sets {
  readonly event: PredictedEvent;
  readonly before: ResolvedJobSet;
  readonly after: ResolvedJobSet;
}

/** Simulates one kind of pipeline before and after a change; nothing where no duration is known, or no job runs. */
export function predictOne({ event, before, after }: Sets, change: CiChange, past: Past): Prediction[] {
  const { history, fleet } = past;
  if (history.pipelines === 0 || before.jobs.length === 0 || after.jobs.length === 0) return [];
  const durations = change.durations ?? [];
  const planOf = (set: ResolvedJobSet, when?: 'cold' | 'warm'): Plan => ({
    stages: set.configuration.stages,
    jobs: withDurations(set, expectedJobs(set, history).jobs, durations, when),
    ...(fleet.length > 0 ? { runners: fleet } : {}),
  });
  const fixed = new Set(
    after.jobs.filter((job) => expectedOf(durations, job.definition.name, job.name)).map(({ name }) => name),
  );
  const options = { fixed, spreads: (name: string) => usualDuration(history, name) };
  const isSameCold = durations.every(({ cold, warm }) => warm === undefined || cold === warm);
  return [
    {
      event,
      warm: gainBetween(planOf(before), planOf(after, 'warm'), options),
      ...(isSameCold ? {} : { cold: gainBetween(planOf(before), planOf(after, 'cold'), options) }),
      pipelines: history.pipelines,
      runners: fleet.length,
      guessed: expectedJobs(after, history).guessed,
    },
  ];
}

/** What is expected of a trial's first pipeline, whose caches are empty, or of those after it. */
export function expectedOfTrial(
  { warm, cold }: Prediction,
  { durations = [] }: CiChange,
  when: 'cold' | 'warm',
): TrialExpected {
  const jobs = durations.flatMap(({ job, cold: first, warm: later }) => {
    const seconds = when === 'warm' ? (later ?? first) : first;
    return seconds === undefined ? [] : [[job, seconds] as const];
  });
  return {
    before: warm.before.wallClock,
    wallClock: (when === 'cold' ? (cold ?? warm) : warm).after.wallClock,
    jobs: Object.fromEntries(jobs),
  };
}

/** A prediction as it is kept with the run, to be held against what is measured later. */
export function keptPrediction({ event, warm, cold, pipelines, real }: Prediction): Predicted[] {
  if (event !== 'push' && event !== 'merge_request' && event !== 'tag') return [];
  const { before, after, spread } = warm;
  const path = ({ criticalPath }: Simulation): string[] =>
    criticalPath.slice(0, keptPath).map(({ name }) => name.slice(0, keptName));
  return [
    {
      event,
      before: before.wallClock,
      after: after.wallClock,
      ...(cold ? { cold: cold.after.wallClock } : {}),
      ...(spread
        ? { low: Math.max(0, before.wallClock - spread.p95), high: before.wallClock - spread.p5 }
        : {}),
      ...(real && real.median > 0 ? { error: before.wallClock / real.median - 1 } : {}),
      pipelines,
      pathBefore: path(before),
      pathAfter: path(after),
    },
  ];
}

/** Predictions as lines of what was looked at. */
export function predictionLines(predictions: readonly Prediction[], change: CiChange): Preflight[] {
  if (predictions.length === 0)
    return [
      {
        id: 'gain',
        title: 'Predicted gain',
        state: 'unknown',
        saw: 'no finished pipeline is known, so nothing is predicted',
      },
    ];
  const bases = (change.durations ?? []).map(({ job, warm, cold, because }) => ({
    id: `duration-${job}`,
    title: `Taken for ${job}`,
    state: 'fine' as const,
    saw: [
      ...(warm === undefined ? [] : [duration(warm)]),
      ...(cold === undefined || cold === warm ? [] : [`${duration(cold)} the first time`]),
      because,
    ].join(', '),
  }));
  return [...predictions.flatMap((one) => [predictionLine(one), ...pathLines(one)]), ...bases];
}

function predictionLine(prediction: Prediction): Preflight {
  const { event, warm } = prediction;
  return {
    id: `gain-${event}`,
    title: `Predicted, ${event}`,
    state: warm.gain.seconds > 0.5 ? 'fine' : 'warning',
    saw: predictionText(prediction),
  };
}

/** What the pipeline waits for from its creation to its end, before and after. */
function pathLines({ event, warm: { before, after } }: Prediction): Preflight[] {
  const [from, to] = [pathText(before), pathText(after)];
  if (from === to) return [];
  const line = { id: `path-${event}`, state: 'fine' } as const;
  return [
    { ...line, title: `Critical path now, ${event}`, saw: from },
    { ...line, title: `Critical path then, ${event}`, saw: to },
  ];
}

function pathText({ criticalPath }: Simulation): string {
  return criticalPath
    .map(({ name, queuedAt, start, end }) => {
      const waits = start - queuedAt > 0.5 ? `waits ${duration(start - queuedAt)}, ` : '';
      return `${name} (${waits}${duration(end - start)}, until ${duration(end)})`;
    })
    .join(' → ');
}

/** Before and after, the gain, how sure it is, and what it rests on. */
export function predictionText({ warm, cold, pipelines, runners, guessed, real }: Prediction): string {
  const { before, after, gain, spread } = warm;
  const verb = gain.seconds > 0.5 ? 'saves' : gain.seconds < -0.5 ? 'costs' : 'saves nothing:';
  const isNothing = Math.abs(gain.seconds) <= 0.5;
  const off = real && before.wallClock > 0 ? before.wallClock / real.median - 1 : undefined;
  return [
    `${duration(before.wallClock)} → ${duration(after.wallClock)}, ${
      isNothing
        ? 'saves nothing: what changes is not on the critical path'
        : `${verb} ${duration(Math.abs(gain.seconds))} (${gain.ratio.toFixed(2)}×)`
    }`,
    ...(spread && !isNothing ? [`nine of ten draws: ${signed(spread.p5)} to ${signed(spread.p95)}`] : []),
    ...(cold ? [`the first time ${duration(cold.after.wallClock)}`] : []),
    `from ${counted(pipelines, 'pipeline')} on ${runners === 0 ? 'runners without limit' : counted(runners, 'runner')}`,
    ...(off === undefined || !real
      ? []
      : [
          `the same simulation is ${percent(Math.abs(off))} off what pipelines now take (median ${duration(real.median)}, N ${real.n})`,
        ]),
    ...(guessed.length > 0 ? [`${counted(guessed.length, 'job')} never seen to run`] : []),
  ].join('; ');
}

function signed(seconds: number): string {
  return seconds < 0 ? `-${duration(-seconds)}` : duration(seconds);
}

function withDurations(
  set: ResolvedJobSet,
  jobs: readonly TimedJob[],
  durations: readonly ExpectedDuration[],
  when: 'cold' | 'warm' | undefined,
): TimedJob[] {
  return jobs.map((job, index) => {
    const expected = expectedOf(durations, set.jobs[index]?.definition.name ?? job.name, job.name);
    const seconds = when && (when === 'warm' ? (expected?.warm ?? expected?.cold) : expected?.cold);
    return seconds === undefined ? job : { ...job, duration: seconds };
  });
}

function expectedOf(
  durations: readonly ExpectedDuration[],
  ...names: readonly string[]
): ExpectedDuration | undefined {
  return durations.find(({ job }) => names.includes(job));
}
