import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Line, Tone } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import type { Theme } from '../theme.ts';
import { type FrameRow, frame } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';

export interface OverlayProps {
  readonly title: Line;
  readonly foot?: Line;
  readonly rows: readonly FrameRow[];
  /** Of the whole screen. */
  readonly screen: Size;
  /** Columns wanted, border included. */
  readonly columns: number;
  readonly theme: Theme;
  readonly tone?: Tone;
}

/** A frame in the middle of the screen, over everything else. */
export function Overlay({
  title,
  foot,
  rows,
  screen,
  columns,
  theme,
  tone = 'accent',
}: OverlayProps): ReactNode {
  const size: Size = {
    columns: Math.max(1, Math.min(columns, screen.columns)),
    rows: Math.max(1, Math.min(rows.length + 2, screen.rows)),
  };
  const painted = frame(rows, {
    title,
    ...(foot === undefined ? {} : { foot }),
    size,
    theme,
    isFocused: true,
    tone,
  });
  return (
    <Box
      position="absolute"
      marginLeft={Math.floor((screen.columns - size.columns) / 2)}
      marginTop={Math.floor((screen.rows - size.rows) / 2)}
    >
      <Lines rows={painted} size={size} />
    </Box>
  );
}
