import type { EditedFile } from '../../core/ci/edit/model.ts';
import { usualDuration } from '../../core/pipeline/history.ts';
import { missText } from '../../core/plan/trialRun.ts';
import { duration } from '../../core/text/format.ts';
import type { Preflight } from '../task.ts';
import type { CiChange } from './change.ts';
import type { Past } from './past.ts';
import { type Prediction, predictionText } from './predict.ts';
import type { WayFigures } from './tried.ts';

export interface Describing {
  readonly change: CiChange;
  readonly files: readonly EditedFile[];
  readonly lines: readonly Preflight[];
  readonly predictions: readonly Prediction[];
  readonly past: Past;
  readonly trial: readonly WayFigures[];
}

/** The merge request's description, in Markdown: why, what changes for which jobs, what is predicted and what was measured. */
export function describe({ change, files, lines, predictions, past, trial }: Describing): string {
  const changes = lines.filter(({ id, state }) => /^(?:jobs|needs)-/.test(id) && state !== 'problem');
  const paths = lines.filter(({ id }) => id.startsWith('path-'));
  const risks = lines.filter(({ id, state }) => id.startsWith('check-') && state === 'warning');
  return [
    ...change.why,
    '## What changes',
    [
      `Files: ${files.map(({ path }) => `\`${path}\``).join(', ')}`,
      ...changes.map(({ title, saw }) => `${title}: ${saw}`),
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
    ...(risks.length > 0
      ? ['## To know', risks.map(({ title, saw }) => `- ${title}: ${saw}`).join('\n')]
      : []),
    '## Predicted',
    predictions.length === 0
      ? 'Nothing: no finished pipeline is known.'
      : [
          ...predictions.map((one) => `- ${one.event}: ${predictionText(one)}`),
          ...paths.map(({ title, saw }) => `- ${title}: ${saw}`),
        ].join('\n'),
    '## Measured',
    trial.length === 0 ? 'Not yet: this was not tried on a branch.' : trialTable(trial, past),
  ].join('\n\n');
}

/** Pipelines of the ways that were tried beside what the jobs took before. */
function trialTable(trial: readonly WayFigures[], { history }: Past): string {
  const names = [...new Set(trial.flatMap(({ jobs }) => jobs.map(({ name }) => name)))];
  const isOneWay = new Set(trial.map(({ way }) => way)).size === 1;
  const time = (seconds: number | undefined): string => (seconds === undefined ? '–' : duration(seconds));
  const heads = trial.map(
    ({ pipeline, way }) => `${isOneWay || way === undefined ? '' : `${way} `}#${pipeline}`,
  );
  const rows = names.map((name) => {
    const usual = usualDuration(history, name);
    const cells = trial.map(({ jobs, expected }) => {
      const run = jobs.find((job) => job.name === name);
      if (!run) return '–';
      const notes = [...run.marks, ...missText(run.seconds, expected?.jobs[name])];
      const shown = notes.length > 0 ? ` (${notes.join(', ')})` : '';
      return `${time(run.seconds)}${run.status === 'success' ? '' : ` ${run.status}`}${shown}`;
    });
    return [`\`${name}\``, usual ? `${duration(usual.median)} (N ${usual.n})` : '–', ...cells];
  });
  const head = ['Job, and what its log shows', 'before (median)', ...heads];
  const simulated = trial.find(({ expected }) => expected)?.expected?.before;
  const whole = [
    'whole pipeline',
    simulated === undefined ? '–' : `${duration(simulated)} (simulated)`,
    ...trial.map(({ wallClock, expected }) => {
      const missed = missText(wallClock, expected?.wallClock).map((text) => ` (${text})`);
      return `${time(wallClock)}${missed.join('')}`;
    }),
  ];
  return [head, head.map(() => '---'), ...rows, whole].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
