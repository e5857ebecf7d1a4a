import { type FailureView, viewFailure } from '../core/datum.ts';
import { asFailure } from '../core/failure.ts';
import type { TaskRow } from '../core/plan/row.ts';
import { trialText } from '../core/plan/trialRun.ts';
import { duration } from '../core/text/format.ts';
import type { Run, RunOutcome, StepEvent } from '../tasks/engine/events.ts';
import type { Planned, Probe, Task, TaskOption } from '../tasks/task.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText } from './answer.ts';
import type { Io } from './io.ts';
import { planLines, preflightLines } from './plan.ts';
import { printable } from './text.ts';

/** `task NAME probe`: where a task stands, and how it can be done. Gives the exit status. */
export function showProbe(
  { task, row, options }: { task: Task; row: TaskRow; options: readonly TaskOption[] },
  { json, now }: AnswerOptions,
  io: Io,
): number {
  const { name, number, wave, title, rung, evidence, findings, blockedBy } = row;
  const { dependsOn } = task;
  if (json) {
    printJson(io, 'task-probe', now, { name, number, wave, rung, evidence, findings, options, dependsOn });
    return 0;
  }
  printLines(
    io,
    [
      `${rungText(rung)}  ${number}. ${title} (${name}, ${wave})`,
      ...evidence.map((one) => `  ${evidenceText([one], now)}`),
      ...(blockedBy.length > 0 ? [`  after ${blockedBy.join(', ')}`] : []),
      ...options.flatMap((option) => [
        `  ${option.possible ? (option.recommended ? '*' : '-') : '✗'} ${option.name}: ${option.title}`,
        `      ${option.tradeOff}${option.because === undefined ? '' : ` (${option.because})`}`,
        ...(option.byHand && option.recommended
          ? ['      to write by hand:', ...option.byHand.map((line) => `        ${line}`)]
          : []),
        ...(option.tried?.pipelines ?? []).map((run) => `      tried: ${trialText(run)}`),
      ]),
      ...(task.plan ? [] : ['  It is looked at, and not carried out.']),
    ].map(printable),
  );
  return 0;
}

/** `task NAME plan`: what would be done, or why nothing can be. Gives the exit status. */
export function showPlan(planned: Planned, { json, now }: AnswerOptions, io: Io): number {
  const { preflight } = planned;
  if ('refused' in planned) {
    const { refused } = planned;
    if (json) printJson(io, 'task-plan', now, { refused, preflight });
    else printLines(io, [...preflightLines(preflight), printable(refused)]);
    return 1;
  }
  if (json) io.stdout(`${JSON.stringify({ ...planned.plan, preflight })}\n`);
  else printLines(io, [...preflightLines(preflight), ...planLines(planned.plan)]);
  return 0;
}

export interface Following extends AnswerOptions {
  readonly task: string;
  /** Looks anew, after a run that ended well. */
  readonly verify: () => Promise<Probe>;
}

/** Carries a run to its end and prints its events as they come. Gives the exit status. */
export async function followRun(run: Run, options: Following, io: Io): Promise<number> {
  const { json, now, task } = options;
  const print = json
    ? (event: StepEvent) => io.stdout(`${JSON.stringify(event)}\n`)
    : (event: StepEvent) => printEvent(event, io);
  let end: RunOutcome | { outcome: 'refused'; steps: []; failure: FailureView };
  try {
    let next = await run.next();
    while (!next.done) {
      print(next.value);
      next = await run.next();
    }
    end = next.value;
  } catch (thrown) {
    end = { outcome: 'refused', steps: [], failure: viewFailure(asFailure(thrown, `task ${task}`)) };
  }
  const isWell = end.outcome === 'done' || end.outcome === 'nothing' || end.outcome === 'undone';
  const verification = isWell ? await options.verify() : undefined;
  if (json) printJson(io, 'task-apply', now, { task, ...end, ...(verification ? { verification } : {}) });
  else printEnd(end, { task, now, verification }, io);
  return isWell ? 0 : 1;
}

function printEvent(event: StepEvent, io: Io): void {
  if (event.state === 'started') io.stdout(`▸ ${printable(event.title)}\n`);
  else if (event.state === 'output')
    for (const line of event.text.trimEnd().split('\n')) io.stdout(`    ${printable(line)}\n`);
  else if (event.state === 'done') io.stdout(`  ✔ ${printable(event.saw)} (${duration(event.took)})\n`);
  else if (event.state === 'skipped') io.stdout(`  - ${printable(event.because)}\n`);
  else io.stdout(`  ✗ ${printable(`${event.failure.tried}: ${event.failure.saw}`)}\n`);
}

const words: Readonly<Record<RunOutcome['outcome'] | 'refused', string>> = {
  done: 'done',
  nothing: 'nothing to do',
  unchanged: 'failed; nothing was changed',
  failed: 'failed on the way',
  stopped: 'stopped on the way',
  undone: 'taken back',
  refused: 'not begun',
};

function printEnd(
  { outcome, ...end }: { outcome: RunOutcome['outcome'] | 'refused'; failure?: FailureView },
  { task, now, verification }: { task: string; now: string; verification: Probe | undefined },
  io: Io,
): void {
  const { failure } = end;
  const lines = [
    `${task}: ${words[outcome]}`,
    ...(failure ? [`  ${failure.tried}: ${failure.saw}`, ...failure.next.map((one) => `  ${one}`)] : []),
    ...(outcome === 'failed' || outcome === 'stopped'
      ? [`  Go on: huskycat-tui task ${task} resume`, `  Take it back: huskycat-tui task ${task} undo`]
      : []),
    ...(outcome === 'done' ? [`  To undo: huskycat-tui task ${task} undo`] : []),
    ...(verification
      ? [`  ${rungText(verification.rung)}: ${evidenceText(verification.evidence, now)}`]
      : []),
  ];
  printLines(io, lines.map(printable));
}
