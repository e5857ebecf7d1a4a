import { type ReactNode, useSyncExternalStore } from 'react';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { useTime } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import { headerLine } from '../present/header.ts';
import { Lines } from './lines.tsx';

/** Who, where, and whether anything can be written. */
export function Header({
  snapshot,
  columns,
}: {
  readonly snapshot: Snapshot;
  readonly columns: number;
}): ReactNode {
  const { workspace, theme } = useHost();
  const { gate } = workspace;
  const until = useSyncExternalStore(gate.subscribe, () => {
    const armed = gate.armed();
    return armed.state === 'armed' ? armed.until : 0;
  });
  const left = useTime((now) => Math.max(0, Math.ceil((until - now) / 1_000)));
  const line = headerLine(
    {
      snapshot,
      profile: workspace.profile,
      isSandbox: workspace.isSandbox,
      armed: left > 0 ? { state: 'armed', until } : { state: 'read-only', locked: false },
      now: until - left * 1_000,
    },
    columns,
    theme.glyphs,
  );
  return <Lines rows={[theme.paint(line, columns)]} size={{ columns, rows: 1 }} />;
}
