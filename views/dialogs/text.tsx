import { type ReactNode, useState } from 'react';
import { useCapture } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import { appendText, editText } from '../keys/editText.ts';
import type { SecretQuestion, TextQuestion } from '../state/ask.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { cells, characters } from '../text/width.ts';
import type { DialogProps } from './confirm.tsx';
import { Overlay } from './overlay.tsx';
import { dialogLines, dialogWidth } from './shape.ts';

type Props = DialogProps<TextQuestion | SecretQuestion> & { readonly isSecret: boolean };

/** Asks for one line of text; a secret is never drawn, not even its length beyond twelve characters. */
export function TextDialog({ question, isSecret, settle, screen }: Props): ReactNode {
  const { theme } = useHost();
  const [text, setText] = useState('initial' in question ? (question.initial ?? '') : '');
  useCapture({
    onKey(stroke) {
      if (stroke.name === 'esc') settle(undefined);
      else if (stroke.name === 'enter') settle(isSecret ? text.trim() : text);
      else setText(editText(text, stroke) ?? text);
    },
    onText: (more) =>
      setText(isSecret ? (text + more).replace(/[\r\n]+/g, '').slice(0, 10_000) : appendText(text, more)),
  });
  const columns = dialogWidth(screen);
  const room = columns - 8;
  const shown = isSecret ? '*'.repeat(Math.min(12, text.length)) : tail(text, room);
  const rows: Line[] = [
    ...dialogLines(question.lines, columns),
    [],
    [span('> ', 'key'), span(shown), { text: ' ', inverse: true }],
    [],
    [span('Enter', 'key', true), span(' accept   ', 'dim'), span('Esc', 'key', true), span(' cancel', 'dim')],
  ];
  return (
    <Overlay
      title={[span(safe(question.title), 'accent')]}
      rows={rows.map((line) => ({ line }))}
      screen={screen}
      columns={columns}
      theme={theme}
    />
  );
}

/** The end of a text, where it is typed, in at most `room` cells. */
function tail(text: string, room: number): string {
  if (cells(text) <= room) return text;
  const all = characters(text);
  let kept = '';
  for (const character of all.reverse()) {
    if (cells(character + kept) > room) break;
    kept = character + kept;
  }
  return kept;
}
