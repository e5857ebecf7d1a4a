import { type ReactNode, useMemo } from 'react';
import type { CacheRow } from '../../source/core/caches/row.ts';
import type { Datum } from '../../source/core/datum.ts';
import { CacheActions } from '../caches/cacheActions.tsx';
import type { PaneProps } from '../paneProps.ts';
import { cacheColumns, cacheDetail, cacheKey, cacheText } from '../present/caches.ts';
import { worst } from '../present/worst.ts';
import { ListPane } from './listPane.tsx';

/** The caches: what answers, how well, and where files and servers differ. */
export function CachesPane(props: PaneProps & { readonly isZoomed: boolean }): ReactNode {
  const { snapshot, theme } = props;
  const columns = useMemo(() => cacheColumns(theme.glyphs), [theme]);
  const datum: Datum<unknown> = worst([snapshot.attic, snapshot.bazelRemote]);
  return (
    <ListPane
      {...props}
      pane="caches"
      rows={snapshot.caches}
      columns={columns}
      datum={datum}
      keyOf={cacheKey}
      searchOf={cacheText}
      copyOf={copyOf}
      urlOf={urlOf}
      detailOf={cacheDetail}
      rowActions={(row) => <CacheActions row={row} honey={snapshot.honey} isActive={props.isFocused} />}
    />
  );
}

function copyOf(row: CacheRow): string {
  return row.publicKey ?? row.url ?? row.name;
}

function urlOf({ url }: CacheRow): string | undefined {
  return url?.startsWith('http') ? url : undefined;
}
