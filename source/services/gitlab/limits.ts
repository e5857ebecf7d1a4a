import type { RateLimit } from '../../core/gitlab/model.ts';
import type { HeaderFields } from '../http/headers.ts';

/** GitLab's `RateLimit-*` headers; undefined when they are not there. */
export function readRateLimit(headers: HeaderFields): RateLimit | undefined {
  const limit = count(headers.get('ratelimit-limit'));
  const remaining = count(headers.get('ratelimit-remaining'));
  if (limit === undefined || remaining === undefined) return undefined;
  const reset = count(headers.get('ratelimit-reset'));
  return reset === undefined || reset > 8e12
    ? { limit, remaining }
    : { limit, remaining, resetsAt: new Date(reset * 1000).toISOString() };
}

/**
 * Milliseconds to wait, as `Retry-After` (seconds or a date, RFC 9110 §10.2.3) or else `RateLimit-Reset` (Unix seconds) has it,
 * counted by the server's own clock where it tells it.
 */
export function retryAfter(headers: HeaderFields, now: number): number | undefined {
  const told = headers.get('retry-after');
  const seconds = count(told);
  if (seconds !== undefined) return seconds * 1000;
  const serverNow = timeOf(headers.get('date')) ?? now;
  const at = timeOf(told);
  if (at !== undefined) return Math.max(0, at - serverNow);
  const reset = count(headers.get('ratelimit-reset'));
  return reset === undefined ? undefined : Math.max(0, reset * 1000 - serverNow);
}

/**
 * How far the server's clock is ahead, in milliseconds. `Date` counts whole seconds, so that an answer gives a range; the
 * offset moves only when it falls out of that range, and a clock that may be right counts as right.
 */
export function nextClockOffset(
  offset: number,
  headers: HeaderFields,
  sentAt: number,
  cameAt: number,
): number {
  const date = timeOf(headers.get('date'));
  if (date === undefined) return offset;
  const least = date - cameAt;
  const most = date + 999 - sentAt;
  const isWithin = (value: number): boolean => value >= least && value <= most;
  if (isWithin(0)) return 0;
  return isWithin(offset) ? offset : Math.round((least + most) / 2);
}

function count(text: string | null): number | undefined {
  return text !== null && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;
}

function timeOf(text: string | null): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
