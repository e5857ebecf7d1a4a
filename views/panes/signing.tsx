import { type ReactNode, useMemo } from 'react';
import type { SigningRow } from '../../source/core/signing/row.ts';
import type { PaneProps } from '../paneProps.ts';
import { signingColumns, signingDetail, signingKey, signingText } from '../present/signing.ts';
import { newestSaw } from '../present/subject.ts';
import { ListPane } from './listPane.tsx';

/** Signing credentials, and what the last signing jobs said. */
export function SigningPane(props: PaneProps & { readonly isZoomed: boolean }): ReactNode {
  const columns = useMemo(() => signingColumns(props.theme.glyphs), [props.theme]);
  return (
    <ListPane
      {...props}
      pane="signing"
      rows={props.snapshot.signing}
      columns={columns}
      datum={props.snapshot.variables}
      keyOf={signingKey}
      searchOf={signingText}
      copyOf={copyOf}
      urlOf={noUrl}
      detailOf={signingDetail}
    />
  );
}

function copyOf(row: SigningRow): string {
  return `${row.title}: ${row.rung}: ${newestSaw(row)}`;
}

function noUrl(): undefined {
  return undefined;
}
