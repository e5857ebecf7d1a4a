import { type ReactNode, useCallback, useMemo } from 'react';
import type { TaskRow } from '../../source/core/plan/row.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { planColumns, planDetail, taskKey, taskText } from '../present/plan.ts';
import { type DetailContext, newestSaw } from '../present/subject.ts';
import { useSlice } from '../state/store.ts';
import type { Screen } from '../state/ui.ts';
import { useGains } from '../tasks/useGains.ts';
import { ListPane } from './listPane.tsx';

const views = ['evidence', 'gain'];

/** The tasks of the plan, each as far as it is proven. */
export function PlanPane(props: PaneProps & { readonly isZoomed: boolean }): ReactNode {
  const { ui } = useHost();
  const view = useSlice(ui, (state) => state.views.plan ?? 0);
  const gains = useGains(props.snapshot.tasks, view === 1 || props.isZoomed);
  const columns = useMemo(() => planColumns(props.theme.glyphs, view, gains), [props.theme, view, gains]);
  const detailOf = useCallback(
    (row: TaskRow, context: DetailContext) => planDetail(row, context, gains.get(row.name)),
    [gains],
  );
  return (
    <ListPane
      {...props}
      pane="plan"
      rows={props.snapshot.tasks}
      columns={columns}
      datum={props.snapshot.checkout}
      keyOf={taskKey}
      searchOf={taskText}
      copyOf={copyOf}
      urlOf={noUrl}
      detailOf={detailOf}
      views={views}
      screenOf={screenOf}
    />
  );
}

function copyOf(row: TaskRow): string {
  return `${row.number} ${row.name}: ${row.rung}: ${newestSaw(row)}`;
}

function screenOf({ name }: TaskRow): Screen {
  return { kind: 'task', name };
}

function noUrl(): undefined {
  return undefined;
}
