import type { HostState } from '../../core/host/model.ts';
import type { Shell } from '../ssh/types.ts';

/** A host such as honey, read. */
export interface Host {
  readonly destination: string;
  /** Connects on first use; `paths` are those whose file system is asked for. Throws when it cannot connect. */
  look(query: { readonly paths: readonly string[] }, signal?: AbortSignal): Promise<HostState>;
  /** The session itself, for tasks. */
  shell(signal?: AbortSignal): Promise<Shell>;
  close(): void;
}
