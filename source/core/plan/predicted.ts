import { duration, percent } from '../text/format.ts';

/** What a change was expected to bring to the pipelines of one event, as it was said before it was made. */
export interface Predicted {
  readonly event: 'push' | 'merge_request' | 'tag';
  /** Seconds of wall clock, both from the same simulation. */
  readonly before: number;
  readonly after: number;
  /** The first time, with empty caches, where that is another. */
  readonly cold?: number;
  /** `after` lay between these in nine of ten draws of how long jobs take; absent where that was not known. */
  readonly low?: number;
  readonly high?: number;
  /** By which share the same simulation missed what pipelines took when it was made: 0.04 was 4 % too long. */
  readonly error?: number;
  /** Pipelines that it rests on. */
  readonly pipelines: number;
  /** Jobs of the critical path, first job first. */
  readonly pathBefore: readonly string[];
  readonly pathAfter: readonly string[];
}

/** Jobs of a path that are kept, and characters of a name. */
export const keptPath = 40;
export const keptName = 120;

/** Between which seconds a measured median agrees: the draws, widened by what the simulation was off; undefined where neither is known. */
export function agreesBetween({ after, low, high, error }: Predicted): readonly [number, number] | undefined {
  if (low === undefined && error === undefined) return undefined;
  const off = Math.abs(error ?? 0);
  return [(low ?? after) * (1 - off), (high ?? after) * (1 + off)];
}

/** `push: 40m → 12m (11m to 14m), 2 % off`, on one line. */
export function predictedText(predicted: Predicted): string {
  const { event, before, after, cold, error, pipelines } = predicted;
  const between = agreesBetween(predicted);
  return [
    `${event}: ${duration(before)} → ${duration(after)}`,
    ...(between ? [`between ${duration(between[0])} and ${duration(between[1])}`] : []),
    ...(cold === undefined ? [] : [`the first time ${duration(cold)}`]),
    ...(error === undefined ? [] : [`the simulation was ${percent(Math.abs(error))} off`]),
    `from N ${pipelines}`,
  ].join(', ');
}
