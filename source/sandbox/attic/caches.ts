import { createHash } from 'node:crypto';
import { generateKeypair, type Keypair } from './keypair.ts';
import type { StoreObject } from './narinfo.ts';

/** How long unused paths are kept: the server's default, or seconds. */
export type Retention = 'Global' | { readonly Period: number };

export interface Cache {
  readonly name: string;
  keypair: Keypair;
  isPublic: boolean;
  storeDir: string;
  priority: number;
  upstreamKeyNames: readonly string[];
  retention: Retention;
  /** By store path hash. */
  readonly objects: Map<string, StoreObject>;
}

/** All that the server keeps: caches, and NARs that they share by hash. */
export interface AtticState {
  readonly caches: Map<string, Cache>;
  /** Compressed, by NAR hash. */
  readonly nars: Map<string, Uint8Array>;
}

export function emptyState(): AtticState {
  return { caches: new Map(), nars: new Map() };
}

export interface NewCache {
  readonly isPublic: boolean;
  readonly keypair?: Keypair;
  readonly storeDir?: string;
  readonly priority?: number;
  readonly upstreamKeyNames?: readonly string[];
}

export function createCache(state: AtticState, name: string, settings: NewCache): Cache {
  const cache: Cache = {
    name,
    keypair: settings.keypair ?? generateKeypair(name),
    isPublic: settings.isPublic,
    storeDir: settings.storeDir ?? '/nix/store',
    priority: settings.priority ?? 41,
    upstreamKeyNames: settings.upstreamKeyNames ?? ['cache.nixos.org-1'],
    retention: 'Global',
    objects: new Map(),
  };
  state.caches.set(name, cache);
  return cache;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
