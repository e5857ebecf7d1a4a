import type { WhatIf } from '../../../source/core/pipeline/gain.ts';
import type { Replay } from '../../../source/core/pipeline/replay.ts';
import type { Simulation } from '../../../source/core/pipeline/simulate.ts';
import type { Change } from '../../../source/core/pipeline/whatIf.ts';
import { counted, duration, percent } from '../../../source/core/text/format.ts';
import { heading, paragraph } from '../../text/facts.ts';
import type { Glyphs } from '../../text/glyphs.ts';
import { type Line, span, type Tone } from '../../text/line.ts';
import type { Marks } from '../../text/marks.ts';
import { safe } from '../../text/safe.ts';
import { barLines } from './bars.ts';
import { changeText } from './plan.ts';

/** What was thought of at once: one change, or all that a task does. */
export interface Thought {
  /** What it is called where it is more than its one change. */
  readonly title?: string;
  readonly changes: readonly Change[];
  /** What is taken for granted, a line each. */
  readonly assumptions?: readonly string[];
}

export interface WhatIfOptions {
  readonly result: WhatIf;
  readonly thoughts: readonly Thought[];
  readonly assumptions: readonly string[];
  /** How far the simulation is from what really happened; absent while the pipeline runs. */
  readonly replay?: Replay | undefined;
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly marks: Marks;
}

/** Thoughts that are named above the result; all changes are listed under it. */
const named = 4;

/** The gain of the changes and how sure it is, both timelines on one axis, then each change and what was assumed. */
export function whatIfLines(options: WhatIfOptions): Line[] {
  const { result, thoughts, assumptions, width, glyphs, marks } = options;
  const { before, after } = result;
  const changes = thoughts.flatMap((one) => one.changes);
  const changed = new Set(changes.flatMap((change) => (change.kind === 'runner' ? [] : [change.job])));
  const isChanged = changes.length > 0;
  const assumed = [...assumptions, ...thoughts.flatMap((one) => one.assumptions ?? [])];
  return [
    ...thoughtLines(thoughts, before),
    ...gainLines(options, isChanged),
    [],
    ...barLines(before, isChanged ? after : undefined, { width, glyphs, marks, changed }),
    ...(isChanged ? idleLines(before, after) : []),
    [],
    ...changeLines(thoughts, options),
    ...assumed.flatMap((text) =>
      paragraph(`${glyphs.dot} assumed: ${text}`, width).map((line): Line => [span(line, 'dim')]),
    ),
  ];
}

/** What was thought of, the last ones, in a line each. */
function thoughtLines(thoughts: readonly Thought[], before: Simulation): Line[] {
  if (thoughts.length === 0)
    return [[span('Enter', 'key', true), span(' adds a change; nothing is written anywhere', 'dim')], []];
  const shown = thoughts.slice(-named);
  const hidden = thoughts.length - shown.length;
  return [
    ...(hidden > 0 ? [[span(`${counted(hidden, 'more change')} before these`, 'dim')]] : []),
    ...shown.map(
      (thought, index): Line => [
        span(`${hidden + index + 1} `, 'dim'),
        span(safe(thoughtText(thought, before))),
      ],
    ),
  ];
}

function thoughtText({ title, changes }: Thought, before: Simulation): string {
  if (title !== undefined) return `${title}: ${counted(changes.length, 'change')} of jobs`;
  return changes.map((change) => withNow(change, before)).join('; ');
}

/** A duration with the one that it takes the place of. */
function withNow(change: Change, { jobs }: Simulation): string {
  const now = change.kind === 'duration' ? jobs.find(({ name }) => name === change.job) : undefined;
  return `${changeText(change)}${now ? `, not ${duration(now.end - now.start)}` : ''}`;
}

/** Each change of thoughts that have more than one. */
function changeLines(thoughts: readonly Thought[], { result }: WhatIfOptions): Line[] {
  return thoughts.flatMap(({ title, changes }) =>
    title === undefined
      ? []
      : [
          heading(title),
          ...changes.map((change): Line => [span(`  ${safe(withNow(change, result.before))}`)]),
          [],
        ],
  );
}

function gainLines({ result, replay, glyphs, width }: WhatIfOptions, isChanged: boolean): Line[] {
  const { gain, spread } = result;
  const tone: Tone = gain.seconds > 0 ? 'good' : gain.seconds < 0 ? 'bad' : 'dim';
  const lines: Line[] = [];
  if (isChanged && Math.round(gain.seconds) === 0) lines.push([span('saves nothing', 'warn', true)]);
  else if (isChanged)
    lines.push([
      span(`${gain.seconds < 0 ? 'costs' : 'saves'} ${duration(Math.abs(gain.seconds))}`, tone, true),
      span(`  ${result.before.wallClock > 0 ? `${gain.ratio.toFixed(2)}x` : ''}`, tone),
    ]);
  const say = (text: string, how: Tone): void =>
    void lines.push(...paragraph(text, width).map((line): Line => [span(line, how)]));
  if (isChanged && spread)
    say(
      `half of ${spread.draws} draws from past durations: ${signed(spread.low)} to ${signed(spread.high)}; nine of ten: ${signed(spread.p5)} to ${signed(spread.p95)}`,
      'dim',
    );
  if (isChanged && !spread)
    say(`${glyphs.warn} how sure that is cannot be told: too few runs of these jobs`, 'warn');
  say(replayText(replay), replay?.error === undefined ? 'dim' : 'info');
  return lines;
}

/** How much to trust the simulation, from replaying this pipeline. */
function replayText(replay: Replay | undefined): string {
  if (replay?.error === undefined)
    return 'the simulation is checked against a pipeline once that has finished';
  const held = replay.held > 0 ? `, without ${duration(replay.held)} of waiting for a hand` : '';
  return `replayed with its own durations, this pipeline takes ${duration(replay.simulated)}; it took ${duration(replay.real - replay.held)}${held}: ${percent(Math.abs(replay.error))} off`;
}

function signed(seconds: number): string {
  return seconds < 0 ? `-${duration(-seconds)}` : duration(seconds);
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
