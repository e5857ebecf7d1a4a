import type { Available } from '../keys/keyboard.ts';
import { keyLabel } from '../keys/label.ts';
import type { Line, Span } from '../text/line.ts';
import { span } from '../text/line.ts';
import { cells } from '../text/width.ts';

/** The keys that apply now, the most useful first, as many as fit. */
export function footerLine(available: readonly Available[], width: number): Line {
  const shown = available
    .filter(({ action }) => action.footer !== undefined)
    .sort((a, b) => (b.action.footer ?? 0) - (a.action.footer ?? 0));
  const line: Span[] = [];
  let used = 0;
  for (const { action, disabled } of shown) {
    const key = keyLabel(action.keys[0] ?? '');
    const takes = cells(key) + cells(action.title) + 1 + (line.length === 0 ? 0 : 2);
    if (used + takes > width) continue;
    used += takes;
    if (line.length > 0) line.push(span('  '));
    line.push(span(key, disabled === undefined ? 'key' : 'faint', disabled === undefined));
    line.push(span(` ${action.title}`, disabled === undefined ? 'dim' : 'faint'));
  }
  return line;
}
