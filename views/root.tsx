import { Box, useApp, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { Palette } from './dialogs/palette.tsx';
import { QuestionDialog } from './dialogs/questions.tsx';
import type { Host } from './host.ts';
import { HostContext, useHost } from './host.ts';
import { dashboardLayout } from './present/layout.ts';
import { Dashboard } from './screens/dashboard.tsx';
import { HelpScreen } from './screens/help.tsx';
import { laterScreens } from './screens/later.ts';
import type { Questions } from './state/ask.ts';
import { interestOf } from './state/interest.ts';
import { useLater } from './state/later.ts';
import { useSlice } from './state/store.ts';
import { closeScreen } from './state/ui.ts';
import { KeyReader } from './terminal/keyReader.tsx';
import type { Size } from './text/size.ts';
import { useGlobalActions } from './useGlobalActions.ts';
import { Footer } from './widgets/footer.tsx';
import { Header } from './widgets/header.tsx';

export interface RootProps {
  readonly host: Host;
  readonly questions: Questions;
  /** Given Ink's way to hand the terminal over. */
  readonly onSuspender: (suspend: (run: () => Promise<void>) => Promise<void>) => void;
}

/** The whole screen. */
export function Root({ host, questions, onSuspender }: RootProps): ReactNode {
  const { suspendTerminal } = useApp();
  useEffect(() => onSuspender((run) => suspendTerminal(run)), [onSuspender, suspendTerminal]);
  return (
    <HostContext value={host}>
      <KeyReader />
      <Whole questions={questions} />
    </HostContext>
  );
}

function Whole({ questions }: { readonly questions: Questions }): ReactNode {
  const { monitor, ui } = useHost();
  const { columns, rows } = useWindowSize();
  const snapshot = useSyncExternalStore(monitor.subscribe, monitor.snapshot);
  const top = useSlice(ui, ({ screens }) => screens.at(-1));
  const isPaletteOpen = useSlice(ui, (state) => state.isPaletteOpen);
  useGlobalActions();
  useInterest({ columns, rows });
  const hasBars = rows >= 5;
  const body: Size = { columns, rows: Math.max(1, rows - (hasBars ? 2 : 0)) };
  const screen: Size = { columns, rows };
  const isHelp = top?.kind === 'help';
  const under = useSlice(ui, ({ screens }) => screens.findLast(({ kind }) => kind !== 'help'));
  const screens = useLater(laterScreens, under !== undefined);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {hasBars && <Header snapshot={snapshot} columns={columns} />}
      <Box width={columns} height={body.rows} overflow="hidden" flexShrink={0}>
        {under === undefined ? (
          <Dashboard snapshot={snapshot} size={body} />
        ) : (
          screens && <screens.ScreenView screen={under} snapshot={snapshot} size={body} />
        )}
        {isHelp && (
          <Box position="absolute">
            <HelpScreen size={body} onClose={() => closeScreen(ui)} />
          </Box>
        )}
      </Box>
      {hasBars && <Footer columns={columns} />}
      {isPaletteOpen && <Palette screen={screen} />}
      <QuestionDialog questions={questions} screen={screen} />
    </Box>
  );
}

/** Tells the monitor what is looked at. */
function useInterest({ columns, rows }: Size): void {
  const { monitor, ui } = useHost();
  const screens = useSlice(ui, (state) => state.screens);
  const focus = useSlice(ui, (state) => state.focus);
  const isZoomed = useSlice(ui, (state) => state.isZoomed);
  useEffect(() => {
    const { places } = dashboardLayout({ columns, rows: rows - 2 }, focus, isZoomed);
    monitor.setInterest(
      interestOf(
        { screens, focus },
        places.map(({ pane }) => pane),
      ),
    );
  }, [monitor, screens, focus, isZoomed, columns, rows]);
}
