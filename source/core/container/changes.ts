import type { ShellCommand } from '../shell/read.ts';
import { isSamePlace, type ScriptItem } from './script.ts';

/** Text to put over a part of a script's entry; offsets are those of its text. */
export interface Change {
  readonly item: ScriptItem;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * What takes one command out of its entry, or one with those that feed it through pipes, and nothing else; undefined where
 * others depend on how it ends.
 */
export function withoutCommand(item: ScriptItem, command: ShellCommand): Change | undefined {
  const { commands, text } = item;
  const own = commands.indexOf(command);
  const lastIndex = isExcused(commands, own) ? own + 1 : own;
  const last = commands[lastIndex] ?? command;
  const firstIndex = pipelineStart(commands, own);
  const first = commands[firstIndex] ?? last;
  const [previous, next] = [commands[firstIndex - 1], commands[lastIndex + 1]];
  if (last.within.length > 0 || /^(?:\||\|\||&)$/.test(last.after)) return undefined;
  if (!previous && !next) return { item, start: 0, end: text.length, text: '' };
  if (first.before === '&&' && previous) return { item, start: previous.end, end: last.end, text: '' };
  if (!isStart(first.before)) return undefined;
  if (last.after === '&&' && next) return { item, start: first.start, end: next.start, text: '' };
  const start = text.lastIndexOf('\n', first.start - 1) + 1;
  const isOwnLine = text.slice(start, first.start).trim() === '';
  // A comment behind it says something of it alone.
  const behind = /^[ \t]*;?(?:[ \t]+#[^\n]*|[ \t]*)(?:\n|$)/.exec(text.slice(last.end))?.[0];
  if (isOwnLine && behind !== undefined) {
    const end = last.end + behind.length;
    return end >= text.length
      ? { item, start: Math.max(0, start - 1), end: text.trimEnd().length, text: '' }
      : { item, start, end, text: '' };
  }
  if (first.before === ';' && previous) return { item, start: previous.end, end: last.end, text: '' };
  return last.after === ';' && next ? { item, start: first.start, end: next.start, text: '' } : undefined;
}

/** `command || true`: how it ends counts for nothing. */
function isExcused(commands: readonly ShellCommand[], index: number): boolean {
  const next = commands[index + 1];
  return next?.before === '||' && next.words.length === 1 && /^(?:true|:)$/.test(next.words[0]?.text ?? '');
}

/** Where the pipeline that a command ends begins. */
function pipelineStart(commands: readonly ShellCommand[], last: number): number {
  let first = last;
  while (first > 0 && commands[first]?.before === '|') first -= 1;
  return first;
}

function isStart(operator: string): boolean {
  return operator === '' || operator === '\n' || operator === ';';
}

/** The text of an entry after its changes; undefined when nothing is left that a shell would run. */
export function changedText(item: ScriptItem, changes: readonly Change[]): string | undefined {
  const text = ordered(item, changes).reduce(
    (before, { start, end, text: by }) => `${before.slice(0, start)}${by}${before.slice(end)}`,
    item.text,
  );
  const isEmpty = text.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
  return isEmpty ? undefined : text;
}

/** The changes of one entry, the last first; equal ones once. */
export function ordered(item: ScriptItem, changes: readonly Change[]): Change[] {
  const own = changes.filter((change) => isSamePlace(change.item.node.span, item.node.span));
  const unique = new Map(own.map((change) => [`${change.start} ${change.end} ${change.text}`, change]));
  return [...unique.values()].sort((a, b) => b.start - a.start || b.end - a.end);
}
