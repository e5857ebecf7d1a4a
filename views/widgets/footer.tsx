import { type ReactNode, useSyncExternalStore } from 'react';
import { useHost } from '../host.ts';
import { footerLine } from '../present/footer.ts';
import { useSlice } from '../state/store.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { Lines } from './lines.tsx';

const filterLine: Line = [
  span('type to filter   ', 'dim'),
  span('Enter', 'key', true),
  span(' keep   ', 'dim'),
  span('Esc', 'key', true),
  span(' clear', 'dim'),
];

/** The keys that apply now, or a notice. */
export function Footer({ columns }: { readonly columns: number }): ReactNode {
  const { keyboard, ui, theme } = useHost();
  const available = useSyncExternalStore(keyboard.subscribe, keyboard.available);
  const notice = useSlice(ui, (state) => state.notice);
  const isFiltering = useSlice(ui, (state) => state.filtering !== undefined);
  const line = notice
    ? [span(safe(notice.text), notice.tone)]
    : isFiltering
      ? filterLine
      : footerLine(available, columns);
  return <Lines rows={[theme.paint(line, columns)]} size={{ columns, rows: 1 }} />;
}
