import { type ReactNode, useSyncExternalStore } from 'react';
import type { CacheRow } from '../../source/core/caches/row.ts';
import { partValue } from '../../source/core/datum.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { ownContainer, whyNot } from '../../source/tasks/bazelRemote/dayTwo/options.ts';
import type { Binding } from '../actions/action.ts';
import { useActions } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import { openScreen } from '../state/ui.ts';
import { askData, askSize } from './questions.ts';

interface CacheActionsProps extends Pick<Snapshot, 'honey'> {
  readonly row: CacheRow | undefined;
  readonly isActive: boolean;
}

/** Binds what can be done with the cache that is selected; draws nothing. */
export function CacheActions({ row, honey, isActive }: CacheActionsProps): ReactNode {
  const host = useHost();
  const { workspace, ui } = host;
  const { gate } = workspace;
  useSyncExternalStore(gate.subscribe, () => gate.armed().state);
  const containers = partValue(honey.value?.containers);
  const container = containers && ownContainer(containers);
  const impossible =
    (row?.kind === 'bazel-remote' ? undefined : 'select bazel-remote first') ??
    ('off' in workspace.honey ? workspace.honey.off : undefined) ??
    (containers ? whyNot(containers) : (honey.failure?.saw ?? 'honey was not looked at yet'));
  const begin = (option: string, set: Readonly<Record<string, string>> = {}): void => {
    const name = container === undefined ? {} : { name: container.name };
    openScreen(ui, { kind: 'task', name: 'bazel-remote', begin: { option, set: { ...name, ...set } } });
  };
  const changing = (run: () => void): Binding => ({ run, disabled: impossible ?? gate.refusal('remote') });
  useActions(
    'caches',
    {
      'caches.log': {
        run: () => container && openScreen(ui, { kind: 'container-log', ...named(container) }),
        disabled: impossible,
      },
      'caches.restart': changing(() => begin('restart')),
      'caches.upgrade': changing(() => begin('upgrade')),
      'caches.resize': changing(() => void asked(askSize(host), (set) => begin('resize', set))),
      'caches.remove': changing(() => void asked(askData(host), (set) => begin('remove', set))),
    },
    isActive,
  );
  return null;
}

function named({ engine, name }: { engine: 'docker' | 'podman'; name: string }) {
  return { engine, name };
}

async function asked(
  question: Promise<Readonly<Record<string, string>> | undefined>,
  go: (set: Readonly<Record<string, string>>) => void,
): Promise<void> {
  const set = await question;
  if (set) go(set);
}
