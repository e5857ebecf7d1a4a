import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import exactWidth from 'string-width';
import { expect, test } from 'vitest';
import { bundleOptions } from '../../../bin/bundle.js';

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

test('what starts every command is loaded without Ink, React, SSH and GitLab', async () => {
  const { metafile } = await build({
    ...bundleOptions(root, 'test'),
    entryPoints: ['source/main.ts'],
    outdir: 'dist',
    write: false,
    metafile: true,
  });
  const outputs = metafile?.outputs ?? {};
  const loaded = new Set<string>();
  const follow = (output: string): void => {
    if (loaded.has(output)) return;
    loaded.add(output);
    for (const { path, kind } of outputs[output]?.imports ?? [])
      if (kind === 'import-statement' && path in outputs) follow(path);
  };
  follow('dist/main.js');
  const inputs = [...loaded].flatMap((output) => Object.keys(outputs[output]?.inputs ?? {}));
  expect(inputs).toContain('source/main.ts');
  expect(
    inputs.filter((input) =>
      /node_modules\/(?:ink|react|yoga-layout|ssh2|@gitbeaker)\/|^views\//.test(input),
    ),
  ).toEqual([]);
});
