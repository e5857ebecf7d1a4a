import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import xterm from '@xterm/headless';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleOptions } from '../../../bin/bundle.js';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'huskycat-rows-'));
const columns = 24;

interface Rows {
  lineUpdate(previous: string, next: string, columns: number): string;
  /** A row as Ink's output draws it. */
  draw(text: string): string;
}

let rows: Rows;
beforeAll(async () => {
  const contents = `
    import lineUpdate from './bin/lineUpdate.js';
    import Output from './node_modules/ink/build/output.js';
    export { lineUpdate };
    export function draw(text) {
      const output = new Output({ width: ${columns}, height: 1 });
      output.write(0, 0, text, { transformers: [] });
      return output.get().output;
    }`;
  await build({
    ...bundleOptions(root, 'test'),
    stdin: { contents, resolveDir: root },
    outfile: join(folder, 'rows.mjs'),
    splitting: false,
  });
  rows = await import(pathToFileURL(join(folder, 'rows.mjs')).href);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const piece = fc.constantFrom(
  ...'aab  ─│✔',
  '漢',
  '\u001B[1m',
  '\u001B[2m',
  '\u001B[22m',
  '\u001B[31m',
  '\u001B[38;5;80m',
  '\u001B[39m',
  '\u001B[7m',
  '\u001B[27m',
);
const row = fc.array(piece, { maxLength: 30 }).map((pieces) => {
  let used = 0;
  return pieces
    .filter((one) => {
      if (one.startsWith('\u001B')) return true;
      used += one === '漢' ? 2 : 1;
      return used <= columns;
    })
    .join('');
});

async function shown(...written: string[]): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 2, allowProposedApi: true });
  for (const text of written) await new Promise<void>((resolve) => terminal.write(text, resolve));
  const line = terminal.buffer.active.getLine(0);
  const cells = Array.from({ length: columns }, (_, column) => {
    const cell = line?.getCell(column);
    const look = [
      cell?.isBold(),
      cell?.isDim(),
      cell?.isInverse(),
      cell?.getFgColorMode(),
      cell?.getFgColor(),
    ];
    return `${cell?.getChars() || ' '}${cell?.getWidth()}${look.join()}`;
  });
  terminal.dispose();
  return cells;
}

test('a row that is updated looks as one that is drawn, whatever stood there', async () => {
  await fc.assert(
    fc.asyncProperty(row, row, async (one, other) => {
      const [before, after] = [rows.draw(one), rows.draw(other)];
      const updated = await shown(before, rows.lineUpdate(before, after, columns));
      expect(updated).toEqual(await shown(after));
    }),
    { numRuns: 400 },
  );
});

test('where one letter of a row differs, little is written', () => {
  const [before, after] = ['│ job-1 ✔ done in 12 s │', '│ job-2 ✔ done in 13 s │'].map(rows.draw);
  expect(rows.lineUpdate(before ?? '', after ?? '', columns)).toBe('\u001B[7G2\u001B[20G3');
});
