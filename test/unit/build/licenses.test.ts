import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { licensesOf } from '../../../bin/licenses.js';

test('each package of a bundle is named once, with what its author wants kept', () => {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-licenses-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const put = (folder: string, about: object, files: Readonly<Record<string, string>> = {}): void => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify(about));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
  };
  const license = { LICENSE: 'Copyright A', 'NOTICE.md': 'Keep this.', 'readme.md': 'no' };
  put('node_modules/@a/b', { name: '@a/b', version: '1.0.0', license: 'MIT' }, license);
  put('node_modules/c', { name: 'c', version: '2.0.0', licenses: [{ type: 'ISC' }] });
  put('node_modules/@a/b/node_modules/c', { name: 'c', version: '2.0.0', licenses: [{ type: 'ISC' }] });
  const inputs = [
    'source/main.ts',
    'node_modules/c/index.js',
    'node_modules/@a/b/lib/index.js',
    'node_modules/@a/b/lib/more.js',
    'node_modules/@a/b/node_modules/c/index.js',
  ];
  expect(licensesOf(root, inputs)).toBe(
    [
      '@a/b 1.0.0 (MIT)',
      '----------------',
      '',
      'Copyright A',
      '',
      'Keep this.',
      '',
      '',
      'c 2.0.0 (ISC)',
      '-------------',
      '',
      'License: ISC',
      '',
    ].join('\n'),
  );
});
