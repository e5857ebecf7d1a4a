import { type ReactNode, useMemo } from 'react';
import type { Finding } from '../../source/core/evidence.ts';
import { useActions } from '../hooks/useKeys.ts';
import { useList } from '../hooks/useList.ts';
import type { Host } from '../host.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import {
  findingColumns,
  findingDetail,
  findingKey,
  findingText,
  findingUrl,
  severityCounts,
  whereText,
} from '../present/findings.ts';
import { fixText } from '../present/subject.ts';
import { openScreen, type UiStore } from '../state/ui.ts';
import { layoutRows } from '../text/columns.ts';
import { span } from '../text/line.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';
import { TextScreen } from '../widgets/textScreen.tsx';

const views = ['by severity', 'by rule', 'by place'];

const orders: readonly ((a: Finding, b: Finding) => number)[] = [
  () => 0,
  (a, b) => a.rule.localeCompare(b.rule),
  (a, b) => whereText(a.where).localeCompare(whereText(b.where)),
];

/** Everything that is wrong or risky, the worst first. */
export function FindingsScreen({ snapshot, size, theme, isFocused }: PaneProps): ReactNode {
  const host = useHost();
  const { ui } = host;
  const { glyphs } = theme;
  const inner = innerSize(size);
  const view = ui.get().views.findings ?? 0;
  const rows = useMemo(() => {
    const order = orders[view];
    return view === 0 || !order ? snapshot.findings : [...snapshot.findings].sort(order);
  }, [snapshot.findings, view]);
  const columns = useMemo(() => findingColumns(glyphs), [glyphs]);
  const list = useList({
    id: 'findings',
    rows,
    keyOf: findingKey,
    searchOf: findingText,
    height: inner.rows,
    isFocused,
    onOpen: ({ id }) => openScreen(ui, { kind: 'finding', id }),
    copyOf,
    urlOf: findingUrl,
    views,
  });
  const { selected } = list;
  useActions('findings', fixBinding(selected, host, ui));
  const lines = layoutRows(list.visible, columns, inner.columns - 2, glyphs.ellipsis);
  const shown: FrameRow[] =
    rows.length === 0
      ? [{ line: [span(`${glyphs.good} nothing was found to be wrong in what could be looked at`, 'good')] }]
      : list.visible.map((row, index) => ({
          line: [
            span(
              list.marked.has(row.id) ? `${glyphs.marked} ` : row === selected ? `${glyphs.selected} ` : '  ',
              'accent',
            ),
            ...(lines[index] ?? []),
          ],
          selected: row === selected,
        }));
  const painted = frame(shown, {
    title: [span('Findings', 'accent'), ...severityCounts(snapshot.findings, glyphs)],
    foot: listFoot(list, glyphs, views[list.view]),
    size,
    theme,
    isFocused,
  });
  return <Lines rows={painted} size={size} />;
}

/** One finding with why it matters and how to mend it. */
export function FindingScreen(props: PaneProps & { readonly id: string }): ReactNode {
  const { snapshot, size, theme, id } = props;
  const host = useHost();
  const finding = snapshot.findings.find((one) => one.id === id);
  useActions('findings', fixBinding(finding, host, host.ui));
  const lines = finding
    ? findingDetail(finding, innerSize(size).columns, theme.glyphs)
    : [[span(`${theme.glyphs.good} it is gone: the last look did not find it any more`, 'good')]];
  const url = finding && findingUrl(finding);
  return (
    <TextScreen
      id={`finding:${id}`}
      title={[span('Finding', 'accent')]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{
        'list.copy': {
          run: () => finding && host.copy(copyOf(finding), 'the fix'),
          disabled: finding ? undefined : 'it is gone',
        },
        'list.browse': {
          run: () => host.browse(url),
          disabled: url === undefined ? 'this has no address for a browser' : undefined,
        },
      }}
    />
  );
}

/** What `y` takes: the command where there is one, else the finding in a line. */
function copyOf(finding: Finding): string {
  if ('command' in finding.fix) return finding.fix.command;
  return `${whereText(finding.where)}: ${finding.title}: ${fixText(finding)}`;
}

function fixBinding(finding: Finding | undefined, { copy, notify }: Host, ui: UiStore) {
  return {
    'findings.fix': {
      run() {
        if (!finding) return;
        if ('command' in finding.fix) copy(finding.fix.command, 'the command');
        else if ('task' in finding.fix) openScreen(ui, { kind: 'task', name: finding.fix.task });
        else notify(finding.fix.text);
      },
      disabled: finding ? undefined : 'no finding is selected',
    },
  };
}
