import type { ReactNode } from 'react';
import type { Bindings } from '../actions/action.ts';
import { useScroll } from '../hooks/useScroll.ts';
import type { PaneProps } from '../paneProps.ts';
import { type Line, span } from '../text/line.ts';
import { frame, innerSize } from './frame.ts';
import { Lines } from './lines.tsx';

export interface TextScreenProps extends Pick<PaneProps, 'size' | 'theme'> {
  /** Names the place that is scrolled to. */
  readonly id: string;
  readonly title: Line;
  readonly note?: Line;
  readonly lines: readonly Line[];
  /** More keys of the scope `list`: copying, opening. */
  readonly bindings?: Bindings;
}

/** Lines in a frame over the whole screen, scrolled by the list keys. */
export function TextScreen({ id, title, note, lines, bindings, size, theme }: TextScreenProps): ReactNode {
  const inner = innerSize(size);
  const top = useScroll(id, lines.length, inner.rows, bindings);
  const rows = frame(
    lines.slice(top, top + inner.rows).map((line) => ({ line })),
    {
      title,
      ...(note === undefined ? {} : { note }),
      ...(lines.length > inner.rows
        ? {
            foot: [
              span(
                `${top + 1}${theme.glyphs.dash}${Math.min(lines.length, top + inner.rows)} of ${lines.length}`,
                'dim',
              ),
            ],
          }
        : {}),
      size,
      theme,
      isFocused: true,
    },
  );
  return <Lines rows={rows} size={size} />;
}
