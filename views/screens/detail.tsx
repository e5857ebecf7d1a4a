import type { ReactNode } from 'react';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { cacheDetail, cacheKey } from '../present/caches.ts';
import { planDetail, taskKey } from '../present/plan.ts';
import { signingDetail, signingKey } from '../present/signing.ts';
import type { DetailContext } from '../present/subject.ts';
import { variableDetail, variableKey } from '../present/variables.ts';
import { paneTitles } from '../state/paneIds.ts';
import type { PaneId } from '../state/ui.ts';
import { type Line, lineText, span } from '../text/line.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';

export interface DetailScreenProps extends PaneProps {
  readonly pane: PaneId;
  readonly subject: string;
}

/** One subject with the evidence for its rung. */
export function DetailScreen({ snapshot, size, theme, pane, subject }: DetailScreenProps): ReactNode {
  const { copy, browse } = useHost();
  const now = useNow();
  const { glyphs } = theme;
  const width = innerSize(size).columns;
  const found = detailOf(snapshot, pane, subject, { width, now, glyphs, findings: snapshot.findings });
  const lines = found ?? [[span('it is gone: the last look did not see it any more', 'dim')]];
  const url = pane === 'caches' ? snapshot.caches.find((row) => row.id === subject)?.url : undefined;
  return (
    <TextScreen
      id={`detail:${pane}:${subject}`}
      title={[span(paneTitles[pane], 'dim'), span(` ${glyphs.arrow} `, 'faint'), span('detail', 'accent')]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{
        'list.copy': {
          run: () => copy(lines.map(lineText).join('\n'), 'the detail'),
        },
        'list.browse': {
          run: () => browse(url),
          disabled: url?.startsWith('http') ? undefined : 'this has no address for a browser',
        },
      }}
    />
  );
}

function detailOf(
  snapshot: Snapshot,
  pane: PaneId,
  subject: string,
  context: DetailContext,
): Line[] | undefined {
  switch (pane) {
    case 'plan':
      return one(snapshot.tasks, taskKey, subject, (row) => planDetail(row, context));
    case 'caches':
      return one(snapshot.caches, cacheKey, subject, (row) => cacheDetail(row, context));
    case 'variables':
      return one(snapshot.variableRows, variableKey, subject, (row) => variableDetail(row, context));
    case 'signing':
      return one(snapshot.signing, signingKey, subject, (row) => signingDetail(row, context));
    case 'pipeline':
      return undefined;
  }
}

function one<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  key: string,
  lines: (row: Row) => Line[],
): Line[] | undefined {
  const row = rows.find((each) => keyOf(each) === key);
  return row === undefined ? undefined : lines(row);
}
