import { compareFindings, type Evidence, type Finding } from '../core/evidence.ts';
import { doneCount, doneRule, isDone } from '../core/plan/done.ts';
import type { TaskRow } from '../core/plan/row.ts';
import { code, escaped } from '../core/speed/markdown.ts';
import type { RowId, SpeedReport } from '../core/speed/model.ts';
import { measuredText, rangeText, ratioText, timedTitleOf, verdictTexts } from '../core/speed/phrases.ts';
import { predictionLines } from '../core/speed/predictionLines.ts';
import { counted } from '../core/text/format.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import { rungText, statusOf } from './answer.ts';
import type { Io } from './io.ts';
import { troubles } from './status.ts';

/** What was measured, or why nothing was. */
export type Speed = { readonly report: SpeedReport } | { readonly because: string };

/** Findings of a task that are written out; the rest is counted. */
const most = 3;

/** The rows of the plan's table that a task is to move. */
const moves: Readonly<Record<string, readonly RowId[]>> = {
  'container-layers': ['container-rebuild'],
  'parallel-jobs': ['clean-build', 'python-change'],
  'cache-lifetimes': ['tool-downloads'],
};

/** `tasks --markdown`: the plan's status section, from evidence alone. Gives the exit status. */
export function showTasksMarkdown(snapshot: Snapshot, speed: Speed, now: string, io: Io): number {
  const { tasks, findings, checkout } = snapshot;
  const missing = troubles(snapshot);
  const lines = [
    '## Status',
    '',
    `**${doneCount(tasks, findings)}**, looked at ${now.slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    doneRule,
    ...[...Map.groupBy(tasks, ({ wave }) => wave)].flatMap(([wave, rows]) => [
      '',
      `### ${escaped(wave)}`,
      '',
      ...rows.flatMap((row) => taskLines(row, findings, speed)),
    ]),
    ...('because' in speed ? ['', `Nothing was measured: ${escaped(speed.because)}`] : []),
    ...(missing.length === 0
      ? []
      : ['', 'Not looked at:', '', ...missing.map((line) => `- ${escaped(line)}`)]),
    '',
  ];
  io.stdout(lines.join('\n'));
  return statusOf([checkout], []);
}

function taskLines(row: TaskRow, findings: readonly Finding[], speed: Speed): string[] {
  const { number, name, title, rung, evidence, blockedBy, promise } = row;
  const box = isDone(row, findings) ? '[x]' : '[ ]';
  const saw = escaped(evidenceLine(evidence));
  return [
    `- ${box} **${number}. ${escaped(title)}** (${code(name)}): ${rungText(rung)}. ${saw}`,
    ...(blockedBy.length === 0 ? [] : [`  - after ${blockedBy.join(', ')}`]),
    ...findingLines(row, findings),
    ...(promise === undefined ? [] : [`  - promised: ${escaped(promise)}`]),
    ...('report' in speed ? measuredLines(name, speed.report) : []),
  ];
}

/** The newest evidence with where it is from and its day: the text is read later, when an age would be wrong. */
function evidenceLine([first]: readonly Evidence[]): string {
  return first ? `${first.saw} (${first.source}, ${first.at.slice(0, 10)})` : 'not looked at';
}

function findingLines({ findings: ids }: TaskRow, all: readonly Finding[]): string[] {
  const own = all.filter(({ id }) => ids.includes(id)).sort(compareFindings);
  const rest = own.length - most;
  return [
    ...own.slice(0, most).map(({ severity, title }) => `  - ${severity}: ${escaped(title)}`),
    ...(rest > 0 ? [`  - and ${counted(rest, 'other finding')}`] : []),
  ];
}

/** The rows that the task is to move, as they are now, and what its own change did to them. */
function measuredLines(task: string, { rows, changes }: SpeedReport): string[] {
  const now = rows
    .filter(({ id }) => moves[task]?.includes(id))
    .map(({ title, unit, measured, expectation, verdict, because }) => {
      const number = measured ? measuredText(measured, unit) : 'nothing';
      const judged = verdict === 'not-yet' ? because : verdictTexts[verdict];
      return `  - measured: ${title} ${number}; expected ${rangeText(expectation, unit)}: ${escaped(judged)}`;
    });
  const own = changes.filter((change) => change.task === task);
  const predictions = own.flatMap((change) => predictionLines(change).map((line) => `  - ${escaped(line)}`));
  const effects = own.flatMap(({ at, pending, effects: all }) =>
    pending === undefined
      ? all.map(({ row, verdict, ratio, because }) => {
          const title = timedTitleOf(row, rows);
          const by = ratio === null || verdict === 'not-yet' ? '' : `${verdict}, ${ratioText(ratio)}: `;
          return `  - since ${at.slice(0, 10)}: ${title} ${by}${escaped(because)}`;
        })
      : [`  - applied ${at.slice(0, 10)}: ${escaped(pending)}`],
  );
  return [...predictions, ...now, ...effects];
}
