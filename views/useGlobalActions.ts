import { useSyncExternalStore } from 'react';
import { useActions } from './hooks/useKeys.ts';
import { type Host, useHost } from './host.ts';
import { useSlice } from './state/store.ts';
import { closeScreen, emptyList, openScreen, type Screen, setList } from './state/ui.ts';

/** Binds what works everywhere. */
export function useGlobalActions(): void {
  const host = useHost();
  const { ui, monitor, workspace, ask, notify, leave, redraw, stop, signIn, isStarting } = host;
  const { gate } = workspace;
  useSyncExternalStore(gate.subscribe, () => gate.armed().state);
  const armed = gate.armed();
  const top = useSlice(ui, ({ screens }) => screens.at(-1)?.kind);
  const starting = isStarting ? 'it is still starting' : undefined;
  const isLocked = armed.state === 'read-only' && armed.locked;
  const arm = async (): Promise<void> => {
    const now = gate.armed();
    if (now.state === 'armed' || now.goesOn) {
      gate.disarm();
      notify('writes are locked again');
      return;
    }
    const isSure = await ask.confirm({
      title: 'Arm writes for ten minutes?',
      lines: [
        'Until then this program may change files, GitLab and hosts, each time after you confirmed the exact change.',
        'Every write is in the journal before it is sent. Press a again to lock it earlier.',
      ],
    });
    if (isSure) gate.arm();
  };
  const open = (screen: Screen) => ({
    run: () => openScreen(ui, screen),
    disabled: top === screen.kind ? 'it is open' : undefined,
  });
  useActions('global', {
    'global.help': open({ kind: 'help' }),
    'global.palette': { run: () => ui.set({ isPaletteOpen: true }) },
    'global.back': { run: () => back(host) },
    'global.quit': {
      run() {
        if (!closeScreen(ui)) leave();
      },
    },
    'global.findings': open({ kind: 'findings' }),
    'global.activity': open({ kind: 'activity' }),
    'global.speed': open({ kind: 'speed' }),
    'global.verify': open({ kind: 'verify' }),
    'global.arm': {
      run: () => void arm(),
      disabled: isLocked ? 'started with --read-only: writes cannot be armed' : starting,
    },
    'global.sign-in': {
      run: () => void signIn?.(),
      disabled: starting ?? (signIn ? undefined : 'nothing here takes a token'),
    },
    'global.refresh-all': { run: () => void monitor.refresh() },
    'global.redraw': { run: redraw },
    'global.suspend': {
      run: () => stop?.(),
      disabled: stop ? undefined : 'this system cannot suspend a program',
    },
  });
}

/** Clears the filter of the list that keys move, or goes back; never leaves. */
function back({ ui, focusedList }: Host): void {
  const id = focusedList.current;
  const filter = id === undefined ? '' : (ui.get().lists[id] ?? emptyList).filter;
  if (id !== undefined && filter !== '') setList(ui, id, { filter: '' });
  else closeScreen(ui);
}
