import type { ResolvedJobSet } from '../ci/jobSet.ts';
import type { CiFiles, Configuration, Job, PipelineEvent } from '../ci/model.ts';
import { createUses, type Uses } from './uses.ts';
import { type Waits, waitsOf } from './waits.ts';

/** The pipeline of one event, its jobs grouped by their names in the configuration. */
export interface EventJobs {
  readonly event: PipelineEvent;
  readonly set: ResolvedJobSet;
  readonly jobs: ReadonlyMap<string, readonly Job[]>;
  /** Jobs that nobody waits for in stage order: manual ones that may be left out. */
  readonly left: ReadonlySet<string>;
}

/** A configuration with all that moves of its jobs are held against. */
export interface World {
  readonly configuration: Configuration;
  readonly files: CiFiles;
  readonly uses: Uses;
  readonly waits: Waits;
  /** By name, the jobs that need it. */
  readonly dependants: ReadonlyMap<string, readonly string[]>;
  /** Events that have a pipeline. */
  readonly events: readonly EventJobs[];
  /** Events whose pipeline GitLab refuses to create as it is. */
  readonly refused: readonly PipelineEvent[];
  /** By stage name, in order of running. */
  readonly stageIndex: ReadonlyMap<string, number>;
}

/** Answers of GitLab that are no mistake: nothing runs for this event. */
const quiet = /^Pipeline (?:will not run|filtered out)/;

/** Gathers what is asked of a configuration again and again; an event whose pipeline cannot be created is left out. */
export function createWorld(
  configuration: Configuration,
  sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>,
  files: CiFiles,
): World {
  const events = [...sets].flatMap(([event, set]): EventJobs[] => {
    if (set.errors.length > 0 || set.jobs.length === 0) return [];
    const jobs = new Map<string, Job[]>();
    for (const job of set.jobs) {
      const list = jobs.get(job.definition.name);
      if (list) list.push(job);
      else jobs.set(job.definition.name, [job]);
    }
    const left = [...jobs].filter(([, list]) =>
      list.every((job) => job.when === 'manual' && job.allowFailure),
    );
    return [{ event, set, jobs, left: new Set(left.map(([name]) => name)) }];
  });
  const waits = waitsOf(configuration);
  const dependants = new Map<string, string[]>();
  for (const [name, { needs }] of waits)
    for (const { job } of needs ?? []) dependants.set(job, [...(dependants.get(job) ?? []), name]);
  return {
    configuration,
    files,
    uses: createUses(configuration, files),
    waits,
    dependants,
    events,
    refused: [...sets].flatMap(([event, { errors }]) =>
      errors.some(({ message }) => !quiet.test(message)) ? [event] : [],
    ),
    stageIndex: new Map(configuration.stages.map((stage, index) => [stage, index])),
  };
}
