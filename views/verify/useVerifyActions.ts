import { useSyncExternalStore } from 'react';
import { useActions } from '../hooks/useKeys.ts';
import { type Host, useHost } from '../host.ts';
import { openScreen } from '../state/ui.ts';
import { type VerifyRow, verifyRows } from './rows.ts';
import { look, run, type VerifyState, type Work } from './work.ts';

/** Binds what can be done with the selected row. */
export function useVerifyActions(work: Work, state: VerifyState, row: VerifyRow | undefined): void {
  const host = useHost();
  const { ui, workspace } = host;
  useSyncExternalStore(workspace.gate.subscribe, () => workspace.gate.armed().state);
  const nothing = row ? undefined : 'nothing is selected';
  const busy = state.current === undefined ? undefined : 'another one is worked on: x stops it';
  const printed = row && state.rows[row.key]?.output;
  useActions('verify', {
    'verify.run': {
      run: () => void (row && start(host, work, row)),
      disabled:
        nothing ??
        (row?.runs ? undefined : 'there is nothing to run: r looks') ??
        busy ??
        (row?.runs ? workspace.gate.refusal(row.runs) : undefined),
    },
    'verify.refresh': {
      run: () => void lookAgain(host, work, row),
      disabled: busy,
    },
    'verify.log': {
      run: () => row && openScreen(ui, { kind: 'verify-log', row: row.key }),
      disabled: nothing ?? (printed ? undefined : 'nothing was printed here'),
    },
    'verify.stop': {
      run: () => work.abort.abort(new DOMException('stopped', 'AbortError')),
      disabled: state.current === undefined ? 'nothing runs' : undefined,
    },
  });
}

/** What can be looked at without asking anything. */
export function lookable(): readonly VerifyRow[] {
  return verifyRows.filter(({ canLook, place }) => canLook && place !== 'honey');
}

async function lookAgain(host: Host, work: Work, row: VerifyRow | undefined): Promise<void> {
  const others = lookable().filter((one) => one !== row);
  if (!row?.canLook) return look(host, work, others);
  if (await knowsFolder(host, work, row)) await look(host, work, [row, ...others]);
}

const questions = { here: 'run it here', honey: 'run it on honey', ci: 'run its job again' } as const;

/** Asks with the commands named. */
async function start(host: Host, work: Work, row: VerifyRow): Promise<void> {
  const { ask, workspace } = host;
  const { gate } = workspace;
  const { verification, place } = row;
  if (!(await knowsFolder(host, work, row))) return;
  const commands = verification.commands(place);
  const isSure = await ask.confirm({
    title: `${verification.title}: ${questions[place]}?`,
    lines: [
      ...(place === 'ci'
        ? [
            'A new attempt of the job that does it.',
            'x stops following it; the job itself goes on, and is canceled in its pipeline.',
          ]
        : [
            ...commands,
            'What it builds stays in the store, the cache and the folder of the tool.',
            'x stops it.',
          ]),
    ],
  });
  if (isSure && gate.armed().state === 'armed') await run(host, work, row);
}

/** Whether it is known where the checkout is on honey; asks for it. */
async function knowsFolder({ ask, notify }: Host, { store }: Work, { place }: VerifyRow): Promise<boolean> {
  if (place !== 'honey') return true;
  const { folder: known } = store.get();
  const folder = await ask.text({
    title: 'Where is the checkout on honey?',
    lines: ['Its folder there, beginning with /.'],
    ...(known === undefined ? {} : { initial: known }),
  });
  if (folder === undefined) return false;
  if (!folder.trim().startsWith('/')) {
    notify('a folder on honey begins with /', 'warn');
    return false;
  }
  store.set({ folder: folder.trim() });
  return true;
}
