import type { JournalEntry } from '../../source/core/change.ts';
import { age, latency } from '../../source/core/text/format.ts';
import type { ActivityEvent } from '../../source/services/activity.ts';
import type { Column } from '../text/columns.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';

/** One line of the Activity screen: something that runs or ran, or a write of the journal. */
export interface ActivityRow {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: ActivityEvent['kind'];
  readonly state: 'running' | 'done' | 'failed' | 'refused';
  readonly title: string;
  /** Milliseconds. */
  readonly took?: number;
  readonly result?: string;
  /** For writes of the journal: how to take it back. */
  readonly undo?: string;
}

/** Activity of this run, newest first, and under it the writes of earlier runs. */
export function activityRows(
  events: readonly ActivityEvent[],
  entries: readonly JournalEntry[],
  startedAt: number,
): ActivityRow[] {
  const live = events.toReversed().map(({ id, ...event }): ActivityRow => ({ key: `e${id}`, ...event }));
  return [...live, ...journalRows(entries).filter(({ at }) => at < startedAt)];
}

/** The last state of each write, newest first; an intent without a result is a write that was cut off. */
function journalRows(entries: readonly JournalEntry[]): ActivityRow[] {
  const last = new Map(entries.map((entry) => [entry.id, entry]));
  return [...last.values()].reverse().map(({ id, at, state, write, result }): ActivityRow => {
    const said = state === 'intent' ? 'cut off: it is not known whether it was done' : result;
    return {
      key: `j${id}`,
      at: Date.parse(at),
      kind: 'write',
      state: state === 'intent' ? 'failed' : state,
      title: `${write.title} → ${write.target}`,
      ...(said === undefined ? {} : { result: said }),
      undo: write.undo === 'irreversible' ? 'irreversible' : (write.undo.command ?? write.undo.text),
    };
  });
}

export function activityKey({ key }: ActivityRow): string {
  return key;
}

export function activityText({ kind, state, title, result }: ActivityRow): string {
  return `${kind} ${state} ${title} ${result ?? ''}`;
}

export function activityColumns(glyphs: Glyphs, now: number): Column<ActivityRow>[] {
  return [
    { id: 'state', cell: (row) => stateCell(row, glyphs), min: 1, max: 1, rank: 9 },
    {
      id: 'age',
      cell: ({ at }) => [span(age(Math.max(0, now - at)), 'dim')],
      min: 4,
      max: 4,
      align: 'right',
      rank: 6,
    },
    {
      id: 'kind',
      cell: ({ kind }) => [span(kind, kind === 'write' ? 'warn' : 'dim')],
      min: 4,
      max: 7,
      rank: 7,
    },
    { id: 'title', cell: ({ title }) => [span(safe(title))], min: 20, max: 110, rank: 9 },
    {
      id: 'took',
      cell: ({ took }) =>
        took === undefined ? [] : [span(latency(took / 1_000), took > 2_000 ? 'warn' : 'dim')],
      min: 6,
      max: 8,
      align: 'right',
      rank: 5,
    },
    {
      id: 'result',
      cell: ({ result }) => (result ? [span(safe(result), 'dim')] : []),
      min: 10,
      max: 200,
      rank: 4,
      grows: true,
    },
  ];
}

function stateCell({ state }: ActivityRow, glyphs: Glyphs): Line {
  switch (state) {
    case 'running':
      return [span(glyphs.running, 'running')];
    case 'done':
      return [span(glyphs.good, 'good')];
    case 'failed':
      return [span(glyphs.bad, 'bad')];
    case 'refused':
      return [span(glyphs.warn, 'warn')];
  }
}
