import { type ReactNode, useState } from 'react';
import { bytes } from '../../source/core/text/format.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import { useHost } from '../host.ts';
import { LogView } from '../log/view.tsx';
import type { PaneProps } from '../paneProps.ts';
import { type Line, lineText, span } from '../text/line.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';
import { verifyDetail } from './present.ts';
import { placeNames, verifyRows } from './rows.ts';
import { useVerifyDrawing } from './screen.tsx';
import { useVerifyActions } from './useVerifyActions.ts';
import { workOf } from './work.ts';

type RowProps = PaneProps & { readonly row: string };

/** One verification with all its evidence and what it printed last. */
export function VerifyRowScreen(props: RowProps): ReactNode {
  const { size, theme, row: key } = props;
  const host = useHost();
  const drawing = useVerifyDrawing(props);
  const row = verifyRows.find((one) => one.key === key);
  useVerifyActions(workOf(host), drawing.state, row);
  const lines: Line[] = row ? verifyDetail(row, innerSize(size).columns, drawing) : [];
  return (
    <TextScreen
      id={`verify:${key}`}
      title={[span('Verify ', 'accent'), span(key)]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{ 'list.copy': { run: () => host.copy(lines.map(lineText).join('\n'), 'the detail') } }}
    />
  );
}

/** All that a verification printed, as it grows. */
export function VerifyLogScreen(props: RowProps): ReactNode {
  const { row: key, theme } = props;
  const host = useHost();
  const { state } = useVerifyDrawing(props);
  const [nothing] = useState(() => new TraceLog());
  const row = verifyRows.find((one) => one.key === key);
  useVerifyActions(workOf(host), state, row);
  const one = state.rows[key];
  const log = one?.output ?? nothing;
  const grows = one?.state === 'running' ? [span(` ${theme.glyphs.running} grows`, 'running')] : [];
  return (
    <LogView
      {...props}
      log={log}
      version={log.version}
      source={{ title: key, file: `${key.replaceAll(' ', '-')}.log` }}
      title={[
        span('Log ', 'accent'),
        span(row?.verification.title ?? key, 'text', true),
        span(row ? ` ${placeNames[row.place]}` : '', 'dim'),
      ]}
      note={[span(bytes(log.size), 'dim'), ...grows]}
      empty={[[span(' nothing was printed yet', 'dim')]]}
    />
  );
}
