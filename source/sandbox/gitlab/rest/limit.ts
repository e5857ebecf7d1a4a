import { type Answer, text } from '../../http/answer.ts';

export interface RateLimiter {
  /** Counts a request; gives GitLab's refusal for one too many. */
  count(): Answer | undefined;
  /** `RateLimit-*`, as they stand now. */
  headers(): Record<string, string>;
}

const window = 60;

/**
 * GitLab's limit of requests in a minute. The minutes are those of the clients, who wait as long as they are told; the reset is
 * told by the world's clock, as `Date` is. `now` is the world's time in milliseconds, which passes `speed` times as fast.
 */
export function createRateLimiter(
  perMinute: number,
  { now, speed }: { readonly now: () => number; readonly speed: number },
): RateLimiter {
  let minute = 0;
  let observed = 0;
  /** Whole seconds until the minute is over, as a client waits them. */
  const left = (): number => {
    const seconds = now() / 1000 / speed;
    const current = Math.floor(seconds / window);
    if (current !== minute) observed = 0;
    minute = current;
    return Math.ceil((current + 1) * window - seconds);
  };
  const headers = (): Record<string, string> => ({
    'RateLimit-Limit': String(perMinute),
    'RateLimit-Name': 'throttle_authenticated_api',
    'RateLimit-Observed': String(observed),
    'RateLimit-Remaining': String(Math.max(0, perMinute - observed)),
    'RateLimit-Reset': String(Math.floor(now() / 1000) + left()),
  });
  return {
    count() {
      const wait = left();
      observed += 1;
      if (observed <= perMinute) return undefined;
      return text('Retry later\n', 429, { ...headers(), 'Retry-After': String(wait) });
    },
    headers,
  };
}
