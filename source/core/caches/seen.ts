import type { Datum, Part } from '../datum.ts';
import type { Evidence } from '../evidence.ts';

/** When things were looked at, ISO 8601 UTC. */
export interface Seen {
  readonly now: string;
  /** When the files were read; absent when they were not. */
  readonly files?: string;
}

/** When the value of a datum was fetched. */
export function seenAt({ fetchedAt }: Datum<unknown>, now: string): string {
  return fetchedAt === undefined ? now : new Date(fetchedAt).toISOString();
}

/** A part of a look as evidence: what was seen, or why not; nothing for what was not looked at. */
export function part<T>(
  looked: Part<T> | undefined,
  at: string,
  source: string,
  saw: (value: T) => string,
): Evidence[] {
  if (!looked) return [];
  return [{ at, source, saw: 'value' in looked ? saw(looked.value) : looked.failure.saw }];
}
