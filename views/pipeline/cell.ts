import type { PipelineJob, PipelineStatus } from '../../source/core/gitlab/model.ts';
import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import { statusOf } from '../../source/core/pipeline/jobStatus.ts';
import { duration } from '../../source/core/text/format.ts';
import { fitLine } from '../text/fit.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, type Span, span, type Tone } from '../text/line.ts';
import type { Marks } from '../text/marks.ts';
import { safe } from '../text/safe.ts';
import { cells } from '../text/width.ts';
import type { PipelineRow } from './model.ts';

export interface CellOptions {
  readonly graph: PipelineGraph;
  readonly glyphs: Glyphs;
  readonly marks: Marks;
  readonly width: number;
  readonly isSelected: boolean;
  /** Jobs on the critical path. */
  readonly critical: ReadonlySet<number>;
  /** How the job's name looks; by its state when absent. */
  readonly tone?: Tone;
  /** Seconds a job runs or ran. */
  readonly seconds: (job: number) => number | undefined;
}

interface Drawn {
  readonly graph: PipelineGraph;
  readonly glyphs: Glyphs;
  readonly look: string;
  readonly line: Line;
}

const drawn = new WeakMap<PipelineRow, Drawn>();

/** A job or group as exactly `width` cells: marks, name, time. What was drawn is kept: between two keys most rows stay. */
export function rowCell(row: PipelineRow, options: CellOptions): Line {
  const { graph, glyphs, width } = options;
  const look = lookOf(row, options);
  const known = drawn.get(row);
  if (known && known.look === look && known.graph === graph && known.glyphs === glyphs) return known.line;
  const line = fitLine(
    row.kind === 'group' ? groupCell(row, options) : jobCell(row.job, row.inGroup, options),
    width,
    glyphs.ellipsis,
  );
  drawn.set(row, { graph, glyphs, look, line });
  return line;
}

/** All that a row's line depends on, beside the graph. */
function lookOf(row: PipelineRow, { width, isSelected, tone, critical, seconds }: CellOptions): string {
  const jobs = row.kind === 'group' ? row.jobs : [row.job];
  const time = row.kind === 'group' ? '' : seconds(row.job);
  return `${width} ${isSelected} ${tone} ${jobs.some((job) => critical.has(job))} ${time}`;
}

function jobCell(index: number, inGroup: boolean, options: CellOptions): Line {
  const { graph, glyphs, width, critical } = options;
  const job = graph.jobs[index];
  if (!job) return fitLine([], width, glyphs.ellipsis);
  const isCritical = critical.has(index);
  const tone = options.tone ?? (isCritical ? 'special' : nameTone(job));
  const seconds = options.seconds(index);
  const time = seconds === undefined || width < 20 ? '' : duration(seconds);
  const group = graph.groups[index] ?? '';
  const tail = safe(job.name.slice(group.length));
  const whole = inGroup && tail !== '' ? tail.trim() : safe(job.name);
  const name = job.kind === 'bridge' ? `${glyphs.arrow} ${whole}` : whole;
  const look = { tone, bold: isCritical };
  return cell(
    [mark(options), span(inGroup ? ' ' : ''), statusSpan(job.status, glyphs, job.allowFailure)],
    splitName(name, inGroup ? '' : tail).map((text) => ({ text, ...look })),
    [...childSpan(job, options), ...(time === '' ? [] : [span(time, isCritical ? 'special' : 'dim')])],
    options,
  );
}

/** The state of the pipeline that a bridge started. */
function childSpan({ downstream }: PipelineJob, { glyphs, width }: CellOptions): Span[] {
  return downstream && width >= 20 ? [statusSpan(downstream.status, glyphs), span(' ')] : [];
}

function groupCell(row: Extract<PipelineRow, { kind: 'group' }>, options: CellOptions): Line {
  const { graph, glyphs } = options;
  const jobs = row.jobs.flatMap((index) => graph.jobs[index] ?? []);
  const status = groupStatus(jobs);
  const isCritical = row.jobs.some((index) => options.critical.has(index));
  return cell(
    [mark(options), statusSpan(status.status, glyphs, status.allowFailure)],
    [span(safe(row.name), options.tone ?? (isCritical ? 'special' : 'text'), isCritical)],
    [span(`${row.isOpen ? options.marks.open : options.marks.folded}${row.jobs.length}`, 'accent')],
    options,
  );
}

/** The state of several jobs; a failure that is allowed in all that failed is a warning. */
export function groupStatus(jobs: readonly PipelineJob[]): {
  readonly status: PipelineStatus;
  readonly allowFailure: boolean;
} {
  const status = statusOf(jobs);
  const isWarned = status === 'success' && jobs.some((job) => job.status === 'failed');
  return isWarned ? { status: 'failed', allowFailure: true } : { status, allowFailure: false };
}

function mark({ isSelected, glyphs }: CellOptions): Span {
  return span(isSelected ? glyphs.selected : ' ', 'accent');
}

function cell(head: Line, name: Line, end: Line, { width, glyphs }: CellOptions): Line {
  const [before, after] = [lineCells(head) + 1, lineCells(end)];
  const room = width - before - (after === 0 ? 0 : after + 1);
  if (room < 4) return fitLine([...head, span(' '), ...name], width, glyphs.ellipsis);
  const fitted = fitName(name, room, glyphs.ellipsis);
  return [...head, span(' '), ...fitted, ...(after === 0 ? [] : [span(' '), ...end])];
}

/** A name and what parallel or matrix put behind it, which is what tells jobs of a group apart. */
function splitName(name: string, tail: string): string[] {
  return tail !== '' && name.endsWith(tail) ? [name.slice(0, -tail.length), tail] : [name];
}

/** Cuts before the tail, where it leaves room. */
function fitName(name: Line, room: number, ellipsis: string): Line {
  const [head, tail] = name;
  const end = tail ? cells(tail.text) : 0;
  if (!head || !tail || lineCells(name) <= room || end > room - 4) return fitLine(name, room, ellipsis);
  return [...fitLine([head], room - end, ellipsis), tail];
}

function lineCells(line: Line): number {
  return line.reduce((sum, { text }) => sum + cells(text), 0);
}

function nameTone({ status }: PipelineJob): Tone {
  if (status === 'failed') return 'bad';
  return status === 'skipped' || status === 'created' || status === 'canceled' ? 'dim' : 'text';
}
