import type { SimulatedJob, Simulation } from '../../../source/core/pipeline/simulate.ts';
import { duration } from '../../../source/core/text/format.ts';
import { fitLine } from '../../text/fit.ts';
import type { Glyphs } from '../../text/glyphs.ts';
import { type Line, span, type Tone } from '../../text/line.ts';
import type { Marks } from '../../text/marks.ts';
import { safe } from '../../text/safe.ts';
import { cells } from '../../text/width.ts';

export interface BarOptions {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly marks: Marks;
  /** Names of the jobs that a change is for. */
  readonly changed: ReadonlySet<string>;
}

/** From this width on, both timelines stand beside each other, with more than the critical path. */
const besideFrom = 116;
/** Jobs that are shown beside each other; of larger pipelines only those that matter. */
const most = 60;

/** The timelines of two simulations on one axis: beside each other where there is room, else the critical path of each. */
export function barLines(before: Simulation, after: Simulation | undefined, options: BarOptions): Line[] {
  if (options.width >= besideFrom) return besideLines(before, after, options);
  const whole = Math.max(before.wallClock, after?.wallClock ?? 0, 1);
  return [
    head('before', before),
    ...pathLines(before, whole, options),
    ...(after ? [[], head('after', after), ...pathLines(after, whole, options)] : []),
  ];
}

function head(word: string, { wallClock }: Simulation): Line {
  return [span(`${word} ${duration(wallClock)}`, 'accent', true)];
}

function pathLines({ criticalPath }: Simulation, whole: number, options: BarOptions): Line[] {
  const names = nameWidth(
    criticalPath.map(({ name }) => name),
    options.width,
  );
  return criticalPath.map((job) => [
    ...nameCell(job.name, names, false, options),
    span(' '),
    ...bar(job, true, whole, options.width - names - 1, options),
  ]);
}

/** A row a job, its bar before and its bar after. */
function besideLines(before: Simulation, after: Simulation | undefined, options: BarOptions): Line[] {
  const { width, glyphs } = options;
  const whole = Math.max(before.wallClock, after?.wallClock ?? 0, 1);
  const [first, second] = [byName(before), after ? byName(after) : undefined];
  const [onFirst, onSecond] = [pathOf(before), after ? pathOf(after) : new Set<string>()];
  const shown = shownNames(before, after, options.changed);
  const names = nameWidth(shown, width);
  const room = Math.floor((width - names - (after ? 4 : 1)) / (after ? 2 : 1));
  const cellOf = (job: SimulatedJob | undefined, isCritical: boolean): Line =>
    job
      ? fitLine(bar(job, isCritical, whole, room, options), room, glyphs.ellipsis)
      : [span(' '.repeat(room))];
  const gap = span(` ${glyphs.vertical} `, 'faint');
  return [
    [
      span(' '.repeat(names + 1)),
      ...fitLine(head('before', before), room, glyphs.ellipsis),
      ...(after ? [gap, ...head('after', after)] : []),
    ],
    ...shown.map((name): Line => {
      const [isOn, willBeOn] = [onFirst.has(name), onSecond.has(name)];
      return [
        ...nameCell(name, names, isOn || willBeOn, options),
        span(' '),
        ...cellOf(first.get(name), isOn),
        ...(second ? [gap, ...cellOf(second.get(name), willBeOn)] : []),
      ];
    }),
  ];
}

function byName({ jobs }: Simulation): ReadonlyMap<string, SimulatedJob> {
  return new Map(jobs.map((job) => [job.name, job]));
}

function pathOf({ criticalPath }: Simulation): Set<string> {
  return new Set(criticalPath.map(({ name }) => name));
}

/** As they begin before, then those that only run after. All of a small pipeline, of a large one what decides its length. */
function shownNames(
  before: Simulation,
  after: Simulation | undefined,
  changed: ReadonlySet<string>,
): string[] {
  const begin = (a: SimulatedJob, b: SimulatedJob): number => a.queuedAt - b.queuedAt || a.end - b.end;
  const names = new Set(
    [before, after].flatMap((one) => (one ? one.jobs.toSorted(begin).map(({ name }) => name) : [])),
  );
  if (names.size <= most) return [...names];
  const decides = new Set([...pathOf(before), ...(after ? pathOf(after) : []), ...changed]);
  return [...names].filter((name) => decides.has(name)).slice(0, most);
}

function nameWidth(names: readonly string[], width: number): number {
  const longest = names.reduce((sum, name) => Math.max(sum, cells(safe(name))), 0);
  return Math.max(12, Math.min(longest + 2, 34, Math.floor(width * 0.3)));
}

function nameCell(name: string, width: number, isCritical: boolean, { glyphs, changed }: BarOptions): Line {
  const mark = span(changed.has(name) ? `${glyphs.marked} ` : '  ', 'accent');
  return fitLine(
    [mark, span(safe(name), isCritical ? 'special' : 'text', isCritical)],
    width,
    glyphs.ellipsis,
  );
}

/** A job's wait and run, with its duration behind it, or before it where there is no room. */
function bar(
  { queuedAt, start, end, waitedFor }: SimulatedJob,
  isCritical: boolean,
  whole: number,
  width: number,
  { marks }: BarOptions,
): Line {
  const label = duration(end - start);
  const room = Math.max(4, width - 1);
  const cell = (seconds: number): number => Math.min(room, Math.round((seconds / whole) * room));
  const [queue, run] = [cell(queuedAt), cell(start)];
  const last = Math.max(run + 1, cell(end));
  const tone: Tone = waitedFor?.because === 'runner' ? 'warn' : isCritical ? 'special' : 'info';
  const isBehind = last + 1 + label.length <= width;
  const isBefore = !isBehind && queue > label.length;
  return [
    span(' '.repeat(isBefore ? queue - label.length - 1 : queue)),
    ...(isBefore ? [span(`${label} `, 'dim')] : []),
    span(marks.queue.repeat(run - queue), 'warn'),
    span(marks.run.repeat(last - run), tone),
    ...(isBehind ? [span(` ${label}`, 'dim')] : []),
  ];
}
