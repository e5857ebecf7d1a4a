import { QueryClient } from '@tanstack/query-core';
import { type Datum, partValue } from '../core/datum.ts';
import type { Observations } from '../core/observations.ts';
import type { Workspace } from '../services/workspace.ts';
import type { CheckoutReading } from './checkoutSource.ts';
import { createDerivation } from './derived.ts';
import { createHitRates } from './hitRates.ts';
import { memo } from './memo.ts';
import { createPoller, type Poller, type Remembered } from './poller.ts';
import type { Interest, Monitor, Snapshot, Source } from './snapshot.ts';
import type { SourceDefinition } from './source.ts';
import { createSources, type Sources } from './sources.ts';

type Value<K extends Source> = Sources[K] extends { fetch: (...args: never[]) => Promise<infer T> }
  ? T
  : never;
type Pollers = { readonly [K in Source]: Poller<Value<K>> };

/** Values of an earlier run, by source. */
export type LastRun = { readonly [K in Source]?: Remembered<Value<K>> };

export interface MonitorOptions {
  readonly workspace: Workspace;
  readonly lastRun?: LastRun;
  readonly random?: () => number;
}

/** Milliseconds in which changes are gathered before listeners hear of them. */
const gathering = 100;

/** Watches everything that the workspace reaches, each source by itself. */
export function createMonitor({ workspace, lastRun = {}, random = Math.random }: MonitorOptions): Monitor {
  const client = new QueryClient();
  const listeners = new Set<() => void>();
  const derive = createDerivation(workspace.now);
  const hitRates = createHitRates();
  let lookedAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let current: Snapshot | undefined;

  const changed = (): void => {
    current = undefined;
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const listener of listeners) listener();
    }, gathering);
  };
  const sources = createSources({
    workspace,
    lookedAt: () => lookedAt,
    entry: () => pollers.project.datum().value?.ciConfigPath ?? '.gitlab-ci.yml',
  });
  const poller = <K extends Source>(name: K): Poller<Value<K>> => {
    const remembered = lastRun[name] as Remembered<Value<K>> | undefined;
    return createPoller<Value<K>>({
      client,
      name,
      definition: sources[name] as unknown as SourceDefinition<Value<K>>,
      onChange: changed,
      random,
      ...(remembered ? { remembered } : {}),
    });
  };
  const names = Object.keys(sources) as Source[];
  const pollers = Object.fromEntries(names.map((name) => [name, poller(name)])) as unknown as Pollers;
  const view = memo((reading: Datum<CheckoutReading>): Observations['checkout'] => {
    const { value, ...rest } = reading;
    return value ? { ...rest, value: value.view } : rest;
  });

  const observe = (): Observations => {
    const checkout = pollers.checkout.datum();
    const bazelRemote = pollers.bazelRemote.datum();
    const hitRate = hitRates(partValue(bazelRemote.value?.metrics));
    return {
      checkout: view(checkout),
      ...(checkout.value ? { facts: checkout.value.facts } : {}),
      project: pollers.project.datum(),
      token: pollers.token.datum(),
      variables: pollers.variables.datum(),
      protections: pollers.protections.datum(),
      runners: pollers.runners.datum(),
      pipelines: pollers.pipelines.datum(),
      pipeline: pollers.pipeline.datum(),
      signingJobs: pollers.signingJobs.datum(),
      attic: pollers.attic.datum(),
      bazelRemote,
      ...(hitRate === undefined ? {} : { hitRate }),
      honey: pollers.honey.datum(),
      tools: pollers.tools.datum(),
    };
  };

  const snapshot = (): Snapshot => {
    if (current) return current;
    const seen = observe();
    const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
    const rateLimit = gitlab?.rateLimit();
    current = {
      ...seen,
      ...derive(seen),
      clockOffset: gitlab?.clockOffset() ?? 0,
      ...(rateLimit ? { rateLimit } : {}),
    };
    return current;
  };

  const setInterest = (interest: Interest): void => {
    for (const name of names) pollers[name].want(interest.has(name) ? 'shown' : 'hidden');
  };

  return {
    snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: setInterest,
    setInterest,
    async refresh(wanted = names) {
      await Promise.all(wanted.map((name) => pollers[name].refresh()));
    },
    lookAt(pipeline) {
      if (pipeline === lookedAt) return;
      lookedAt = pipeline;
      pollers.pipeline.reset();
      changed();
      void pollers.pipeline.refresh();
    },
    stop() {
      clearTimeout(timer);
      for (const name of names) pollers[name].stop();
      client.clear();
    },
  };
}
