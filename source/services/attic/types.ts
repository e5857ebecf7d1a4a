import type { AtticState } from '../../core/caches/model.ts';
import type { Secret } from '../../core/secret.ts';

/** One cache of an Attic server, read. */
export interface Attic {
  /** Without a trailing slash: `https://nix-cache.example/main`. */
  readonly url: string;
  /**
   * Looks at every part; a part that fails is a part, not a throw. `storePath` is one to verify a signature with, against `key`
   * (`name:base64`) or else the key that the server gives.
   */
  look(
    query: { readonly storePath?: string; readonly key?: string },
    signal?: AbortSignal,
  ): Promise<AtticState>;
  /** The same cache, asked with this token. */
  withToken(token: Secret): Attic;
}
