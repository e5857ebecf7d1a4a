import { counted } from '../text/format.ts';
import type { Change, CostRow, PipelineKind, SpeedReport, SpeedRow } from './model.ts';
import {
  costText,
  measuredText,
  moneyText,
  quantity,
  rangeText,
  ratioText,
  timedTitle,
  timedTitleOf,
  verdictTexts,
  windowText,
} from './phrases.ts';
import { predictionLines } from './predictionLines.ts';
import { sparkline } from './sparkline.ts';

/** Runs that a sparkline in a table shows, the newest. */
const shown = 24;

/** The report for a merge request: every number with N and window, the plan's apart from what was measured. */
export function speedMarkdown(report: SpeedReport): string {
  const { at, window, ref, rows, changes, cost, notes } = report;
  return [
    '## Build speed',
    '',
    `Measured ${at.slice(0, 16).replace('T', ' ')} UTC over ${windowText(window)}${ref === undefined ? '' : ` on ${code(ref)}`}: ${kindsText(report)}.`,
    '',
    ...table(
      ['', 'plan: baseline', 'plan: expected', 'measured before', 'measured', 'ratio', 'verdict'],
      rows.map(rowCells),
    ),
    '',
    ...rows.filter(({ runs }) => runs.length > 1).map(line),
    '',
    '### Changes',
    '',
    ...(changes.length === 0 ? ['Nothing that decides the speed changed in this window.'] : []),
    ...changes.flatMap((change) => changeLines(change, rows)),
    '',
    '### Cost',
    '',
    ...table(['', 'plan’s claim', 'measured', ''], cost.map(costCells)),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escaped(note)}`)]),
    '',
  ].join('\n');
}

/** `12 pipelines: 3 python, 9 docs`. */
export function kindsText({ pipelines }: Pick<SpeedReport, 'pipelines'>): string {
  const all = Object.entries(pipelines) as [PipelineKind, number][];
  const parts = all.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  return `${counted(total, 'pipeline')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function rowCells({ title, unit, baseline, expectation, measured, ratio, verdict, because }: SpeedRow) {
  return [
    title,
    rangeText(baseline.plan, unit),
    `${rangeText(expectation, unit)} (${ratioText(expectation.ratio)})`,
    baseline.measured ? measuredText(baseline.measured, unit) : 'never',
    measured ? measuredText(measured, unit) : 'nothing',
    ratio === null ? '' : ratioText(ratio),
    verdict === 'not-yet' ? because : `${verdictTexts[verdict]}: ${because}`,
  ];
}

/** The newest runs of a row, oldest first, with the least and the most of them. */
function line(row: SpeedRow): string {
  const { runs } = row;
  const seconds = runs.slice(-shown).map((run) => run.seconds);
  const range = `${quantity(Math.min(...seconds), 'seconds')} to ${quantity(Math.max(...seconds), 'seconds')}`;
  return `- ${timedTitle(row)}: ${code(sparkline(seconds, shown, false))} ${range}, n=${seconds.length}`;
}

function changeLines(change: Change, rows: readonly SpeedRow[]): string[] {
  const { at, source, title, task, pending, effects } = change;
  const said = predictionLines(change).map((text) => `  - ${escaped(text)}`);
  const names = { task: `task ${code(task ?? '')}`, commit: 'commit', shift: 'unexplained' };
  const head = `- ${at.slice(0, 16).replace('T', ' ')} UTC, ${names[source]}: ${escaped(title)}`;
  if (pending !== undefined) return [`${head}: ${escaped(pending)}`, ...said];
  return [
    head,
    ...said,
    ...effects.map(({ row, ratio, verdict, because }) => {
      const name = timedTitleOf(row, rows);
      const by = ratio === null || verdict === 'not-yet' ? '' : ` ${ratioText(ratio)},`;
      return `  - ${name}:${verdict === 'not-yet' ? '' : ` ${verdict},`}${by} ${because}`;
    }),
  ];
}

function costCells(row: CostRow): string[] {
  const money = row.perMonth === undefined ? '' : `, ${moneyText(row.perMonth)}`;
  return [row.title, row.claim ?? '', `${costText(row)}${money}`, row.because];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row)];
}

/**
 * Text that Markdown and HTML take as it is, on one line; for GitLab also no formula (`$A$`) and no reference: it takes none where
 * its sign is escaped, and makes one of an entity.
 */
export function escaped(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\*_`[\]{}|~#@!$%&^]/g, '\\$&')
    .replace(/</g, '&lt;');
}

/** Code, whatever it holds: without what would end it. */
export function code(text: string): string {
  return `\`${text.replace(/[`\r\n|]/g, ' ')}\``;
}
