import type { Part } from '../../core/datum.ts';

/** A container registry, read with the distribution API (`/v2/`), anonymous or with a bearer from its realm. */
export interface Registry {
  /** Tags of a repository: `registry.gitlab.com/tinyland/ai/huskycat`. */
  tags(repository: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** The digest that a tag or digest resolves to; the part fails when there is none. */
  resolve(
    image: string,
    signal?: AbortSignal,
  ): Promise<Part<{ readonly digest: string; readonly mediaType: string; readonly size?: number }>>;
}
