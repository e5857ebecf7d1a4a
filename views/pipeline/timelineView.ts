import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import {
  barOf,
  type TimeRange,
  type TimeScale,
  timeScale,
} from '../../source/core/pipeline/timelineLayout.ts';
import type { PipelineTiming } from '../../source/core/pipeline/timing.ts';
import { duration } from '../../source/core/text/format.ts';
import { fitLine } from '../text/fit.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, type Span, span, type Tone } from '../text/line.ts';
import type { Marks } from '../text/marks.ts';
import { safe } from '../text/safe.ts';
import { cells } from '../text/width.ts';

export interface TimelineOptions {
  readonly graph: PipelineGraph;
  readonly timing: PipelineTiming;
  readonly critical: ReadonlySet<number>;
  /** Jobs on the screen. */
  readonly jobs: readonly number[];
  readonly selected: number | undefined;
  /** What part of the time is shown; all of it when absent. */
  readonly part?: TimeRange | undefined;
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly marks: Marks;
}

/** The axis, then a line a job: its name, and its bar with the wait for a runner apart. */
export function timelineLines(options: TimelineOptions): Line[] {
  const { graph, jobs, selected, width, glyphs, marks, critical } = options;
  const names = nameWidth(graph, jobs, width);
  const scale = timeScale(options.timing, Math.max(8, width - names - 1), 8, options.part);
  return [
    [span(' '.repeat(names + 1)), ...axis(scale)],
    ...jobs.map((index): Line => {
      const job = graph.jobs[index];
      if (!job) return [];
      const isCritical = critical.has(index);
      const head: Line = [
        span(index === selected ? glyphs.selected : ' ', 'accent'),
        span(isCritical ? marks.critical : ' ', 'special'),
        statusSpan(job.status, glyphs, job.allowFailure),
        span(` ${safe(job.name)}`, isCritical ? 'special' : 'text', isCritical),
      ];
      return [
        ...fitLine(head, names, glyphs.ellipsis),
        span(' '),
        ...barLine(job, index, isCritical, scale, options),
      ];
    }),
  ];
}

function nameWidth({ jobs: all }: PipelineGraph, jobs: readonly number[], width: number): number {
  const longest = jobs.reduce((most, index) => Math.max(most, cells(all[index]?.name ?? '')), 0);
  return Math.max(12, Math.min(longest + 4, Math.floor(width * 0.36)));
}

function axis({ width, ticks, now }: TimeScale): Line {
  const line = new Array<string>(width).fill(' ');
  const at = now === undefined || width < 3 ? undefined : Math.min(now, width - 3);
  let free = 0;
  for (const { x, seconds } of ticks) {
    const text = seconds === 0 ? '0' : duration(seconds).replace(/ 00[sm]$/, '');
    const end = x + text.length;
    const meetsNow = at !== undefined && x <= at + 3 && end >= at;
    if (x < free || end > width || meetsNow) continue;
    for (const [offset, letter] of [...text].entries()) line[x + offset] = letter;
    free = end + 1;
  }
  const text = line.join('');
  if (at === undefined) return [span(text, 'dim')];
  return [span(text.slice(0, at), 'dim'), span('now', 'running'), span(text.slice(at + 3), 'dim')];
}

function barLine(
  job: PipelineJob,
  index: number,
  isCritical: boolean,
  scale: TimeScale,
  { timing, marks }: TimelineOptions,
): Line {
  const nowAt = scale.now;
  const beyond = sideOf(timing, scale, index);
  if (beyond === 'before') return withNow([span(marks.left, 'faint')], scale.width, nowAt, marks);
  if (beyond === 'after')
    return [
      ...withNow([span(' '.repeat(scale.width - 1))], scale.width - 1, nowAt, marks),
      span(marks.right, 'faint'),
    ];
  const bar = barOf(timing, scale, index);
  if (!bar) return withNow([], scale.width, nowAt, marks);
  const tone = isCritical ? 'special' : barTone(job);
  const seconds = ((timing.end[index] ?? 0) - (timing.start[index] ?? 0)) / 1_000;
  const isGuess = timing.tense[index] !== 'past';
  const label = ` ${isGuess ? '~' : ''}${duration(seconds)}`;
  const isBehind = bar.end + label.length <= scale.width;
  const isBefore = !isBehind && bar.queue > label.length;
  const body: Span[] = [
    span(' '.repeat(isBefore ? bar.queue - label.length - 1 : bar.queue)),
    ...(isBefore ? [span(`${label} `, 'dim')] : []),
    span(marks.queue.repeat(bar.run - bar.queue), 'warn'),
    span(marks.run.repeat(bar.done - bar.run), tone),
    span(marks.expected.repeat(bar.end - bar.done), isCritical ? 'special' : 'faint'),
    ...(isBehind ? [span(label, 'dim')] : []),
  ];
  return withNow(body, scale.width, nowAt, marks);
}

/** At which side of the part that is shown a job lies, when no cell of it is shown. */
function sideOf(
  timing: PipelineTiming,
  { from, to }: TimeScale,
  index: number,
): 'before' | 'after' | undefined {
  const [queued, end] = [timing.queued[index] ?? Number.NaN, timing.end[index] ?? Number.NaN];
  if (end < from) return 'before';
  return queued > to ? 'after' : undefined;
}

/** What the bars are drawn with. */
export function legend({ queue, run, expected, critical }: Marks): Line {
  return [
    span(queue, 'warn'),
    span(' waits for a runner  ', 'faint'),
    span(run, 'good'),
    span(' runs  ', 'faint'),
    span(expected, 'faint'),
    span(' expected  ', 'faint'),
    span(critical, 'special'),
    span(' critical path  ', 'faint'),
    span('.', 'key', true),
    span(' closer ', 'faint'),
    span(',', 'key', true),
    span(' wider', 'faint'),
  ];
}

/** Draws the now-line where nothing else stands. */
function withNow(line: Line, width: number, now: number | undefined, marks: Marks): Line {
  const used = line.reduce((sum, { text }) => sum + cells(text), 0);
  if (now === undefined || now < used || now >= width) {
    const first = line[0];
    if (now === undefined || !first || now >= first.text.length || first.text.trim() !== '') return line;
    return [
      span(' '.repeat(now)),
      span(marks.now, 'running'),
      span(' '.repeat(first.text.length - now - 1)),
      ...line.slice(1),
    ];
  }
  return [...line, span(' '.repeat(now - used)), span(marks.now, 'running')];
}

function barTone({ status, allowFailure }: PipelineJob): Tone {
  if (status === 'failed') return allowFailure ? 'warn' : 'bad';
  if (status === 'success') return 'good';
  return status === 'running' || status === 'canceling' ? 'running' : 'dim';
}
