import { type TimeRange, timeRange } from '../../source/core/pipeline/timelineLayout.ts';
import type { PipelineTiming } from '../../source/core/pipeline/timing.ts';
import type { UiState, UiStore } from '../state/ui.ts';

/** Names of the timeline's state in the shared store: how often it was halved, where it begins, the job it was moved for. */
const [levelId, fromId, jobId] = ['pipeline.zoom', 'pipeline.from', 'pipeline.moved-for'];
const closest = 12;
/** Shortest part that is shown, in milliseconds. */
const shortest = 10_000;

type Views = UiState['views'];

export function zoomLevel(views: Views): number {
  return views[levelId] ?? 0;
}

/** The part of the time that the timeline shows; undefined for all of it. It goes along with the selected job, unless it was moved. */
export function shownPart(
  timing: PipelineTiming,
  views: Views,
  selected: number | undefined,
): TimeRange | undefined {
  const level = zoomLevel(views);
  if (level === 0) return undefined;
  const whole = timeRange(timing);
  const length = lengthAt(whole, level);
  const wanted = whole.from + (views[fromId] ?? 0) * 1_000;
  const queued = timing.queued[selected ?? -1] ?? Number.NaN;
  const end = timing.end[selected ?? -1] ?? Number.NaN;
  const isAway = end <= wanted || queued >= wanted + length;
  const from = isAway && views[jobId] !== selected ? queued - length / 8 : wanted;
  return partAt(whole, from, length);
}

/** Half as long a part around the selected job, or twice as long a one. */
export function zoom(ui: UiStore, timing: PipelineTiming, selected: number | undefined, by: 1 | -1): void {
  const { views } = ui.get();
  const whole = timeRange(timing);
  const before = shownPart(timing, views, selected) ?? whole;
  const level = Math.max(0, Math.min(closest, zoomLevel(views) + by));
  if (by > 0 && (whole.to - whole.from) / 2 ** level < shortest) return;
  const length = lengthAt(whole, level);
  const queued = timing.queued[selected ?? -1] ?? Number.NaN;
  const middle = Number.isNaN(queued) ? (before.from + before.to) / 2 : queued + length / 4;
  const { from } = partAt(whole, middle - length / 2, length);
  ui.set({ views: { ...views, [levelId]: level, [fromId]: (from - whole.from) / 1_000, [jobId]: -1 } });
}

/** A quarter of the part to the right, or to the left. */
export function pan(ui: UiStore, timing: PipelineTiming, selected: number | undefined, by: 1 | -1): void {
  const { views } = ui.get();
  const part = shownPart(timing, views, selected);
  if (!part) return;
  const whole = timeRange(timing);
  const length = part.to - part.from;
  const { from } = partAt(whole, part.from + (by * length) / 4, length);
  ui.set({ views: { ...views, [fromId]: (from - whole.from) / 1_000, [jobId]: selected ?? -1 } });
}

function lengthAt({ from, to }: TimeRange, level: number): number {
  return Math.max(shortest, (to - from) / 2 ** level);
}

function partAt(whole: TimeRange, from: number, length: number): TimeRange {
  const first = Math.max(whole.from, Math.min(from, whole.to - length));
  return { from: first, to: first + length };
}
