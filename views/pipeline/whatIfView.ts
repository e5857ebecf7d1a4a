import type { WhatIf } from '../../source/core/pipeline/gain.ts';
import type { Replay } from '../../source/core/pipeline/replay.ts';
import type { SimulatedJob, Simulation } from '../../source/core/pipeline/simulate.ts';
import type { Change } from '../../source/core/pipeline/whatIf.ts';
import { duration, percent } from '../../source/core/text/format.ts';
import { heading } from '../text/facts.ts';
import { fitLine } from '../text/fit.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Marks } from './marks.ts';
import { changeText } from './plan.ts';

export interface WhatIfOptions {
  readonly result: WhatIf;
  readonly changes: readonly Change[];
  readonly assumptions: readonly string[];
  /** How far the simulation is from what really happened; absent while the pipeline runs. */
  readonly replay?: Replay | undefined;
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly marks: Marks;
}

/** The gain of the changes and how sure it is, then the critical path before and after on one axis. */
export function whatIfLines(options: WhatIfOptions): Line[] {
  const { result, changes, assumptions, glyphs } = options;
  const { before, after } = result;
  const whole = Math.max(before.wallClock, after.wallClock, 1);
  return [
    ...(changes.length === 0
      ? [[span('Enter', 'key', true), span(' adds a change; nothing is written anywhere', 'dim')]]
      : changes.map((change, index): Line => [span(`${index + 1} `, 'dim'), span(safe(changeText(change)))])),
    [],
    ...gainLines(options),
    [],
    heading(`before ${duration(before.wallClock)}`),
    ...pathLines(before, whole, changes, options),
    ...(changes.length === 0
      ? []
      : [
          [],
          heading(`after ${duration(after.wallClock)}`),
          ...pathLines(after, whole, changes, options),
          ...idleLines(before, after),
        ]),
    [],
    ...assumptions.map((text): Line => [span(`${glyphs.dot} assumed: ${text}`, 'dim')]),
  ];
}

function gainLines({ result, changes, replay, glyphs }: WhatIfOptions): Line[] {
  const { gain, spread } = result;
  const tone: Tone = gain.seconds > 0 ? 'good' : gain.seconds < 0 ? 'bad' : 'dim';
  const verb = gain.seconds < 0 ? 'costs' : 'saves';
  const lines: Line[] = [];
  if (changes.length > 0)
    lines.push([
      span(`${verb} ${duration(Math.abs(gain.seconds))}`, tone, true),
      span(`  ${result.before.wallClock > 0 ? `${gain.ratio.toFixed(2)}x` : ''}`, tone),
    ]);
  if (changes.length > 0 && spread)
    lines.push([
      span(
        `half of ${spread.draws} draws from past durations: ${signed(spread.low)} to ${signed(spread.high)}; nine of ten: ${signed(spread.p5)} to ${signed(spread.p95)}`,
        'dim',
      ),
    ]);
  if (changes.length > 0 && !spread)
    lines.push([span(`${glyphs.warn} how sure that is cannot be told: too few runs of these jobs`, 'warn')]);
  lines.push([span(replayText(replay), replay?.error === undefined ? 'dim' : 'info')]);
  return lines;
}

/** How much to trust the simulation, from replaying this pipeline. */
export function replayText(replay: Replay | undefined): string {
  if (replay?.error === undefined)
    return 'the simulation is checked against a pipeline once that has finished';
  const held = replay.held > 0 ? `, without ${duration(replay.held)} of waiting for a hand` : '';
  return `replayed with its own durations, this pipeline takes ${duration(replay.simulated)}; it took ${duration(replay.real - replay.held)}${held}: ${percent(Math.abs(replay.error))} off`;
}

function signed(seconds: number): string {
  return seconds < 0 ? `-${duration(-seconds)}` : duration(seconds);
}

function pathLines(
  { criticalPath }: Simulation,
  whole: number,
  changes: readonly Change[],
  options: WhatIfOptions,
): Line[] {
  const changed = new Set(changes.flatMap((change) => (change.kind === 'runner' ? [] : [change.job])));
  return criticalPath.map((job) => barLine(job, whole, changed.has(job.name), options));
}

function barLine(
  { name, queuedAt, start, end, waitedFor }: SimulatedJob,
  whole: number,
  isChanged: boolean,
  { width, glyphs, marks }: WhatIfOptions,
): Line {
  const names = Math.max(12, Math.min(28, Math.floor(width * 0.3)));
  const room = Math.max(4, width - names - 10);
  const cell = (seconds: number): number => Math.round((seconds / whole) * room);
  const [queue, run] = [cell(queuedAt), cell(start)];
  const last = Math.max(run + 1, cell(end));
  const because = waitedFor?.because === 'runner' ? 'warn' : 'special';
  return [
    ...fitLine(
      [span(isChanged ? `${glyphs.marked} ` : '  ', 'accent'), span(safe(name))],
      names,
      glyphs.ellipsis,
    ),
    span(' '.repeat(queue + 1)),
    span(marks.queue.repeat(run - queue), 'warn'),
    span(marks.run.repeat(last - run), because),
    span(` ${duration(end - start)}`, 'dim'),
  ];
}

/** Jobs that run before and would not after. */
function idleLines(before: Simulation, after: Simulation): Line[] {
  const idle = new Set(before.idle.map(({ name }) => name));
  const words = {
    manual: 'waits for a hand',
    skipped: 'is skipped',
    blocked: 'never starts',
    stuck: 'finds no runner',
  };
  return after.idle
    .filter(({ name }) => !idle.has(name))
    .slice(0, 10)
    .map(({ name, because }): Line => [span(`  ${safe(name)} ${words[because]}`, 'bad')]);
}
