import { type ReactNode, useState } from 'react';
import { useCapture } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import { appendText, editText } from '../keys/editText.ts';
import type { ConfirmQuestion } from '../state/ask.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Size } from '../text/size.ts';
import { Overlay } from './overlay.tsx';
import { dialogLines, dialogWidth } from './shape.ts';

export interface DialogProps<Question> {
  readonly question: Question;
  readonly settle: (answer: string | undefined) => void;
  readonly screen: Size;
}

/** Yes is `y`, or the typed name where the deed cannot be undone. Every other way out is no. */
export function ConfirmDialog({ question, settle, screen }: DialogProps<ConfirmQuestion>): ReactNode {
  const { theme } = useHost();
  const { typed } = question;
  const [text, setText] = useState('');
  useCapture({
    onKey(stroke) {
      if (stroke.name === 'esc') settle(undefined);
      else if (typed === undefined) {
        if (stroke.name === 'y') settle('yes');
        else if (stroke.name === 'n' || stroke.name === 'q') settle(undefined);
      } else if (stroke.name === 'enter') settle(text === typed ? 'yes' : undefined);
      else setText(editText(text, stroke) ?? text);
    },
    ...(typed === undefined ? {} : { onText: (more: string) => setText(appendText(text, more)) }),
  });
  const columns = dialogWidth(screen);
  const tone = typed === undefined ? 'warn' : 'bad';
  const answer: Line[] =
    typed === undefined
      ? [
          [
            span('y', 'key', true),
            span(' yes   '),
            span('n', 'key', true),
            span(' no   '),
            span('Esc', 'key', true),
            span(' no', 'dim'),
          ],
        ]
      : [
          [span('This cannot be undone. Type '), span(safe(typed), 'bad', true), span(' and press Enter:')],
          [span('> ', 'key'), span(text), { text: ' ', inverse: true }],
        ];
  const rows = [...dialogLines(question.lines, columns), [], ...answer].map((line) => ({ line }));
  return (
    <Overlay
      title={[span(`${theme.glyphs.warn} ${safe(question.title)}`, tone)]}
      rows={rows}
      screen={screen}
      columns={columns}
      theme={theme}
      tone={tone}
    />
  );
}
