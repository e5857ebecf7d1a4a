import { dashboardLayout } from './present/layout.ts';
import { type PaneId, paneIds, paneTitles } from './state/paneIds.ts';
import { span } from './text/line.ts';
import { createTheme, type ThemeOptions } from './theme.ts';
import { frame } from './widgets/frame.ts';

/** The dashboard without anything in it, as rows for a terminal of this size: what is shown until the real one is drawn. */
export function firstFrame(columns: number, rows: number, options: ThemeOptions): string[] {
  const theme = createTheme(options);
  const header = theme.paint(
    [span('huskycat', 'accent', true), span(`  starting${theme.glyphs.ellipsis}`, 'dim')],
    columns,
  );
  const blank = ' '.repeat(columns);
  if (rows < 3) return [header, ...Array.from({ length: Math.max(0, rows - 1) }, () => blank)];
  const { places } = dashboardLayout({ columns, rows: rows - 2 }, 'plan', false);
  const lines = Array.from({ length: rows - 2 }, () => [] as { left: number; text: string }[]);
  for (const { pane, left, top, size } of places)
    for (const [index, text] of frame([], {
      title: titleOf(pane),
      size,
      isFocused: pane === 'plan',
      theme,
    }).entries())
      lines[top + index]?.push({ left, text });
  const body = lines.map((parts) => {
    const text = parts
      .sort((a, b) => a.left - b.left)
      .map((part) => part.text)
      .join('');
    return parts.length === 0 ? blank : text;
  });
  return [header, ...body, blank];
}

function titleOf(pane: PaneId) {
  return [span(`${paneIds.indexOf(pane) + 1} ${paneTitles[pane]}`)];
}
