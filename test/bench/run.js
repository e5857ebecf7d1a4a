/** Measures from outside, as ratios to a bare Node in the same run. Prints a table; judges nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/huskycat-tui.js', import.meta.url));
const rounds = 15;

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function time(argv) {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
    return performance.now() - start;
  });
  return median(times);
}

/** A checkout of `files` included files with `jobs` jobs in all. */
function checkout(files, jobs) {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-bench-'));
  mkdirSync(join(root, 'ci'));
  const perFile = Math.ceil(jobs / files);
  for (let file = 0; file < files; file += 1) {
    const text = Array.from({ length: perFile }, (_, index) => {
      const name = `job-${file}-${index}`;
      const needs = index === 0 ? '' : `  needs: [job-${file}-${index - 1}]\n`;
      return `${name}:\n  extends: .base\n  script:\n    - make ${name}\n${needs}  rules:\n    - if: $CI_COMMIT_BRANCH =~ /^(main|feature)/\n`;
    });
    writeFileSync(join(root, 'ci', `${file}.yml`), text.join(''));
  }
  writeFileSync(
    join(root, '.gitlab-ci.yml'),
    'include: ci/*.yml\n.base:\n  tags: [linux]\n  image: alpine:3.22\n',
  );
  spawnSync('git', ['-C', root, 'init', '-q', '-b', 'main']);
  spawnSync('git', ['-C', root, 'add', '-A']);
  return root;
}

const sixty = checkout(6, 60);
const hundred = checkout(100, 500);
try {
  const bare = time(['-e', '0']);
  const rows = [
    ['bare node', ['-e', '0'], '1'],
    ['--version', [program, '--version'], '≤ 1.3'],
    ['--help', [program, '--help'], '≤ 1.3'],
    ['ci jobs, 60 jobs in 6 files', [program, 'ci', 'jobs', '--dir', sixty, '--json'], '≤ 3'],
    [
      'ci jobs, 500 jobs in 100 files',
      [program, 'ci', 'jobs', '--dir', hundred, '--json'],
      'resolve ≤ 300 ms',
    ],
    ['ci simulate, 500 jobs', [program, 'ci', 'simulate', '--dir', hundred, '--json'], ''],
  ];
  for (const [title, argv, budget] of rows) {
    const took = time(argv);
    console.log(
      `${title.padEnd(34)} ${took.toFixed(0).padStart(5)} ms  ${(took / bare).toFixed(2).padStart(5)} × bare  ${budget}`,
    );
  }
} finally {
  rmSync(sixty, { recursive: true, force: true });
  rmSync(hundred, { recursive: true, force: true });
}

await import('./pipeline.js');
await import('./log.js');
