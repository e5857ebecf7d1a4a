import { type ReactNode, useState } from 'react';
import { useCapture } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import type { ChoiceQuestion } from '../state/ask.ts';
import { moved, scrollTop } from '../state/listWindow.ts';
import { span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { DialogProps } from './confirm.tsx';
import { Overlay } from './overlay.tsx';
import { dialogLines, dialogWidth } from './shape.ts';

/** One of a few. Nothing is chosen until Enter. */
export function ChoiceDialog({ question, settle, screen }: DialogProps<ChoiceQuestion>): ReactNode {
  const { theme } = useHost();
  const { options } = question;
  const [index, setIndex] = useState(0);
  useCapture({
    onKey({ name }) {
      if (name === 'esc' || name === 'q') settle(undefined);
      else if (name === 'enter') settle(options[index]?.value);
      else if (name === 'j' || name === 'down') setIndex(moved(index, 1, options.length));
      else if (name === 'k' || name === 'up') setIndex(moved(index, -1, options.length));
    },
  });
  const columns = dialogWidth(screen);
  const text = dialogLines(question.lines, columns);
  const height = Math.max(1, screen.rows - text.length - 6);
  const top = scrollTop(0, index, height, options.length);
  const rows = [
    ...text.map((line) => ({ line })),
    { line: [] },
    ...options.slice(top, top + height).map(({ label }, place) => {
      const isChosen = place + top === index;
      return {
        line: [span(isChosen ? `${theme.glyphs.selected} ` : '  ', 'accent'), span(safe(label))],
        selected: isChosen,
      };
    }),
  ];
  return (
    <Overlay
      title={[span(safe(question.title), 'accent')]}
      rows={rows}
      screen={screen}
      columns={columns}
      theme={theme}
    />
  );
}
