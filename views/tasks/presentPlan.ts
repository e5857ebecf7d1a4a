import type { Plan, PlanStep, Preview } from '../../source/core/plan/plan.ts';
import { summary } from '../../source/core/plan/summary.ts';
import { shellQuote } from '../../source/core/shell/quote.ts';
import type { Planned, Preflight } from '../../source/tasks/task.ts';
import { paragraph } from '../text/facts.ts';
import { type Line, lineText, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Drawing } from './present.ts';
import { whole } from './whole.ts';

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
  const [first = '', ...rest] = paragraph(`${safe(title)}: ${saw}`, width - 4);
  const head = first.slice(0, safe(title).length + 1);
  return [
    [span(`${mark} `, tones[state]), span(head, 'accent'), span(first.slice(head.length))],
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
    ...previewLines(preview, drawing),
    ...paragraph(isFinal ? 'cannot be undone' : `undo: ${undo.text}`, drawing.width - 4).map(
      (text): Line => [span(`    ${text}`, isFinal ? 'bad' : 'dim')],
    ),
  ];
}

/** The exact effect, whole: a line that is longer than the screen goes on in the next. */
function previewLines(preview: Preview, drawing: Drawing): Line[] {
  if ('diff' in preview) return diffLines(preview.diff, drawing);
  if ('text' in preview) return whole(preview.text, 'dim', drawing);
  if ('request' in preview)
    return [...whole(preview.request, 'info', drawing), ...diffLines(preview.body ?? '', drawing)];
  const host = `${safe(preview.host)} ${drawing.glyphs.arrow} `;
  return [
    ...whole(`${host}${shellQuote(preview.command)}`, 'text', drawing).map(
      (line, index): Line =>
        index === 0 ? [span(`    ${host}`, 'info'), span(lineText(line).slice(host.length + 4))] : line,
    ),
    ...whole(preview.input ?? '', 'special', drawing),
    ...(preview.notes ?? []).flatMap((note) => whole(note, 'dim', drawing)),
  ];
}

/** Lines of a unified diff, coloured. */
function diffLines(diff: string, drawing: Drawing): Line[] {
  if (diff === '') return [];
  return diff
    .trimEnd()
    .split('\n')
    .flatMap((line) => whole(line, toneOf(line), drawing, true));
}

function toneOf(line: string): Tone {
  if (/^(?:---|\+\+\+) /.test(line)) return 'dim';
  if (line.startsWith('@@')) return 'info';
  return line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'dim';
}
