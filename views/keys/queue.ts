import type { Keyboard } from './keyboard.ts';
import type { Stroke } from './stroke.ts';

/**
 * Strokes that came in one chunk, handed on one after the other: each waits until the screen has drawn what the one before
 * did, so that `/abc` typed at once opens the filter and types into it. Text for a text field is handed on as one piece.
 */
export interface StrokeQueue {
  add(strokes: readonly Stroke[]): void;
  paste(text: string): void;
}

type Item = { readonly stroke: Stroke } | { readonly paste: string };

export function createStrokeQueue(keyboard: Keyboard, drawn: () => Promise<void>): StrokeQueue {
  const waiting: Item[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      if ('paste' in item) keyboard.paste(item.paste);
      else if (keyboard.takesText() && item.stroke.text !== undefined)
        keyboard.type(textRun(item.stroke.text));
      else keyboard.press(item.stroke);
      await drawn();
    }
    isRunning = false;
  };
  const textRun = (first: string): string => {
    let text = first;
    for (
      let next = waiting[0];
      next && 'stroke' in next && next.stroke.text !== undefined;
      next = waiting[0]
    ) {
      text += next.stroke.text;
      waiting.shift();
    }
    return text;
  };
  const put = (items: readonly Item[]): void => {
    waiting.push(...items);
    if (!isRunning) void run();
  };
  return {
    add: (strokes) => put(strokes.map((stroke) => ({ stroke }))),
    paste: (text) => put([{ paste: text }]),
  };
}
