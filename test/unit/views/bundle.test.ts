import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import exactWidth from 'string-width';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

test('every character that the bundle takes for one cell is one cell', () => {
  const [, set = ''] =
    /narrow = \/\^(\[.*\])\*\$\//.exec(readFileSync(join(root, 'bin/stringWidth.js'), 'utf8')) ?? [];
  const one = new RegExp(`^${set}$`);
  const narrow = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((char) =>
    one.test(char),
  );
  expect(narrow.length).toBeGreaterThan(200);
  expect(narrow.filter((char) => exactWidth(char) !== 1)).toEqual([]);
  expect(narrow.filter((char) => exactWidth(`a${char}b`) !== 3)).toEqual([]);
});
