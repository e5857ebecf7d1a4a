import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../../source/core/text/redact.ts';

function redacting(...secrets: readonly string[]): (text: string) => string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact;
}

const odd = 'p&ss "wörd"/+?!';
const encoded = Buffer.from(odd).toString('base64');

test.each([
  ['as it is', odd],
  ['in base64', encoded],
  ['in base64 without its end', encoded.replace(/=+$/, '')],
  ['in an address', encodeURIComponent(odd)],
  ['in JSON', JSON.stringify(odd).slice(1, -1)],
])('a known secret is masked %s', (_, form) => {
  expect(redacting(odd)(`before ${form} after`)).toBe('before [MASKED] after');
});

test('a base64 that ends in = is masked whole', () => {
  expect(encoded).toMatch(/=$/);
  expect(redacting(odd)(`<${encoded}>`)).toBe('<[MASKED]>');
});

test('a secret with white space around it is masked without it, too', () => {
  expect(redacting('hunter2hunter2\n')('it is hunter2hunter2.')).toBe('it is [MASKED].');
  expect(redacting(' abcd\n')('it is abcd.')).toBe('it is [MASKED].');
});

test('each line of a secret of many is masked by itself, but not one that is too short to tell', () => {
  const redact = redacting('first line of it\r\n}\nsecond line of it\n');
  expect(redact('x second line of it x }')).toBe('x [MASKED] x }');
  expect(redact('x first line of it x')).toBe('x [MASKED] x');
});

test('the longest of several is masked: what is left of it would tell', () => {
  expect(redacting('hunter', 'hunter-and-more')('hunter-and-more hunter')).toBe('[MASKED] [MASKED]');
});

test('four characters are masked; fewer are too common', () => {
  expect(redacting('abcd', 'xyz')('abcd xyz')).toBe('[MASKED] xyz');
});

test('a secret is text, not a pattern', () => {
  expect(redacting('a.c(d')('a.c(d abc(d')).toBe('[MASKED] abc(d');
  expect(redacting('[a-z]+')('word [a-z]+')).toBe('word [MASKED]');
});

test('a secret that is added later is masked from then on', () => {
  const redactor = createRedactor();
  redactor.add('first-secret');
  expect(redactor.redact('first-secret second-secret')).toBe('[MASKED] second-secret');
  redactor.add('second-secret');
  expect(redactor.redact('first-secret second-secret')).toBe('[MASKED] [MASKED]');
});

test.each(['pat', 'oas', 'dt', 'rt', 'rtr', 'cbt', 'ptt', 'ft', 'imt', 'agent', 'soat', 'ffct'])(
  'a GitLab token gl%s- is masked by its shape',
  (kind) => {
    expect(redacting()(`token=gl${kind}-aB3_x.9=Zz-0123456789 end`)).toBe('token=[MASKED] end');
  },
);

test.each([
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl', '[MASKED]'],
  ['PRIVATE-TOKEN: whatever123', 'PRIVATE-TOKEN: [MASKED]'],
  ['{"job-token":"whatever123"}', '{"job-token":"[MASKED]"}'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer [MASKED]'],
  ['authorization: Basic dXNlcjpwYXNz, accept: */*', 'authorization: Basic [MASKED], accept: */*'],
  ['https://user:pass@host/path', 'https://user:[MASKED]@host/path'],
  ['postgres://:pass@host', 'postgres://:[MASKED]@host'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest', '[MASKED]\nrest'],
  ['key: -----BEGIN PRIVATE KEY-----\nMIIE, cut short', 'key: [MASKED]'],
])('%j is masked by its shape', (text, masked) => {
  expect(redacting()(text)).toBe(masked);
});

test('what is no secret stays as it is', () => {
  const text = 'https://host:8080/a@b glpat eyJ x.y authorize: PUBLIC KEY-----';
  expect(redacting('another-secret')(text)).toBe(text);
});

test('no secret is left in any text', () => {
  const secrets = fc.array(fc.string({ minLength: 4, maxLength: 30, unit: 'binary' }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (all, before, after) => {
      const redact = redacting(...all);
      for (const secret of all) {
        const left = redact(before + secret + after).split('[MASKED]');
        expect(left.filter((part) => part.includes(secret))).toEqual([]);
      }
    }),
  );
});
