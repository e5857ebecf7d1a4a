import { trialText } from '../../source/core/plan/trialRun.ts';
import { predictionTexts } from '../../source/core/speed/judged.ts';
import type {
  Change,
  CostRow,
  Difference,
  Effect,
  SpeedReport,
  SpeedRow,
} from '../../source/core/speed/model.ts';
import {
  costText,
  measuredText,
  moneyText,
  quantity,
  rangeText,
  ratioText,
  timedTitleOf,
  verdictTexts,
  windowText,
} from '../../source/core/speed/phrases.ts';
import { markLine, sparkline } from '../../source/core/speed/sparkline.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Theme } from '../theme.ts';
import { changeMarks, type Item, verdictTone } from './items.ts';

export interface DetailContext {
  readonly report: SpeedReport;
  readonly width: number;
  readonly theme: Theme;
}

/** Everything about the selected line. */
export function itemDetail(item: Item, context: DetailContext): Line[] {
  if (item.kind === 'words') return [];
  if (item.kind === 'row') return rowDetail(item.row, context);
  return item.kind === 'change' ? changeDetail(item.change, context) : costDetail(item.cost, context);
}

function rowDetail(row: SpeedRow, context: DetailContext): Line[] {
  const { title, unit, baseline, expectation, measured, ratio, verdict, because, each } = row;
  const { width, report, theme } = context;
  const verdictText = verdict === 'not-yet' ? because : `${verdictTexts[verdict]}: ${because}`;
  const effects = report.changes
    .toReversed()
    .flatMap((change) => change.effects.filter((one) => one.row === row.id).map((one) => ({ change, one })));
  return [
    heading(title),
    ...fact('verdict', verdictText, width, verdictTone(verdict)),
    ...fact('measured', measured ? measuredText(measured, unit) : 'nothing', width),
    ...fact(
      'before',
      baseline.measured ? measuredText(baseline.measured, unit) : 'never measured',
      width,
      'dim',
    ),
    ...(ratio === null ? [] : fact('ratio', ratioText(ratio), width, 'accent')),
    ...fact(
      'plan',
      `${rangeText(baseline.plan, unit)} ${theme.glyphs.arrow} ${rangeText(expectation, unit)}, ${ratioText(expectation.ratio)}`,
      width,
      'dim',
    ),
    ...(each ? fact('each', measuredText(each, 'seconds'), width) : []),
    ...axis(row, context),
    ...effects.flatMap(({ change, one }) =>
      effectLines(
        `${changeMarks[change.source]} ${change.at.slice(0, 10)} ${safe(change.title)}`,
        one,
        width,
      ),
    ),
  ];
}

/** The newest runs on a time axis, with the changes under them. */
function axis({ runs }: SpeedRow, { report, width, theme }: DetailContext): Line[] {
  if (runs.length < 2) return [];
  const room = Math.max(8, width - 14);
  const shown = runs.slice(-room);
  const seconds = shown.map((run) => run.seconds);
  const times = runs.map(({ at }) => at);
  const marks = report.changes
    .filter(({ pending }) => pending === undefined)
    .map(({ at, source }) => ({ at: Date.parse(at), mark: changeMarks[source] }));
  const under = markLine(times, marks, room);
  const day = (at: number | undefined): string => new Date(at ?? 0).toISOString().slice(0, 10);
  const range = `${quantity(Math.min(...seconds), 'seconds')} to ${quantity(Math.max(...seconds), 'seconds')}`;
  const from = day(shown[0]?.at);
  const to = day(shown.at(-1)?.at);
  return [
    [span('runs'.padEnd(14), 'dim'), span(sparkline(seconds, room, theme.ascii), 'info')],
    ...(under === '' ? [] : [[span(' '.repeat(14)), span(under, 'accent')]]),
    ...fact('', `${from === to ? from : `${from} to ${to}`}, ${range}, n=${shown.length}`, width, 'dim'),
    ...(under === '' ? [] : fact('', '^ task  + commit  ? unexplained', width, 'dim')),
  ];
}

const tones: Readonly<Record<Difference, Tone>> = {
  faster: 'good',
  slower: 'bad',
  same: 'text',
  'not-yet': 'dim',
};

/** The name over what the change did, both indented alike. */
function effectLines(name: string, { verdict, ratio, because }: Effect, width: number): Line[] {
  const by = ratio === null || verdict === 'not-yet' ? '' : `${verdict}, ${ratioText(ratio)}: `;
  return [
    [span(name, 'accent')],
    ...paragraph(`${by}${because}`, width - 2).map((text): Line => [span(`  ${text}`, tones[verdict])]),
  ];
}

function changeDetail(change: Change, { report, width }: DetailContext): Line[] {
  const { title, at, source, task, sha, pending, effects } = change;
  const names = { task: `task ${task ?? ''}`, commit: 'commit', shift: 'unexplained' };
  return [
    ...paragraph(title, width).map(heading),
    ...fact('what', names[source], width),
    ...fact('when', `${at.slice(0, 16).replace('T', ' ')} UTC`, width),
    ...(sha === undefined ? [] : fact('commit', sha.slice(0, 12), width, 'dim')),
    ...(pending === undefined ? [] : fact('', pending, width, 'warn')),
    ...predictionFacts(change, width),
    ...effects.flatMap((one) => {
      return effectLines(timedTitleOf(one.row, report.rows), one, width);
    }),
  ];
}

/** What was predicted, tried and measured of a task's change; what contradicts the prediction stands out. */
function predictionFacts({ predicted = [], tried = [] }: Change, width: number): Line[] {
  return [
    ...tried.flatMap((run) => fact('tried', trialText(run), width)),
    ...predicted.flatMap((one) => {
      const texts = predictionTexts(one);
      const tone = { within: 'good', outside: 'bad', 'not-yet': 'dim', 'not-judged': 'text' } as const;
      return [
        ...fact('predicted', texts.predicted, width),
        ...fact('measured', `${one.event}: ${texts.measured}`, width, tone[one.verdict]),
      ];
    }),
  ];
}

function costDetail(cost: CostRow, { width }: DetailContext): Line[] {
  const { title, claim, because, window, perMonth } = cost;
  return [
    heading(title),
    ...fact('measured', costText(cost), width),
    ...fact('', because, width, 'dim'),
    ...(window ? fact('window', windowText(window), width, 'dim') : []),
    ...(claim === undefined ? [] : fact('plan', `${claim}: a claim, not measured`, width, 'dim')),
    ...fact(
      'money',
      perMonth === undefined
        ? 'none is counted without a price: --price-minute, --price-gb'
        : moneyText(perMonth),
      width,
      perMonth === undefined ? 'dim' : 'text',
    ),
  ];
}
