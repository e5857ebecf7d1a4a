import type { ClientSettings } from '../../core/bazelRemote/clientFlags.ts';
import type { Taking } from './taking.ts';

/** What Bazel is told. */
export interface ChosenClient {
  readonly bazelrc: 'config' | 'unconditional' | 'none';
  readonly client: ClientSettings;
  readonly isBuiltTwice: boolean;
  /** Whether a job of GitLab that tests it is shown. */
  readonly hasJobCheck: boolean;
}

export function chooseClient(
  { always }: Taking,
  given: { readonly endpoint: string; readonly bazel?: string; readonly certificate?: string },
): ChosenClient {
  const bazelrc = always('bazelrc', {
    value: 'config',
    because:
      'used with --config=remote; unconditional meets everybody, also off the tailnet, where each build waits for the cache first',
  }) as ChosenClient['bazelrc'];
  const timeout = always('timeout', {
    value: '60',
    because:
      'not the plan’s 3600: Bazel retries five times, so a server that stalls would hold a build for six hours',
  });
  const download = always('download', {
    value: 'minimal',
    because: 'as planned; it leaves bazel-bin empty: take toplevel where people run what they build',
  }) as ClientSettings['download'];
  const isBuiltTwice =
    always('build-twice', {
      value: 'no',
      because: 'it cleans and builds //... twice, which takes its time',
    }) === 'yes';
  const hasJobCheck =
    always('job-check', {
      value: 'no',
      because: 'where builds run is only seen from there; it is shown and checked, and started by you',
    }) === 'yes';
  return {
    bazelrc,
    isBuiltTwice,
    hasJobCheck,
    client: { ...given, timeout: Number(timeout), download, isUnconditional: bazelrc === 'unconditional' },
  };
}
