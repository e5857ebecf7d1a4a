const perMinute = 2000;

/** GitLab's count of requests, shown in headers and never enforced: the world's minutes pass quickly. */
export function rateLimit(): (now: number) => Record<string, string> {
  let minute = 0;
  let observed = 0;
  return (now) => {
    const current = Math.floor(now / 60_000);
    observed = current === minute ? observed + 1 : 1;
    minute = current;
    return {
      'RateLimit-Limit': String(perMinute),
      'RateLimit-Name': 'throttle_authenticated_api',
      'RateLimit-Observed': String(observed),
      'RateLimit-Remaining': String(Math.max(0, perMinute - observed)),
      'RateLimit-Reset': String((current + 1) * 60),
    };
  };
}
