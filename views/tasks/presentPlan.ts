import type { Plan, PlanStep, Preview } from '../../source/core/plan/plan.ts';
import { summary } from '../../source/core/plan/summary.ts';
import { shellQuote } from '../../source/core/text/shellQuote.ts';
import type { Planned, Preflight } from '../../source/tasks/task.ts';
import { paragraph } from '../text/facts.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Drawing } from './present.ts';

const tones: Readonly<Record<Preflight['state'], Tone>> = {
  fine: 'good',
  warning: 'warn',
  problem: 'bad',
  unknown: 'dim',
};

/** What was looked at, and what would be done; or why nothing can be. */
export function plannedLines(planned: Planned, drawing: Drawing): Line[] {
  const looked = planned.preflight.flatMap((line) => preflightLines(line, drawing));
  if ('refused' in planned) {
    const why = paragraph(planned.refused, drawing.width - 2).map((text): Line => [span(`  ${text}`, 'bad')]);
    return [...looked, [], [span(`${drawing.glyphs.bad} it cannot be done now`, 'bad', true)], ...why];
  }
  return [...looked, [], ...planLines(planned.plan, drawing)];
}

function preflightLines({ title, state, saw, fix }: Preflight, { width, glyphs }: Drawing): Line[] {
  const mark = { fine: glyphs.good, warning: glyphs.warn, problem: glyphs.bad, unknown: '?' }[state];
  const [first = '', ...rest] = paragraph(saw, width - title.length - 4);
  return [
    [span(`${mark} `, tones[state]), span(`${safe(title)}: `, 'accent'), span(first)],
    ...rest.map((text): Line => [span(`    ${text}`)]),
    ...(fix === undefined
      ? []
      : paragraph(fix, width - 4).map((text): Line => [span(`    ${text}`, 'info')])),
  ];
}

function planLines({ steps }: Plan, drawing: Drawing): Line[] {
  if (steps.length === 0) return [[span(`${drawing.glyphs.good} nothing is left to do`, 'good', true)]];
  return [
    [span(summary(steps), 'accent', true)],
    ...steps.flatMap((step, index) => [[], ...stepLines(step, index + 1, drawing)]),
    [],
    [span('A', 'key', true), span(' or '), span('Enter', 'key', true), span(' applies it, after a question')],
  ];
}

function stepLines(
  { title, target, effect, preview, undo }: PlanStep,
  number: number,
  drawing: Drawing,
): Line[] {
  const isFinal = undo === 'irreversible';
  return [
    [span(`${number}. ${safe(title)}`, 'text', true), span(`  ${safe(target)} (${effect})`, 'dim')],
    ...previewLines(preview, drawing.glyphs),
    ...paragraph(isFinal ? 'cannot be undone' : `undo: ${undo.text}`, drawing.width - 4).map(
      (text): Line => [span(`    ${text}`, isFinal ? 'bad' : 'dim')],
    ),
  ];
}

function previewLines(preview: Preview, { arrow }: Glyphs): Line[] {
  if ('diff' in preview) return diffLines(preview.diff);
  if ('text' in preview) return indented(preview.text, 'dim');
  if ('request' in preview)
    return [[span(`    ${safe(preview.request)}`, 'info')], ...diffLines(preview.body ?? '')];
  return [
    [span(`    ${safe(preview.host)} ${arrow} `, 'info'), span(safe(shellQuote(preview.command), 4_000))],
    ...indented(preview.input ?? '', 'special'),
    ...(preview.notes ?? []).flatMap((note) => indented(note, 'dim')),
  ];
}

function indented(text: string, tone: Tone): Line[] {
  return text === '' ? [] : text.split('\n').map((line): Line => [span(`    ${safe(line)}`, tone)]);
}

/** Lines of a unified diff, coloured. */
function diffLines(diff: string): Line[] {
  if (diff === '') return [];
  return diff
    .trimEnd()
    .split('\n')
    .map((line): Line => [span(`    ${safe(line)}`, toneOf(line))]);
}

function toneOf(line: string): Tone {
  if (/^(?:---|\+\+\+) /.test(line)) return 'dim';
  if (line.startsWith('@@')) return 'info';
  return line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'dim';
}
