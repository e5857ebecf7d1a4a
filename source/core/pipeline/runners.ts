import { Heap } from './heap.ts';

/** A runner as far as it decides who waits. */
export interface RunnerSpec {
  readonly name: string;
  readonly tags: readonly string[];
  readonly runUntagged: boolean;
  /** Jobs at the same time. */
  readonly concurrent: number;
}

export interface Assignment<T> {
  readonly item: T;
  readonly runner: string | undefined;
  /** Whose end freed the place; undefined when it was never taken. */
  readonly freedBy: T | undefined;
}

/** Jobs that wait for a runner, by tags, and the places that runners have left. */
export interface RunnerPool<T> {
  queue(tags: readonly string[], item: T): void;
  free(runner: string | undefined, by: T): void;
  /** Gives waiting jobs to runners, the first in line first. */
  assign(): Assignment<T>[];
}

interface Line<T> {
  readonly tags: readonly string[];
  readonly waiting: Heap<T>;
}

interface Runner<T> {
  readonly spec: RunnerSpec;
  places: number;
  freedBy: T | undefined;
}

/** Whether a runner takes a job with these tags: it has all of them, or takes jobs without any. */
export function takes(runner: RunnerSpec, tags: readonly string[]): boolean {
  return tags.length === 0 ? runner.runUntagged : tags.every((tag) => runner.tags.includes(tag));
}

/** A pool of runners; without any, every job is taken at once. */
export function createRunnerPool<T>(
  specs: readonly RunnerSpec[] | undefined,
  before: (a: T, b: T) => boolean,
): RunnerPool<T> {
  const lines = new Map<string, Line<T>>();
  const runners: Runner<T>[] = (specs ?? []).map((spec) => ({
    spec,
    places: spec.concurrent,
    freedBy: undefined,
  }));
  const byName = new Map(runners.map((runner) => [runner.spec.name, runner]));
  const lineOf = (tags: readonly string[]): Line<T> => {
    const key = tags.toSorted().join('\0');
    const line = lines.get(key) ?? { tags, waiting: new Heap(before) };
    lines.set(key, line);
    return line;
  };
  const firstFor = (runner: Runner<T>): Line<T> | undefined => {
    let best: Line<T> | undefined;
    for (const line of lines.values()) {
      const [item, leader] = [line.waiting.peek(), best?.waiting.peek()];
      if (item === undefined || !takes(runner.spec, line.tags)) continue;
      if (leader === undefined || before(item, leader)) best = line;
    }
    return best;
  };
  const unlimited = (): Assignment<T>[] => {
    const given: Assignment<T>[] = [];
    for (const { waiting } of lines.values()) {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
        given.push({ item, runner: undefined, freedBy: undefined });
      }
    }
    return given;
  };
  return {
    queue: (tags, item) => lineOf(tags).waiting.push(item),
    free(name, by) {
      const runner = name === undefined ? undefined : byName.get(name);
      if (!runner) return;
      runner.places += 1;
      runner.freedBy = by;
    },
    assign() {
      if (!specs) return unlimited();
      const given: Assignment<T>[] = [];
      for (const runner of runners) {
        while (runner.places > 0) {
          const item = firstFor(runner)?.waiting.pop();
          if (item === undefined) break;
          runner.places -= 1;
          given.push({ item, runner: runner.spec.name, freedBy: runner.freedBy });
        }
      }
      return given;
    },
  };
}
