import type { PipelineJob, PipelineSummary } from '../../../source/core/gitlab/model.ts';
import {
  comparePipelines,
  type DurationChange,
  type PipelineDifference,
} from '../../../source/core/pipeline/comparePipelines.ts';
import type { History } from '../../../source/core/pipeline/history.ts';
import { hasEnded } from '../../../source/core/pipeline/timing.ts';
import { age, counted, duration } from '../../../source/core/text/format.ts';
import { type Column, layoutRows } from '../../text/columns.ts';
import { heading } from '../../text/facts.ts';
import { type Glyphs, statusSpan } from '../../text/glyphs.ts';
import { type Line, span, type Tone } from '../../text/line.ts';
import { safe } from '../../text/safe.ts';

/** One of the two pipelines. */
export interface Compared {
  readonly id: number;
  /** Absent for one that is not among the latest. */
  readonly summary?: PipelineSummary | undefined;
  readonly jobs: readonly PipelineJob[];
}

export interface CompareOptions {
  readonly history: History;
  readonly glyphs: Glyphs;
  readonly width: number;
  /** GitLab's time, milliseconds since the epoch. */
  readonly now: number;
}

/** The two pipelines, then what differs: jobs that appeared, vanished, moved, ended otherwise, and took another time. */
export function compareLines(before: Compared, after: Compared, options: CompareOptions): Line[] {
  const { history, glyphs } = options;
  const { appeared, vanished, moved, status, durations } = comparePipelines(before.jobs, after.jobs, history);
  const isNews = ({ verdict }: DurationChange): boolean => verdict === 'slower' || verdict === 'faster';
  const ended = status.filter(({ from, to }) => hasEnded(from) && hasEnded(to));
  const open = status.length - ended.length;
  const differs = appeared.length + vanished.length + moved.length + ended.length > 0;
  return [
    ...layoutRows([before, after], pipelineColumns(options), options.width, glyphs.ellipsis),
    [
      span('H', 'key', true),
      span(' chooses another to compare with', 'dim'),
      ...(open > 0 ? [span(`; ${counted(open, 'job')} not ended in both`, 'warn')] : []),
    ],
    [],
    ...names('appeared', appeared, '+', 'good'),
    ...names('vanished', vanished, '-', 'bad'),
    ...part('moved to another stage', moved, ({ name, from, to }) => [
      span(`  ${safe(name)}  `),
      span(`${safe(from)} ${glyphs.arrow} ${safe(to)}`, 'info'),
    ]),
    ...endedLines(ended, glyphs),
    ...(differs ? [] : [[span('the same jobs, which ended alike', 'dim')], []]),
    ...table('slower or faster, beyond what is usual', durations.filter(isNews), options),
    ...table(
      'within what is usual, or too few runs to tell',
      durations.filter((one) => !isNews(one)),
      options,
    ),
    [span(`usual durations are those of ${counted(history.pipelines, 'successful pipeline')}`, 'dim')],
  ];
}

function endedLines(ended: PipelineDifference['status'], glyphs: Glyphs): Line[] {
  return part('ended otherwise', ended, ({ name, from, to }) => [
    span('  '),
    statusSpan(from, glyphs),
    span(` ${glyphs.arrow} `, 'dim'),
    statusSpan(to, glyphs),
    span(`  ${safe(name)}`),
    span(`  ${from} ${glyphs.arrow} ${to}`, 'dim'),
  ]);
}

function pipelineColumns({ glyphs, now }: CompareOptions): Column<Compared>[] {
  const of =
    (text: (summary: PipelineSummary) => string, tone: Tone = 'dim') =>
    ({ summary }: Compared): Line =>
      summary ? [span(safe(text(summary)), tone)] : [];
  return [
    {
      id: 'status',
      cell: ({ summary }) => [statusSpan(summary?.status ?? 'unknown', glyphs)],
      min: 1,
      max: 1,
      rank: 9,
    },
    { id: 'id', cell: ({ id }) => [span(`#${id}`, 'accent')], min: 6, max: 14, rank: 9 },
    { id: 'took', cell: (one) => [span(tookText(one))], min: 7, max: 12, rank: 8 },
    { id: 'ref', cell: of(({ ref }) => ref, 'text'), min: 4, max: 40, rank: 7 },
    { id: 'source', cell: of(({ source }) => source.replaceAll('_', ' ')), min: 4, max: 20, rank: 4 },
    { id: 'sha', cell: of(({ sha }) => sha.slice(0, 8)), min: 8, max: 8, rank: 5 },
    {
      id: 'age',
      cell: of(({ createdAt }) => age(Math.max(0, now - Date.parse(createdAt)))),
      min: 3,
      max: 5,
      rank: 6,
    },
    { id: 'jobs', cell: ({ jobs }) => [span(counted(jobs.length, 'job'), 'dim')], min: 5, max: 9, rank: 3 },
  ];
}

/** From the first job's creation to the last one's end. */
function tookText({ jobs, summary }: Compared): string {
  if (summary && !hasEnded(summary.status)) return 'still runs';
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { createdAt, finishedAt } of jobs) {
    const [created, finished] = [Date.parse(createdAt), Date.parse(finishedAt ?? '')];
    if (created < from) from = created;
    if (finished > to) to = finished;
  }
  return to > from ? duration((to - from) / 1_000) : 'no time';
}

const tones: Readonly<Record<DurationChange['verdict'], Tone>> = {
  slower: 'bad',
  faster: 'good',
  'within spread': 'dim',
  'too few runs': 'dim',
};

function table(title: string, changes: readonly DurationChange[], { width, glyphs }: CompareOptions): Line[] {
  if (changes.length === 0) return [];
  const columns: Column<DurationChange>[] = [
    {
      id: 'away',
      cell: ({ before, after, verdict }) => [span(signed(after - before), tones[verdict])],
      min: 5,
      max: 10,
      rank: 9,
      align: 'right',
    },
    { id: 'name', cell: ({ name }) => [span(safe(name))], min: 12, max: 50, rank: 9 },
    {
      id: 'times',
      cell: ({ before, after }) => [span(`${duration(before)} ${glyphs.arrow} ${duration(after)}`, 'dim')],
      min: 12,
      max: 24,
      rank: 7,
    },
    { id: 'usual', cell: (one) => [span(usualText(one), 'dim')], min: 14, max: 50, rank: 6 },
    { id: 'verdict', cell: ({ verdict }) => [span(verdict, tones[verdict])], min: 6, max: 14, rank: 8 },
  ];
  return [
    heading(`${title} (${changes.length})`),
    ...layoutRows(changes, columns, width - 2, glyphs.ellipsis).map((line): Line => [span('  '), ...line]),
    [],
  ];
}

function signed(seconds: number): string {
  return `${seconds < 0 ? '-' : '+'}${duration(Math.abs(seconds))}`;
}

/** The usual time, and by how much of its spread the two differ. */
function usualText({ usual, before, after }: DurationChange): string {
  if (!usual) return 'no other run';
  const spread = 1.4826 * usual.mad;
  const times = spread >= 1 ? `, ${(Math.abs(after - before) / spread).toFixed(1)} spreads apart` : '';
  return `usually ${duration(usual.median)} give or take ${duration(spread)}, n=${usual.n}${times}`;
}

function names(title: string, list: readonly string[], sign: string, tone: Tone): Line[] {
  return part(title, list, (name) => [span(`  ${sign} `, tone), span(safe(name))]);
}

function part<T>(title: string, list: readonly T[], lineOf: (one: T) => Line): Line[] {
  return list.length === 0 ? [] : [heading(`${title} (${list.length})`), ...list.map(lineOf), []];
}
