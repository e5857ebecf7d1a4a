import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { editorCommand, openInEditor } from '../../../source/services/editor/open.ts';

const place = { root: '/work', file: '.gitlab/ci/build.yml', line: 12 };

test.each([
  [{ EDITOR: 'nano' }, ['nano', '+12', './.gitlab/ci/build.yml']],
  [{ EDITOR: 'nano', VISUAL: 'code -w' }, ['code', '-w', '--goto', './.gitlab/ci/build.yml:12']],
  [{ VISUAL: '/usr/bin/hx' }, ['/usr/bin/hx', './.gitlab/ci/build.yml:12']],
  [{}, ['vi', '+12', './.gitlab/ci/build.yml']],
])('the user\u2019s editor %j goes to the line', (environment, argv) => {
  expect(editorCommand(place, environment)).toEqual(argv);
});

test('runs in the checkout until the editor ends', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'huskycat-editor-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const editor = join(root, 'editor');
  writeFileSync(editor, '#!/bin/sh\npwd > seen\nprintf "%s\\n" "$@" >> seen\n');
  chmodSync(editor, 0o755);
  await openInEditor({ root, file: 'a.yml', line: 3 }, { EDITOR: editor });
  expect(readFileSync(join(root, 'seen'), 'utf8')).toBe(`${root}\n+3\n./a.yml\n`);
});

test('an editor that is not there is said to be missing', async () => {
  await expect(
    openInEditor({ ...place, root: tmpdir() }, { EDITOR: 'no-such-editor' }),
  ).rejects.toMatchObject({
    code: 'no-program',
  });
});
