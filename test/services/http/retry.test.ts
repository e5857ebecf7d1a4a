import { expect, test } from 'vitest';
import { type Failure, NeedsUser, Unavailable } from '../../../source/core/failure.ts';
import { withRetries } from '../../../source/services/http/retry.ts';
import { failureOf } from './world.ts';

const details = { tried: 'GET /', saw: 'nothing', next: ['Wait.'] };

/** How often a read is tried that always ends with `failure`. */
async function triesOf(failure: Failure): Promise<number> {
  let count = 0;
  const attempt = async (): Promise<never> => {
    count += 1;
    throw failure;
  };
  expect(await failureOf(withRetries(attempt, { signal: undefined, random: Math.random }))).toBe(failure);
  return count;
}

test.each(['refused', 'unreachable', 'reset', 'rate-limited', 'server-error'])(
  '%s may pass: it is tried three times',
  async (code) => {
    expect(await triesOf(new Unavailable({ ...details, code, retryAfter: 1 }))).toBe(3);
  },
);

test.each(['timeout', 'dns', 'certificate', 'redirect'])(
  '%s does not pass: it is tried once',
  async (code) => {
    expect(await triesOf(new Unavailable({ ...details, code, retryAfter: 1 }))).toBe(1);
  },
);

test('what the user must mend is tried once', async () => {
  expect(await triesOf(new NeedsUser({ ...details, code: 'refused', retryAfter: 1 }))).toBe(1);
});

test('who must wait longer than ten seconds is told at once', async () => {
  expect(await triesOf(new Unavailable({ ...details, code: 'rate-limited', retryAfter: 10_001 }))).toBe(1);
});

test('what passes is not seen', async () => {
  const answers = [new Unavailable({ ...details, code: 'reset', retryAfter: 1 }), undefined];
  const attempt = async (): Promise<string> => {
    const failure = answers.shift();
    if (failure) throw failure;
    return 'there';
  };
  expect(await withRetries(attempt, { signal: undefined, random: Math.random })).toBe('there');
});
