import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ciJobs } from '../../bin/ciJobs.js';

const root = join(import.meta.dirname, '../..');
const launcher = join(root, 'bin/huskycat-tui.js');
const main = pathToFileURL(join(root, 'dist/main.js')).href;
const whole = `const { main } = await import(${JSON.stringify(main)}); process.exitCode = await main(process.argv);`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huskycat-ci-jobs-'));
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'ci'));
  writeFileSync(
    join(folder, '.gitlab-ci.yml'),
    'include: [ci/*.yml, { remote: https://ci.example/a.yml }]\n',
  );
  writeFileSync(
    join(folder, 'ci/a.yml'),
    'a:\n  script: [make, !reference [.b, script]]\n  rules:\n    - if: $CI_COMMIT_BRANCH =~ /^m.*n{1,3}$/\n.b:\n  script: |\n    x\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(argv: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
  return { status, stdout: stdout.replace(/"at":"[^"]+"/, ''), stderr };
}

test.each([
  [],
  ['--json'],
  ['--event', 'merge_request', '--ref', 'x', '--changed', 'a', '--var', 'A=b'],
  ['--event', 'never'],
  ['--dir', 'empty'],
  ['--dir', 'not-there'],
  ['--help'],
  ['--jason'],
  ['--ref'],
  ['word'],
])('what the launcher loads for `ci jobs %s` says what the program says', (...words) => {
  const args = ['ci', 'jobs', ...words];
  expect(ciJobs(args)).toMatchObject({ main: expect.any(Function) });
  const said = run([launcher, ...args]);
  expect(said).toEqual(run(['--input-type=module', '--eval', whole, launcher, ...args]));
});

test.each([
  ['ci', 'check'],
  ['ci', 'jobs', '--online'],
  ['ci', 'jobs', '--commit=HEAD'],
  ['--dir', '.', 'ci', 'jobs'],
])('%s %s %s is for the whole program', (...args) => {
  expect(ciJobs(args)).toBeUndefined();
});
