import { kindsText, speedMarkdown } from '../core/speed/markdown.ts';
import type { Change, SpeedReport, SpeedRow } from '../core/speed/model.ts';
import {
  costText,
  measuredText,
  moneyText,
  rangeText,
  ratioText,
  timedTitle,
  timedTitleOf,
  verdictTexts,
  windowText,
} from '../core/speed/phrases.ts';
import { predictionLines } from '../core/speed/predictionLines.ts';
import { sparkline } from '../core/speed/sparkline.ts';
import { printJson, printLines } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

export type SpeedFormat = 'text' | 'json' | 'markdown';

/** `speed`: the plan's promises, and what was measured. Gives the exit status: 1 when a row that can be judged misses its promise. */
export function showSpeed(report: SpeedReport, format: SpeedFormat, io: Io): number {
  if (format === 'json') {
    const { at, ...answer } = report;
    printJson(io, 'speed', at, { ...answer, rows: report.rows.map(({ runs: _, ...row }) => row) });
  } else if (format === 'markdown') io.stdout(speedMarkdown(report));
  else printLines(io, speedText(report));
  return report.rows.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

function speedText(report: SpeedReport): string[] {
  const { window, ref, rows, changes, cost, notes } = report;
  return [
    printable(`${windowText(window)}${ref === undefined ? '' : ` on ${ref}`}: ${kindsText(report)}`),
    '',
    ...table([
      ['', 'plan: baseline', 'plan: expected', 'measured', 'ratio', 'verdict'],
      ...rows.map(({ title, unit, baseline, expectation, measured, ratio, verdict, because }) => [
        title,
        rangeText(baseline.plan, unit),
        rangeText(expectation, unit),
        measured ? measuredText(measured, unit) : 'nothing',
        ratio === null ? '' : ratioText(ratio),
        verdict === 'not-yet' ? because : `${verdictTexts[verdict]}: ${because}`,
      ]),
    ]),
    '',
    ...table(rows.filter(({ runs }) => runs.length > 0).map(runCells)),
    '',
    'changes',
    ...(changes.length === 0 ? ['  none of what decides the speed'] : []),
    ...changes.flatMap((change) => changeLines(change, rows)).map(printable),
    '',
    'cost',
    ...table(
      cost.map((one) => [
        `  ${one.title}`,
        `${costText(one)}${one.perMonth === undefined ? '' : `, ${moneyText(one.perMonth)}`}`,
        one.because,
        one.claim === undefined ? '' : `plan: ${one.claim}`,
      ]),
    ),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => printable(note))]),
  ];
}

/** Before the first change where it was measured, one download where those are counted, and the newest runs. */
function runCells(row: SpeedRow): string[] {
  const { unit, baseline, each, runs } = row;
  const before = baseline.measured ? `before: ${measuredText(baseline.measured, unit)}` : '';
  const one = each ? `each: ${measuredText(each, 'seconds')}` : '';
  return [
    timedTitle(row),
    sparkline(
      runs.map(({ seconds }) => seconds),
      24,
      false,
    ),
    `n=${runs.length}`,
    before || one,
  ];
}

function changeLines(change: Change, rows: readonly SpeedRow[]): string[] {
  const { at, source, title, task, pending, effects } = change;
  const kind = source === 'task' ? `task ${task ?? ''}` : source === 'commit' ? 'commit' : 'unexplained';
  const head = `  ${at.slice(0, 16).replace('T', ' ')}  ${kind}: ${title}`;
  const said = predictionLines(change).map((line) => `    ${line}`);
  if (pending !== undefined) return [`${head}: ${pending}`, ...said];
  return [
    head,
    ...said,
    ...effects.map(({ row, ratio, verdict, because }) => {
      const name = timedTitleOf(row, rows);
      const by = ratio === null || verdict === 'not-yet' ? '' : `${verdict}, ${ratioText(ratio)}: `;
      return `    ${name}: ${by}${because}`;
    }),
  ];
}
