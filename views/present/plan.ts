import type { TaskGain } from '../../source/core/plan/gain.ts';
import { predictedText } from '../../source/core/plan/predicted.ts';
import type { TaskRow } from '../../source/core/plan/row.ts';
import { trialText } from '../../source/core/plan/trialRun.ts';
import { predictionTexts } from '../../source/core/speed/judged.ts';
import type { JudgedPrediction } from '../../source/core/speed/model.ts';
import { duration } from '../../source/core/text/format.ts';
import type { Column } from '../text/columns.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { type DetailContext, knownFact, newestSaw, subjectDetail } from './subject.ts';

export function taskKey(row: TaskRow): string {
  return String(row.number);
}

export function taskText(row: TaskRow): string {
  return `${row.number} ${row.name} ${row.title} ${row.wave} ${row.rung} ${newestSaw(row)}`;
}

/** The columns of the Plan pane; `view` 1 shows what is gained and what is waited for instead of evidence. */
export function planColumns(
  glyphs: Glyphs,
  view: number,
  gains: ReadonlyMap<string, PlannedGain> = new Map(),
): Column<TaskRow>[] {
  return [
    {
      id: 'number',
      cell: ({ number }) => [span(String(number), 'dim')],
      min: 2,
      max: 2,
      align: 'right',
      rank: 9,
    },
    { id: 'rung', cell: ({ rung }) => [rungSpan(rung, glyphs)], min: 1, max: 1, rank: 9 },
    { id: 'title', cell: ({ title }) => [span(safe(title))], min: 14, max: view === 1 ? 28 : 34, rank: 8 },
    { id: 'blocked', cell: (row) => blockedBy(row, glyphs), min: 3, max: 9, rank: 5 },
    ...(view === 1
      ? [
          { id: 'promise', cell: promised, min: 10, max: 40, rank: 5, grows: true },
          {
            id: 'predicted',
            cell: ({ name }: TaskRow) => predictedCell(gains.get(name), glyphs),
            min: 12,
            max: 20,
            rank: 7,
          },
          {
            id: 'measured',
            cell: ({ name }: TaskRow) => measuredCell(gains.get(name)),
            min: 12,
            max: 40,
            rank: 6,
          },
          { id: 'wave', cell: ({ wave }: TaskRow) => [span(safe(wave), 'dim')], min: 6, max: 18, rank: 3 },
        ]
      : [
          {
            id: 'saw',
            cell: (row: TaskRow) => [span(safe(newestSaw(row)), 'dim')],
            min: 12,
            max: 200,
            rank: 4,
            grows: true,
          },
        ]),
  ];
}

/** What is known of a task's gain; `measured` where pipelines were read. */
export interface PlannedGain extends TaskGain {
  readonly measured?: JudgedPrediction;
}

function predictedCell(gain: PlannedGain | undefined, { arrow }: Glyphs): Line {
  const [first] = gain?.predicted ?? [];
  return first === undefined ? [] : [span(`${duration(first.before)} ${arrow} ${duration(first.after)}`)];
}

/** What pipelines took since, or else what the last trial took. */
function measuredCell(gain: PlannedGain | undefined): Line {
  const { measured, verdict } = gain?.measured ?? {};
  const trial = gain?.tried.at(-1)?.pipelines.at(-1);
  if (measured)
    return [
      span(
        `${duration(measured.median)} N ${measured.n}${verdict === 'outside' ? ', not as predicted' : ''}`,
        verdict === 'outside' ? 'bad' : verdict === 'within' ? 'good' : 'text',
      ),
    ];
  return trial?.wallClock === undefined ? [] : [span(`trial ${duration(trial.wallClock)}`, 'dim')];
}

/** Where a task has runs here: each prediction with what came of it, and the trials. */
function gainLines(gain: PlannedGain | undefined, width: number): Line[] {
  if (!gain) return [];
  return [
    ...gain.predicted.flatMap((one) => knownFact('predicted', predictedText(one), width)),
    ...(gain.measured ? knownFact('measured', predictionTexts(gain.measured).measured, width) : []),
    ...gain.tried.flatMap(({ option, pipelines }) =>
      pipelines.flatMap((run) => knownFact(option ?? 'tried', trialText(run), width)),
    ),
  ];
}

function promised({ promise }: TaskRow): Line {
  return promise === undefined ? [] : [span(safe(promise), 'info')];
}

function blockedBy({ blockedBy: numbers }: TaskRow, { arrow }: Glyphs): Line {
  return numbers.length === 0 ? [] : [span(`${arrow}${numbers.join(',')}`, 'warn')];
}

export function planDetail(row: TaskRow, context: DetailContext, gain?: PlannedGain): Line[] {
  const { width } = context;
  return subjectDetail(
    `${row.number} ${row.title}`,
    row,
    [
      ...knownFact('task', row.name, width),
      ...knownFact('wave', row.wave, width),
      ...knownFact('promise', row.promise, width),
      ...gainLines(gain, width),
      ...knownFact('waits for', row.blockedBy.map((number) => `task ${number}`).join(', '), width),
    ],
    context,
  );
}
