import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleOptions } from '../../../bin/bundle.js';

interface Drawn {
  write(x: number, y: number, text: string, options: { transformers: [] }): void;
  clip(clip: Record<'x1' | 'x2' | 'y1' | 'y2', number>): void;
  unclip(): void;
  get(): { readonly output: string; readonly height: number };
}

type Output = new (size: { width: number; height: number }) => Drawn;

const root = join(import.meta.dirname, '../../..');
const ink = join(root, 'node_modules/ink/build/output.js');

/** Ink's output as the bundle has it. */
async function bundled(): Promise<Output> {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-ink-'));
  try {
    await build({
      ...bundleOptions(root, 'test'),
      entryPoints: [ink],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
    });
    return (await import(pathToFileURL(join(folder, 'output.mjs')).href)).default;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const text = fc.string({
  unit: fc.constantFrom(
    ...'abc 1─│█·✔漢é\n',
    '\u001B[1m',
    '\u001B[2m',
    '\u001B[22m',
    '\u001B[38;5;80m',
    '\u001B[39m',
    '\u001B[7m',
    '\u001B[27m',
    '\u001B[0m',
    '\u200B',
    '👩',
  ),
  maxLength: 24,
});
const write = fc.record({ x: fc.integer({ min: -3, max: 18 }), y: fc.integer({ min: -2, max: 6 }), text });
const clip = fc.record({
  x1: fc.integer({ min: 0, max: 10 }),
  x2: fc.integer({ min: 5, max: 20 }),
  y1: fc.integer({ min: 0, max: 3 }),
  y2: fc.integer({ min: 2, max: 6 }),
});
const frame = fc.array(fc.record({ writes: fc.array(write, { maxLength: 4 }), clip: fc.option(clip) }), {
  maxLength: 4,
});

function draw(
  Drawing: Output,
  groups: typeof frame extends fc.Arbitrary<infer Frame> ? Frame : never,
): string {
  const output = new Drawing({ width: 18, height: 6 });
  for (const { writes, clip: bounds } of groups) {
    if (bounds) output.clip(bounds);
    for (const { x, y, text: written } of writes) output.write(x, y, written, { transformers: [] });
    if (bounds) output.unclip();
  }
  return output.get().output;
}

test('the bundle draws every frame as Ink does', async () => {
  const [ours, exact] = await Promise.all([bundled(), import(pathToFileURL(ink).href)]);
  fc.assert(
    fc.property(frame, (groups) => {
      expect(draw(ours, groups)).toBe(draw(exact.default, groups));
    }),
    { numRuns: 2_000 },
  );
});
