import type { Plan, PlanStep, Preview } from '../core/plan/plan.ts';
import { summary } from '../core/plan/summary.ts';
import { shellQuote } from '../core/shell/quote.ts';
import type { Preflight } from '../tasks/task.ts';
import { printable } from './text.ts';

/** A plan as text: each step with its exact effect and its undo. */
export function planLines({ task, option, target, fingerprint, steps }: Plan): string[] {
  if (steps.length === 0) return [`${task}: nothing to do.`];
  const how = [option, target].filter((one) => one !== undefined).join(', ');
  return [
    `${task} (${how}): ${summary(steps)}`,
    ...steps.flatMap((step, index) => ['', ...stepLines(step, index + 1)]),
    '',
    `fingerprint ${fingerprint}`,
  ].map(printable);
}

const marks: Readonly<Record<Preflight['state'], string>> = {
  fine: '✔',
  warning: '!',
  problem: '✗',
  unknown: '?',
};

export function preflightLines(lines: readonly Preflight[]): string[] {
  return lines
    .flatMap(({ state, title, saw, fix }) => [
      `${marks[state]} ${title}: ${saw}`,
      ...(fix === undefined ? [] : `    fix: ${fix}`.split('\n')),
    ])
    .map(printable);
}

function stepLines({ id, title, effect, target, preview, undo }: PlanStep, number: number): string[] {
  const back = undo === 'irreversible' ? 'cannot be undone' : `undo: ${undo.text}`;
  return [
    `${number}. ${title} → ${target} [${effect}] (${id})`,
    ...previewLines(preview).map((line) => `    ${line}`),
    `    ${back}`,
  ];
}

function previewLines(preview: Preview): string[] {
  if ('diff' in preview) return preview.diff.trimEnd().split('\n');
  if ('text' in preview) return preview.text.split('\n');
  if ('request' in preview) return [preview.request, ...(preview.body ?? '').split('\n')];
  return [
    ...`on ${preview.host}: ${shellQuote(preview.command)}`.split('\n'),
    ...(preview.input === undefined ? [] : preview.input.split('\n').map((line) => `  < ${line}`)),
    ...(preview.notes ?? []).flatMap((note) => note.split('\n')),
  ];
}
