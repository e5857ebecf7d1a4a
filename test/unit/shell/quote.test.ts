import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../../source/core/shell/quote.ts';

/** What a real shell makes of the line: the vector that printf was given. */
function readBack(words: readonly string[]): string[] {
  const line = shellQuote(['printf', '%s\\0', ...words]);
  const { stdout, status } = spawnSync('/bin/sh', ['-c', line]);
  expect(status).toBe(0);
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

test('a shell reads back every character but NUL, alone and together', () => {
  const characters = Array.from({ length: 0xff }, (_, index) => String.fromCodePoint(index + 1));
  const words = [
    ...characters,
    characters.join(''),
    characters.toReversed().join(''),
    '🐈',
    '\u202e',
    'ж',
    '',
  ];
  expect(readBack(words)).toEqual(words);
});

test('a shell reads back any vector', () => {
  const special = fc.constantFrom(
    "'",
    '"',
    '\\',
    '$',
    '$(',
    '`',
    '\n',
    ' ',
    '-',
    '*',
    '~',
    '!',
    '#',
    '=',
    '{',
    'a',
  );
  const word = fc.oneof(
    fc.array(special, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      expect(readBack(words)).toEqual(words);
    }),
    { numRuns: 150 },
  );
});

test.each(['FOO=bar', 'if', 'case', '~', '!', '{', 'a b', '$(id)'])(
  '%s as a program is only a name',
  (name) => {
    const { status, stderr, stdout } = spawnSync('/bin/sh', ['-c', shellQuote([name])], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
    expect(stderr).toContain(name);
  },
);

test('harmless words stay as they are', () => {
  expect(shellQuote(['docker', 'ps', '--format', '{{json .}}'])).toBe("docker ps --format '{{json .}}'");
});

test('a NUL is refused, as no argument can hold it', () => {
  expect(() => shellQuote(['a\0b'])).toThrow(expect.objectContaining({ code: 'nul-in-argument' }));
});
