import type { PipelineEvent } from '../ci/model.ts';
import type { Pipelines } from './pipelines.ts';
import type { Waits } from './waits.ts';

/** Seconds of wall clock of one event before and after. */
export interface EventGain {
  readonly event: PipelineEvent;
  readonly before: number;
  readonly after: number;
}

/** What a change of waits brings. */
export interface Value {
  readonly gains: readonly EventGain[];
  /** Seconds saved, weighted by how much each event counts. */
  readonly score: number;
  /** Seconds that the event loses which loses most; 0 when none does. */
  readonly loss: number;
}

export type Weights = Readonly<Partial<Record<PipelineEvent, number>>>;

/** Simulations are counted, so that a search over thousands of jobs ends. */
export interface Valuer {
  of(waits: Waits): Value;
  /** Jobs on the critical path of an event and whom they waited for there, by names of the configuration. */
  criticalJobs(waits: Waits): ReadonlyMap<string, ReadonlySet<string>>;
  /** Takes so many simulated jobs off the budget. */
  spend(jobs: number): void;
  /** The share of the budget that is left, 0 when none is. */
  readonly left: number;
}

/** Values against `before`; `budget` is how many jobs may be simulated in all. */
export function createValuer(pipelines: Pipelines, before: Waits, weights: Weights, budget: number): Valuer {
  const first = new Map(pipelines.events.map((event) => [event, pipelines.run(event, before).wallClock]));
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0) || 1;
  let left = budget;
  return {
    get left() {
      return Math.max(0, left / budget);
    },
    spend(jobs) {
      left -= jobs;
    },
    of(waits) {
      left -= pipelines.size * pipelines.events.length;
      const gains = pipelines.events.map((event): EventGain => {
        const after = waits === before ? (first.get(event) ?? 0) : pipelines.run(event, waits).wallClock;
        return { event, before: first.get(event) ?? 0, after };
      });
      const saved = gains.map(({ event, before: from, after }) => (weights[event] ?? 0) * (from - after));
      const least = Math.min(0, ...gains.map(({ before: from, after }) => from - after));
      return { gains, score: saved.reduce((sum, one) => sum + one, 0) / total, loss: 0 - least };
    },
    criticalJobs(waits) {
      left -= pipelines.size * pipelines.events.length;
      const found = new Map<string, Set<string>>();
      for (const event of pipelines.events)
        for (const { name, waitedFor } of pipelines.run(event, waits).criticalPath) {
          const definition = pipelines.definitionOf(event, name);
          if (definition === undefined) continue;
          const others = found.get(definition) ?? new Set<string>();
          found.set(definition, others);
          const other = waitedFor && pipelines.definitionOf(event, waitedFor.job);
          if (other !== undefined) others.add(other);
        }
      return found;
    },
  };
}

/** The most seconds that an event saves which counts. */
export function mostSaved({ gains }: Value, weights: Weights): number {
  const counted = gains.filter(({ event }) => (weights[event] ?? 0) > 0);
  return Math.max(0, ...counted.map(({ before, after }) => before - after));
}
