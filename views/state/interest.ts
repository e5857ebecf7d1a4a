import type { Source } from '../../source/monitor/snapshot.ts';
import { type PaneId, paneIds, type UiState } from './ui.ts';

/** What each pane shows, for refreshing and for polling. */
export const sourcesOf: Readonly<Record<PaneId, readonly Source[]>> = {
  plan: ['checkout', 'variables', 'attic', 'bazelRemote', 'honey', 'runners'],
  caches: ['checkout', 'attic', 'bazelRemote'],
  variables: ['checkout', 'variables', 'protections'],
  signing: ['variables', 'protections', 'signingJobs'],
  pipeline: ['pipelines', 'pipeline', 'runners'],
};

const always: readonly Source[] = ['checkout', 'project', 'token', 'honey'];

/** The sources of what is on the screen now. */
export function interestOf(
  { screens, focus }: Pick<UiState, 'screens' | 'focus'>,
  shown: readonly PaneId[],
): ReadonlySet<Source> {
  const top = screens.at(-1);
  const panes = top === undefined ? shown : panesUnder(top.kind, focus);
  return new Set([...always, ...panes.flatMap((pane) => sourcesOf[pane])]);
}

function panesUnder(kind: string, focus: PaneId): readonly PaneId[] {
  if (kind === 'findings' || kind === 'finding') return paneIds;
  if (['log', 'job', 'pipelines', 'compare', 'what-if'].includes(kind)) return ['pipeline'];
  if (kind === 'container-log') return ['caches'];
  if (kind === 'speed') return ['caches'];
  if (kind.startsWith('verify')) return ['signing'];
  if (kind === 'task') return ['plan', 'caches'];
  return kind === 'detail' ? [focus] : [];
}
