import type { Job, PipelineEvent } from '../ci/model.ts';
import { expandNames, expandNeeds } from '../ci/needs.ts';
import { instancesOf } from '../ci/parallel.ts';
import { expectedJobs } from '../pipeline/expected.ts';
import type { Plan } from '../pipeline/gain.ts';
import type { History } from '../pipeline/history.ts';
import type { RunnerSpec } from '../pipeline/runners.ts';
import { type Simulation, simulate, type TimedJob } from '../pipeline/simulate.ts';
import type { Wait, Waits } from './waits.ts';
import type { EventJobs, World } from './world.ts';

/** How much the wall clock of each event counts; the rest counts nothing, and must not grow either. */
export const usualWeights: Readonly<Partial<Record<PipelineEvent, number>>> = {
  push: 0.4,
  merge_request: 0.4,
  tag: 0.1,
  schedule: 0.1,
};

/** The pipelines of a configuration as the simulation takes them, whatever their jobs wait for. */
export interface Pipelines {
  readonly events: readonly PipelineEvent[];
  /** Jobs that never ran as far as is known. */
  readonly guessed: ReadonlySet<string>;
  plan(event: PipelineEvent, waits: Waits): Plan;
  run(event: PipelineEvent, waits: Waits): Simulation;
  /** The definition of a job by its expanded name. */
  definitionOf(event: PipelineEvent, job: string): string | undefined;
  /** Jobs of the largest pipeline. */
  readonly size: number;
}

interface Timed {
  readonly event: EventJobs;
  readonly jobs: readonly TimedJob[];
  readonly byName: ReadonlyMap<string, Job>;
}

/** For the events that usually count. Durations are medians of the history, runners those that were seen; without any every job starts when it may. */
export function createPipelines(world: World, history: History, runners: readonly RunnerSpec[]): Pipelines {
  const guessed = new Set<string>();
  const timed = new Map(
    world.events
      .filter(({ event }) => (usualWeights[event] ?? 0) > 0)
      .map((event): [PipelineEvent, Timed] => {
        const expected = expectedJobs(event.set, history);
        for (const name of expected.guessed) guessed.add(name);
        return [
          event.event,
          { event, jobs: expected.jobs, byName: new Map(event.set.jobs.map((job) => [job.name, job])) },
        ];
      }),
  );
  const plan = (name: PipelineEvent, waits: Waits): Plan => {
    const one = timed.get(name);
    const jobs = one?.jobs.map((job) => moved(world, waits, one, job)) ?? [];
    const index = (job: TimedJob): number => world.stageIndex.get(job.stage) ?? 0;
    return {
      stages: world.configuration.stages,
      // GitLab makes jobs stage by stage, and the older one is handed out first.
      jobs: jobs.sort((a, b) => index(a) - index(b)),
      ...(runners.length > 0 ? { runners } : {}),
    };
  };
  return {
    events: [...timed.keys()],
    guessed,
    plan,
    run(event, waits) {
      const { stages, jobs, runners: fleet } = plan(event, waits);
      return simulate(stages, jobs, fleet);
    },
    definitionOf: (event, job) => timed.get(event)?.byName.get(job)?.definition.name,
    size: Math.max(0, ...[...timed.values()].map(({ jobs }) => jobs.length)),
  };
}

function moved(world: World, waits: Waits, { byName }: Timed, timed: TimedJob): TimedJob {
  const job = byName.get(timed.name);
  const name = job?.definition.name ?? '';
  const [before, after] = [world.waits.get(name), waits.get(name)];
  if (!job || !after || after === before) return timed;
  return { ...timed, stage: after.stage, needs: needsOf(world, job, after, byName) };
}

function needsOf(
  { configuration }: World,
  job: Job,
  { needs }: Wait,
  present: ReadonlyMap<string, Job>,
): readonly string[] | null {
  if (!needs) return null;
  const matrix = instancesOf(job.definition.name, job.definition.keywords).find(
    ({ name }) => name === job.name,
  )?.matrix;
  const names = needs.flatMap((need) =>
    need.item
      ? expandNeeds(need.item, configuration.jobs, matrix ?? {}).map((one) => one.job)
      : expandNames(need.job, configuration.jobs),
  );
  return names.filter((name) => present.has(name));
}
