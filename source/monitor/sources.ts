import type { AtticState, BazelRemoteState } from '../core/caches/model.ts';
import { partValue } from '../core/datum.ts';
import { Bug } from '../core/failure.ts';
import type { HostState, Tool } from '../core/host/model.ts';
import type { Workspace } from '../services/workspace.ts';
import type { CheckoutReading } from './checkoutSource.ts';
import { type CheckoutSourceOptions, checkoutSource } from './checkoutSource.ts';
import { type GitLabSources, gitlabSources } from './gitlabSources.ts';
import type { SourceDefinition } from './source.ts';
import { createStorePathFinder } from './storePaths.ts';

/** Every source, with how it is fetched. */
export interface Sources extends GitLabSources {
  readonly checkout: SourceDefinition<CheckoutReading>;
  readonly attic: SourceDefinition<AtticState>;
  readonly bazelRemote: SourceDefinition<BazelRemoteState>;
  readonly honey: SourceDefinition<HostState>;
  readonly tools: SourceDefinition<readonly Tool[]>;
}

/** Paths of honey whose file systems matter: the root, the data directory of the plan, and where space is. */
const hostPaths = ['/', '/data/bazel-cache', '/home'];

const second = 1_000;
const minute = 60 * second;

export interface SourcesOptions {
  readonly workspace: Workspace;
  readonly lookedAt: () => number | undefined;
  readonly entry: CheckoutSourceOptions['entry'];
}

export function createSources({ workspace, lookedAt, entry }: SourcesOptions): Sources {
  const { attic, bazelRemote, honey, gitlab, toolchain, openCheckout, now } = workspace;
  const findStorePath = createStorePathFinder(gitlab);
  return {
    ...gitlabSources(gitlab, lookedAt),
    checkout: checkoutSource({ open: openCheckout, now, entry }),
    attic: {
      ...('off' in attic ? { off: attic.off } : {}),
      shown: 30 * second,
      hidden: 2 * minute,
      async fetch(signal, previous) {
        const service = serviceOf(attic);
        const known = partValue(previous?.narinfo)?.storePath;
        const storePath = known ?? (await findStorePath(signal));
        return service.look(storePath === undefined ? {} : { storePath }, signal);
      },
    },
    bazelRemote: {
      ...('off' in bazelRemote ? { off: bazelRemote.off } : {}),
      shown: 15 * second,
      hidden: minute,
      fetch: (signal) => serviceOf(bazelRemote).look(signal),
    },
    honey: {
      ...('off' in honey ? { off: honey.off } : {}),
      shown: 30 * second,
      hidden: 2 * minute,
      fetch: (signal) => serviceOf(honey).look({ paths: hostPaths }, signal),
    },
    tools: { shown: 10 * minute, fetch: (signal) => toolchain.look(signal) },
  };
}

function serviceOf<T>(connected: { readonly service: T } | { readonly off: string }): T {
  if ('service' in connected) return connected.service;
  throw new Bug({
    tried: 'ask a service that is off',
    saw: connected.off,
    next: ['Report this: it is not your mistake.'],
    code: 'off',
  });
}
