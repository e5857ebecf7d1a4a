import type { Change } from './changes.ts';
import type { Flag } from './flags.ts';
import type { Step } from './step.ts';

/** What becomes of a command that keeps its words. */
export interface CommandEdit {
  readonly step: Step;
  /** How many of its words name the program and what it does, and what stands there instead. */
  readonly subcommand?: { readonly length: number; readonly text: string };
  readonly removed: readonly Flag[];
  /** Flags with their values, one a line. */
  readonly added: readonly string[];
}

/** The changes that add and take away flags, each on a line of its own; what stays keeps its line. */
export function commandChanges({ step, subcommand, removed, added }: CommandEdit): Change[] {
  const { item, command } = step;
  const { text } = item;
  const [first] = command.words;
  const last = command.words.at(-1);
  if (!first || !last) return [];
  const changes: Change[] = runs(removed, text).map((flag) => ({
    item,
    ...flagRange(text, flag, last.end),
    text: '',
  }));
  const end = subcommand ? command.words[subcommand.length - 1]?.end : undefined;
  if (subcommand && end !== undefined && text.slice(first.start, end) !== subcommand.text)
    changes.push({ item, start: first.start, end, text: subcommand.text });
  if (added.length === 0) return changes;
  const indent = indentOf(text, first.start, last.end);
  const isContext =
    !last.text.startsWith('-') && !removed.some((flag) => flag.end === last.end) && !isValue(step);
  if (!isContext)
    return [
      ...changes,
      { item, start: last.end, end: last.end, text: added.map((flag) => ` \\\n${indent}${flag}`).join('') },
    ];
  const lineStart = text.lastIndexOf('\n', last.start - 1) + 1;
  const isAlone = text.slice(lineStart, last.start).trim() === '';
  if (isAlone)
    return [
      ...changes,
      {
        item,
        start: last.start,
        end: last.start,
        text: added.map((flag) => `${flag} \\\n${indent}`).join(''),
      },
    ];
  return [
    ...changes,
    {
      item,
      start: last.start,
      end: last.start,
      text: `${added.map((flag) => `\\\n${indent}${flag} `).join('')}`,
    },
  ];
}

/** Whether the last word is what a flag is given, and not the context. */
function isValue({ command, ...step }: Step): boolean {
  if (step.kind !== 'build') return true;
  const last = command.words.at(-1);
  return step.spec.unknown.length > 0 || last?.raw !== step.spec.context.raw;
}

/** Flags that stand side by side go as one. */
function runs(flags: readonly Flag[], text: string): Pick<Flag, 'start' | 'end'>[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, end } of [...flags].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && /^[ \t]*$/.test(text.slice(last.end, start))) last.end = end;
    else found.push({ start, end });
  }
  return found;
}

/** The flag with the white space around it, or its whole line. */
function flagRange(
  text: string,
  { start, end }: Pick<Flag, 'start' | 'end'>,
  last: number,
): { start: number; end: number } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const continued = /^[ \t]*\\\n[ \t]*/.exec(text.slice(end))?.[0];
  if (text.slice(lineStart, start).trim() === '' && continued !== undefined)
    return { start, end: end + continued.length };
  if (end >= last) {
    const before = /(?:[ \t]*\\\n)?[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return { start: start - before, end };
  }
  const spaces = /^[ \t]+/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + spaces };
}

/** How the lines of a command that goes on are indented. */
export function indentOf(text: string, start: number, end: number): string {
  const next = /\\\n([ \t]*)/.exec(text.slice(start, end))?.[1];
  if (next !== undefined) return next;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  return `${/^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? ''}  `;
}
