import type { Key } from 'ink';
import { characters } from '../text/width.ts';

/** One key: the character itself (`j`, `G`, `/`), or a name: `enter`, `esc`, `space`, `up`, `ctrl-d`, `shift-tab`. */
export interface Stroke {
  readonly name: string;
  /** What it would type into a text field. */
  readonly text?: string;
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const;

/** One event of Ink's as strokes: Ink gives a whole chunk of typed text as one event. */
export function strokesOf(input: string, key: Key): Stroke[] {
  if (key.eventType === 'release') return [];
  if (key.tab) return [{ name: key.shift ? 'shift-tab' : 'tab' }];
  const name = named.find(([flag]) => key[flag])?.[1];
  if (name !== undefined) return [{ name: key.ctrl ? `ctrl-${name}` : name }];
  if (input === '') return [];
  if (key.ctrl) return [{ name: `ctrl-${input.toLowerCase()}` }];
  if (key.meta || key.super || key.hyper) return [];
  return characters(input).map(strokeOf);
}

function strokeOf(character: string): Stroke {
  if (character === '\r' || character === '\n' || character === '\r\n') return { name: 'enter' };
  if (character === '\t') return { name: 'tab' };
  if (character === ' ') return { name: 'space', text: ' ' };
  if (character === '\u007F' || character === '\b') return { name: 'backspace' };
  const code = character.charCodeAt(0);
  if (character.length === 1 && code < 0x20)
    return { name: code === 0x1b ? 'esc' : `ctrl-${String.fromCharCode(code + 0x60)}` };
  return { name: character, text: character };
}

/** What is left of an arrow key's sequence that a slow link tore apart: `[A`, `OB`, `[1;5C`, right after an escape. */
export function isTornSequence(input: string): boolean {
  return /^(?:\[|O)(?:\d+(?:;\d+)*)?[A-HPQRS~]$/.test(input);
}
