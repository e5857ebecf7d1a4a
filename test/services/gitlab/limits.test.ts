import { expect, test } from 'vitest';
import { nextClockOffset, readRateLimit, retryAfter } from '../../../source/services/gitlab/limits.ts';
import { nextPage } from '../../../source/services/gitlab/paging.ts';

const at = Date.parse('2026-11-24T12:00:00Z');
const date = 'Tue, 24 Nov 2026 12:00:00 GMT';

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '3' }, 3_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:09 GMT', date }, 9_000],
  [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT', date }, 0],
  [{ 'ratelimit-reset': String(at / 1000 + 7) }, 7_000],
])('%o is waited for %s ms', (headers, wait) => {
  expect(retryAfter(new Headers(headers), at)).toBe(wait);
});

test('a rate limit needs its limit and what remains', () => {
  expect(readRateLimit(new Headers({ 'ratelimit-limit': '10' }))).toBeUndefined();
  expect(readRateLimit(new Headers({ 'ratelimit-limit': '10', 'ratelimit-remaining': '4' }))).toEqual({
    limit: 10,
    remaining: 4,
  });
});

test.each([
  ['in time, as far as whole seconds tell', 0, at + 900, at + 950, 0],
  ['an hour ahead', 0, at - 3_600_000, at - 3_600_000 + 100, 3_600_450],
  ['still an hour ahead', 3_600_450, at - 3_600_300, at - 3_600_200, 3_600_450],
  ['set right again', 3_600_450, at + 100, at + 200, 0],
])('a clock %s', (_, before, sentAt, cameAt, after) => {
  expect(
    Math.abs(nextClockOffset(before, new Headers({ date }), sentAt, cameAt) - after),
  ).toBeLessThanOrEqual(1);
});

test('no date, no change', () => {
  expect(nextClockOffset(17, new Headers(), 0, 0)).toBe(17);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['no header', {}, undefined],
  [
    'next among others',
    { link: '<https://g/p?page=1>; rel="first", <https://g/p?page=3&x=a,b>; rel="next"' },
    '?page=3&x=a,b',
  ],
  ['an unquoted relation', { link: '<https://g/p?cursor=ab%3D>; rel=next' }, '?cursor=ab%3D'],
  ['a title before the relation', { link: '<?page=9>; title="rel=\\"x\\""; rel="last next"' }, '?page=9'],
  ['only the last', { link: '<https://g/p?page=3>; rel="last"' }, undefined],
  ['a number', { 'x-next-page': '4' }, '?per_page=2&page=4'],
  ['an empty number', { 'x-next-page': '' }, undefined],
])('the next page of %s', (_, headers, search) => {
  const next = nextPage(new URL('https://gitlab.example/api/v4/x?per_page=2'), new Headers(headers));
  expect(next?.search).toBe(search);
  if (next) expect(next.origin + next.pathname).toBe('https://gitlab.example/api/v4/x');
});
