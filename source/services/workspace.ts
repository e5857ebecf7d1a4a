import type { Prices } from '../core/speed/past.ts';
import type { Activity } from './activity.ts';
import type { Attic } from './attic/types.ts';
import type { BazelRemote } from './bazelRemote/types.ts';
import type { Gate } from './gate.ts';
import type { Checkout } from './git/checkout.ts';
import type { GitLab } from './gitlab/types.ts';
import type { Host } from './host/types.ts';
import type { Journal } from './journal.ts';
import type { Registry } from './registry/types.ts';
import type { Toolchain } from './toolchain/types.ts';

/** A service that is connected, or what the user has to set so that it is. */
export type Connected<T> = { readonly service: T } | { readonly off: string };

/** Everything outside that this run of the program can reach; made by the composition root. */
export interface Workspace {
  /** Of the configuration file; `default` without one. */
  readonly profile: string;
  readonly isSandbox: boolean;
  readonly openCheckout: (signal?: AbortSignal) => Promise<Checkout>;
  readonly gitlab: Connected<GitLab>;
  readonly attic: Connected<Attic>;
  readonly bazelRemote: Connected<BazelRemote>;
  readonly honey: Connected<Host>;
  readonly registry: Registry;
  readonly toolchain: Toolchain;
  readonly gate: Gate;
  readonly journal: Journal;
  readonly activity: Activity;
  readonly redact: (text: string) => string;
  /** What runners and storage cost, where somebody said so; money is counted only then. */
  readonly prices?: Prices;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
