import { plain } from '../../source/core/text/safe.ts';
import { characters } from '../text/width.ts';
import type { Stroke } from './stroke.ts';

/** A one-line text after an editing key; undefined when the key edits nothing. */
export function editText(text: string, stroke: Stroke): string | undefined {
  switch (stroke.name) {
    case 'backspace':
    case 'delete':
    case 'ctrl-h':
      return characters(text).slice(0, -1).join('');
    case 'ctrl-u':
      return '';
    case 'ctrl-w':
      return text.replace(/\S+\s*$/, '');
    default:
      return undefined;
  }
}

/** A one-line text with more at its end, typed or pasted. */
export function appendText(text: string, more: string): string {
  return plain(text + more, 1_000);
}
