import { type ReactNode, useMemo } from 'react';
import type { VariableRow } from '../../source/core/variables/row.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { variableColumns, variableDetail, variableKey, variableText } from '../present/variables.ts';
import { useSlice } from '../state/store.ts';
import { ListPane } from './listPane.tsx';

const views = ['all', 'required', 'trouble'];

/** CI variables: required against present, used and usable. Never a value. */
export function VariablesPane(props: PaneProps & { readonly isZoomed: boolean }): ReactNode {
  const { snapshot, theme } = props;
  const { ui } = useHost();
  const view = useSlice(ui, (state) => state.views.variables ?? 0);
  const columns = useMemo(() => variableColumns(theme.glyphs), [theme]);
  const rows = useMemo(
    () => snapshot.variableRows.filter(kept[view] ?? (() => true)),
    [snapshot.variableRows, view],
  );
  const project = snapshot.project.value?.webUrl;
  const url = project === undefined ? undefined : `${project}/-/settings/ci_cd#js-cicd-variables-settings`;
  return (
    <ListPane
      {...props}
      pane="variables"
      rows={rows}
      columns={columns}
      datum={snapshot.variables}
      keyOf={variableKey}
      searchOf={variableText}
      copyOf={copyOf}
      urlOf={() => url}
      detailOf={variableDetail}
      views={views}
    />
  );
}

const kept: readonly ((row: VariableRow) => boolean)[] = [
  () => true,
  ({ required }) => required !== undefined,
  ({ rung, findings }) => findings.length > 0 || rung === 'absent',
];

function copyOf({ key }: VariableRow): string {
  return key;
}
