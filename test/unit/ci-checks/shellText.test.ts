import { expect, test } from 'vitest';
import { shellText } from '../../../source/core/ci/checks/shellText.ts';

const spaces = (text: string): string => text.replace(/[^\n]/g, ' ');

test.each([
  ['a comment is no code', 'echo "a # b" # $C', `echo "a # b" ${spaces('# $C')}`],
  ['single quotes are not expanded', "echo '$A' $B", "echo '  ' $B"],
  [
    'a quoted here-document is not expanded',
    "cat <<'E'\n$A don't\nE\necho $B",
    "cat <<'E'\n        \n \necho $B",
  ],
  ['an open one is', "cat <<E\n$A don't\nE\necho '$B'", "cat <<E\n$A don't\nE\necho '  '"],
  ['quotes within a substitution are its own', `x="$(echo '$A' "$B")" $C`, `x="$(echo '  ' "$B")" $C`],
  ['an escaped quote opens nothing', "echo don\\'t $A", "echo don\\'t $A"],
])('%s', (_, script, expanded) => {
  expect(shellText(script).expanded).toBe(expanded);
});

test('what is left without quotes is commands and bare words', () => {
  expect(shellText('grep "a <<< b" x <<< $C').bare).toBe('grep "         x <<< $C');
});

test.each(['(', '"$(', '${', '`', '<<E ', "'", '$((', '\\\n'])(
  '%j a million times is read before the test’s time is over',
  (part) => {
    const text = part.repeat(1_000_000);
    const { code, expanded, bare } = shellText(text);
    expect([code.length, expanded.length, bare.length]).toEqual(Array(3).fill(text.length));
  },
);
