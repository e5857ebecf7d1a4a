import type { Change, CostRow, SpeedReport, SpeedRow, Verdict } from '../../source/core/speed/model.ts';
import {
  costText,
  medianText,
  quantity,
  rangeText,
  ratioText,
  verdictTexts,
} from '../../source/core/speed/phrases.ts';
import type { Column } from '../text/columns.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';

/** One line of the screen's list: of the plan's table, of the changes, or of the costs; `words` stand over the columns. */
export type Item =
  | { readonly kind: 'words' }
  | { readonly kind: 'row'; readonly row: SpeedRow }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'cost'; readonly cost: CostRow };

export const views = ['rows', 'changes', 'cost'];

/** What each view lists; changes newest first. */
export function itemsOf(report: SpeedReport | undefined, view: number): Item[] {
  if (!report) return [];
  if (view === 1) return report.changes.toReversed().map((change) => ({ kind: 'change', change }) as const);
  if (view === 2) return report.cost.map((cost) => ({ kind: 'cost', cost }) as const);
  return report.rows.map((row) => ({ kind: 'row', row }) as const);
}

export function itemKey(item: Item): string {
  if (item.kind === 'words') return '';
  if (item.kind === 'row') return item.row.id;
  return item.kind === 'change' ? item.change.id : item.cost.id;
}

export function itemText(item: Item): string {
  if (item.kind === 'words') return '';
  if (item.kind === 'row') return `${item.row.title} ${item.row.because}`;
  return item.kind === 'change' ? `${item.change.title} ${item.change.source}` : item.cost.title;
}

const verdictTones: Readonly<Record<Verdict, Tone>> = { met: 'good', missed: 'bad', 'not-yet': 'dim' };

export function verdictTone(verdict: Verdict): Tone {
  return verdictTones[verdict];
}

function sign(verdict: Verdict, { good, bad, clock }: Glyphs): string {
  return { met: good, missed: bad, 'not-yet': clock }[verdict];
}

const empty: Line = [];

/** Columns of the view; the same for the words over them. */
export function columnsOf(view: number, glyphs: Glyphs): Column<Item>[] {
  if (view === 1) return changeColumns(glyphs);
  return view === 2 ? costColumns : rowColumns(glyphs);
}

function rowColumns(glyphs: Glyphs): Column<Item>[] {
  const cell =
    (line: (row: SpeedRow) => Line, words = '') =>
    (item: Item): Line =>
      item.kind === 'row' ? line(item.row) : [span(words, 'faint')];
  return [
    {
      id: 'sign',
      cell: cell(({ verdict }) => [span(sign(verdict, glyphs), verdictTone(verdict))]),
      min: 1,
      max: 1,
      rank: 9,
    },
    { id: 'title', cell: cell(({ title }) => [span(title)]), min: 12, max: 18, rank: 9 },
    {
      id: 'baseline',
      cell: cell(({ baseline, unit }) => [span(rangeText(baseline.plan, unit), 'dim')], 'plan'),
      min: 5,
      max: 10,
      rank: 6,
    },
    {
      id: 'expected',
      cell: cell(
        ({ expectation, unit }) => [span(`${glyphs.arrow} ${rangeText(expectation, unit)}`, 'dim')],
        `${glyphs.arrow} expected`,
      ),
      min: 8,
      max: 14,
      rank: 7,
    },
    {
      id: 'measured',
      cell: cell(
        ({ measured, unit }) => [
          measured ? span(medianText(measured, unit), 'text', true) : span('nothing', 'dim'),
        ],
        'measured',
      ),
      min: 7,
      max: 16,
      rank: 8,
    },
    {
      id: 'ratio',
      cell: cell(({ ratio }) => [span(ratio === null ? '' : ratioText(ratio), 'accent')], 'ratio'),
      min: 5,
      max: 6,
      rank: 3,
    },
    {
      id: 'because',
      cell: cell(({ verdict, because }) => [
        span(
          safe(verdict === 'not-yet' ? because.replace(/^not yet: /, '') : verdictTexts[verdict]),
          verdictTone(verdict),
        ),
      ]),
      min: 8,
      max: 60,
      rank: 5,
      grows: true,
    },
  ];
}

/** Marks on the time axis, and of the changes in their list. */
export const changeMarks: Readonly<Record<Change['source'], string>> = { task: '^', commit: '+', shift: '?' };

function changeColumns(glyphs: Glyphs): Column<Item>[] {
  const cell =
    (line: (change: Change) => Line) =>
    (item: Item): Line =>
      item.kind === 'change' ? line(item.change) : empty;
  return [
    {
      id: 'mark',
      cell: cell(({ source }) => [span(changeMarks[source], 'accent')]),
      min: 1,
      max: 1,
      rank: 9,
    },
    { id: 'at', cell: cell(({ at }) => [span(at.slice(0, 10), 'dim')]), min: 10, max: 10, rank: 8 },
    { id: 'title', cell: cell(({ title }) => [span(safe(title))]), min: 20, max: 90, rank: 9, grows: true },
    { id: 'effect', cell: cell((change) => [effectSpan(change, glyphs)]), min: 7, max: 24, rank: 7 },
  ];
}

/** What the change did, in a word: the clearest of its effects. */
function effectSpan({ effects, pending }: Change, { arrow }: Glyphs) {
  if (pending !== undefined) return span('not merged', 'dim');
  const [best] = effects
    .filter(({ verdict }) => verdict === 'faster' || verdict === 'slower')
    .sort((a, b) => (a.p ?? 1) - (b.p ?? 1));
  if (best?.before && best.after) {
    const [from, to] = [best.before, best.after].map(({ median }) => quantity(median, 'seconds'));
    return span(`${from} ${arrow} ${to}`, best.verdict === 'faster' ? 'good' : 'bad');
  }
  return span(effects.some(({ verdict }) => verdict === 'same') ? 'no difference' : 'not yet', 'dim');
}

const costColumns: Column<Item>[] = [
  {
    id: 'title',
    cell: (item) => (item.kind === 'cost' ? [span(item.cost.title)] : empty),
    min: 16,
    max: 30,
    rank: 9,
  },
  {
    id: 'value',
    cell: (item) => (item.kind === 'cost' ? [span(costText(item.cost), costTone(item.cost))] : empty),
    min: 10,
    max: 34,
    rank: 8,
  },
  {
    id: 'claim',
    cell: (item) =>
      item.kind === 'cost' && item.cost.claim !== undefined
        ? [span(`plan: ${item.cost.claim}`, 'dim')]
        : empty,
    min: 10,
    max: 50,
    rank: 7,
    grows: true,
  },
];

function costTone({ value }: CostRow): Tone {
  return value === null ? 'dim' : 'text';
}
