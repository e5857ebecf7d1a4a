import type { ReactNode } from 'react';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { useHost } from '../host.ts';
import { rungCounts, type SubjectRow } from '../present/subject.ts';
import { paneTitles } from '../state/paneIds.ts';
import { type PaneId, paneIds } from '../state/ui.ts';
import { statusSpan } from '../text/glyphs.ts';
import { type Line, lineText, type Span, span } from '../text/line.ts';
import type { Theme } from '../theme.ts';
import { Lines } from './lines.tsx';

/** One line that names all panes, with what is worst in each, where only one of them fits. */
export function Tabs(props: {
  readonly snapshot: Snapshot;
  readonly columns: number;
  readonly focus: PaneId;
}): ReactNode {
  const { theme } = useHost();
  const line = tabsLine(props.snapshot, props.columns, props.focus, theme);
  return <Lines rows={[theme.paint(line, props.columns)]} size={{ columns: props.columns, rows: 1 }} />;
}

/** The tabs with counts, or without where that is too long, or as the focused name and numbers. */
function tabsLine(snapshot: Snapshot, columns: number, focus: PaneId, theme: Theme): Line {
  const titled = (pane: PaneId): Span[] => [
    tab(pane, `${paneIds.indexOf(pane) + 1} ${paneTitles[pane]}`, focus),
  ];
  const counted = (pane: PaneId): Span[] => [...titled(pane), ...counts(snapshot, pane, theme)];
  const short = (pane: PaneId): Span[] =>
    pane === focus ? titled(pane) : [tab(pane, String(paneIds.indexOf(pane) + 1), focus)];
  const forms = [counted, titled, short].map((form) =>
    paneIds.flatMap((pane, index): Span[] => [...(index === 0 ? [] : [span(' ')]), ...form(pane)]),
  );
  return forms.find((line) => lineText(line).length <= columns) ?? forms[2] ?? [];
}

function tab(pane: PaneId, text: string, focus: PaneId): Span {
  const isFocused = pane === focus;
  return { text: ` ${text} `, tone: isFocused ? 'accent' : 'dim', bold: isFocused, inverse: isFocused };
}

function counts(snapshot: Snapshot, pane: PaneId, theme: Theme): Span[] {
  if (pane === 'pipeline') {
    const status = snapshot.pipeline.value?.pipeline.status;
    return status === undefined ? [] : [statusSpan(status, theme.glyphs)];
  }
  const rows: Readonly<Record<Exclude<PaneId, 'pipeline'>, readonly SubjectRow[]>> = {
    plan: snapshot.tasks,
    caches: snapshot.caches,
    variables: snapshot.variableRows,
    signing: snapshot.signing,
  };
  const bad = rows[pane].filter(({ rung }) => rung === 'absent');
  return rungCounts(bad, theme.glyphs);
}
