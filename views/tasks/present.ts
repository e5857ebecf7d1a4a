import type { TaskRow } from '../../source/core/plan/row.ts';
import { trialText } from '../../source/core/plan/trialRun.ts';
import { duration } from '../../source/core/text/format.ts';
import type { RunOutcome } from '../../source/tasks/engine/events.ts';
import type { Probe } from '../../source/tasks/task.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { failureLines } from '../text/failure.ts';
import { type Glyphs, rungSpan, rungTone } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { FlowState } from './flow.ts';
import type { StepView } from './steps.ts';
import { whole } from './whole.ts';

/** Lines for a screen of `width` columns at a moment, in milliseconds since the epoch. */
export interface Drawing {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly now: number;
}

/** Where the task stands, and the ways to do it; `selected` is the line of the chosen way. */
export function choiceLines(
  row: TaskRow | undefined,
  { options, option, settings, set, target, failure }: FlowState,
  { canPlan, past }: { canPlan: boolean; past: { resume: boolean; undo: boolean } },
  drawing: Drawing,
): { lines: Line[]; selected: number } {
  const { width, glyphs } = drawing;
  const lines: Line[] = [];
  if (row) {
    lines.push(...standing(row, drawing));
    if (row.blockedBy.length > 0) lines.push([span(`  after task ${row.blockedBy.join(', ')}`, 'warn')]);
  }
  if (past.resume)
    lines.push([span(`${glyphs.warn} a run of it was interrupted: C goes on, U takes it back`, 'warn')]);
  if (failure) lines.push(...failureLines(failure, width, glyphs));
  if (!canPlan) lines.push([], [span('This task is looked at, and not carried out.', 'dim')]);
  let selected = 0;
  if (options.length > 0) lines.push([], heading('Ways'));
  for (const way of options) {
    const isChosen = way.name === option;
    if (isChosen) selected = lines.length;
    lines.push(...wayLines(way, isChosen, drawing));
  }
  if (canPlan) lines.push([], heading('Settings'), ...fact('target', target, width));
  for (const { name, title, value, because } of settings)
    lines.push(
      ...fact(
        name,
        `${set[name] ?? value ?? '-'}  ${title}${because === undefined ? '' : `; ${because}`}`,
        width,
      ),
    );
  return { lines, selected };
}

/** A way to do the task, what speaks for and against it, and what its trials took. */
function wayLines(
  { title, possible, because, byHand, recommended, tradeOff, tried }: FlowState['options'][number],
  isChosen: boolean,
  drawing: Drawing,
): Line[] {
  const { width, glyphs } = drawing;
  const below = (said: string, tone: Tone): Line[] =>
    paragraph(said, width - 4).map((text) => [span(`    ${text}`, tone)]);
  const why = because === undefined ? '' : ` (${because})`;
  const said = possible ? `${tradeOff}${why}` : (because ?? tradeOff);
  return [
    [
      span(isChosen ? `${glyphs.selected} ` : '  ', 'accent'),
      span(safe(title), possible ? 'text' : 'faint', isChosen),
      ...(recommended ? [span('  recommended', 'good')] : []),
      ...(possible ? [] : [span('  not possible', 'faint')]),
    ],
    ...below(said, possible ? 'dim' : 'faint'),
    ...(isChosen && byHand
      ? [...below('to write by hand:', 'dim'), ...whole(byHand.join('\n'), 'text', drawing)]
      : []),
    ...(tried?.pipelines ?? []).flatMap((run) => below(`tried: ${trialText(run)}`, 'info')),
  ];
}

/** A rung with its evidence. */
function standing({ rung, evidence }: Probe, { width, glyphs }: Drawing): Line[] {
  const lines: Line[] = [[rungSpan(rung, glyphs), span(` ${rung}`, rungTone(rung), true)]];
  for (const { source, saw } of evidence)
    for (const text of paragraph(`${saw} (${source})`, width - 2)) lines.push([span(`  ${text}`, 'dim')]);
  return lines;
}

const marks: Readonly<
  Record<StepView['state'], readonly [keyof Glyphs & ('running' | 'good' | 'dash' | 'bad'), Tone]>
> = {
  running: ['running', 'running'],
  done: ['good', 'good'],
  skipped: ['dash', 'dim'],
  failed: ['bad', 'bad'],
};

const words: Readonly<Record<RunOutcome['outcome'], string>> = {
  done: 'done',
  nothing: 'nothing was to be done',
  unchanged: 'failed; nothing was changed',
  failed: 'failed on the way: C goes on, U takes it back',
  stopped: 'stopped on the way: C goes on, U takes it back',
  undone: 'taken back: everything is as it was',
};

/** A step with its time, what it printed, of one that went well the end of it, and what was seen. */
function stepLines(
  { title, state, startedAt, took, saw, output }: StepView,
  { width, glyphs, now }: Drawing,
): Line[] {
  const [mark, tone] = marks[state];
  const time = took ?? (state === 'running' ? (now - startedAt) / 1_000 : undefined);
  const shown = state === 'running' || state === 'failed' ? output : output.slice(-3);
  return [
    [
      span(`${glyphs[mark]} `, tone),
      span(safe(title)),
      ...(time === undefined ? [] : [span(`  ${duration(time)}`, 'dim')]),
    ],
    ...shown.map((text): Line => [span(`    ${safe(text)}`, 'dim')]),
    ...(saw === undefined ? [] : paragraph(saw, width - 4)).map((text): Line => [span(`    ${text}`, tone)]),
  ];
}

/** A run as it goes, and what came of it. */
export function runLines(
  { stage, steps, outcome, verification, failure, target }: FlowState,
  drawing: Drawing,
): Line[] {
  const { width, glyphs } = drawing;
  const lines = steps.flatMap((step) => stepLines(step, drawing));
  if (stage === 'running')
    return [...lines, [], [span('x stops it; it goes on when you leave this screen', 'dim')]];
  lines.push([]);
  if (outcome) {
    const isWell = ['done', 'nothing', 'undone'].includes(outcome.outcome);
    lines.push([
      span(`${isWell ? glyphs.good : glyphs.bad} ${words[outcome.outcome]}`, isWell ? 'good' : 'bad', true),
    ]);
    if (outcome.failure) lines.push(...failureLines(outcome.failure, width, glyphs));
  }
  if (failure) lines.push(...failureLines(failure, width, glyphs));
  if (verification) lines.push([], heading('Seen afterwards'), ...standing(verification, drawing));
  else if (!failure) lines.push([], [span('looking at what came of it', 'dim')]);
  if (outcome?.outcome === 'done') lines.push([], ...nextLines(target));
  return lines;
}

/** What may come after a run that went well; a trial is for the merge request that carries what it measured. */
function nextLines(target: FlowState['target']): Line[] {
  const back = [
    span('U', 'key', true),
    span(' takes it back  '),
    span('r', 'key', true),
    span(' looks again  '),
    span('Esc', 'key', true),
    span(' back'),
  ];
  if (target !== 'trial') return [back];
  const next = [
    span('h', 'key', true),
    span(' then '),
    span('p', 'key', true),
    span(' plans the merge request, with what was measured  '),
    span('J', 'key', true),
    span(' tries the next way instead'),
  ];
  return [next, back];
}
