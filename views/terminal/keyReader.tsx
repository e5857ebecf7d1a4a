import { useInput, usePaste } from 'ink';
import { useRef, useState } from 'react';
import { useHost } from '../host.ts';
import { createStrokeQueue } from '../keys/queue.ts';
import { isTornSequence, strokesOf } from '../keys/stroke.ts';

/** Milliseconds after an escape in which the rest of a torn sequence may still come. */
const tornWithin = 100;

/** The only reader of the keyboard. Draws nothing. */
export function KeyReader(): null {
  const { keyboard, workspace } = useHost();
  const [queue] = useState(() => createStrokeQueue(keyboard, drawn));
  const escapedAt = useRef(Number.NEGATIVE_INFINITY);
  useInput((input, key) => {
    const now = workspace.now();
    if (now - escapedAt.current < tornWithin && isTornSequence(input)) return;
    escapedAt.current = key.escape ? now : Number.NEGATIVE_INFINITY;
    queue.add(strokesOf(input, key));
  });
  usePaste((text) => queue.paste(text));
  return null;
}

/** React has drawn what was set by then: it does so in a microtask, and effects follow at once. */
function drawn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
