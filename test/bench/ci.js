import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timeCommand } from './startUp.js';
import { program } from './terminal.js';

/** Headless answers from a checkout, from start to exit. */
export function ci(bare) {
  const [sixty, hundred] = [checkout(6, 60), checkout(100, 500)];
  const row = (title, folder, command, budget) => {
    const took = timeCommand([program, 'ci', command, '--dir', folder, '--json']);
    return { title, value: `${took.toFixed(0)} ms, ${(took / bare).toFixed(2)} × bare node`, budget };
  };
  try {
    return [
      row('ci jobs, 60 jobs in 6 files', sixty, 'jobs', '≤ 3 × bare node'),
      row('ci jobs, 500 jobs in 100 files', hundred, 'jobs', 'resolve ≤ 300 ms'),
      row('ci simulate, 500 jobs', hundred, 'simulate', ''),
    ];
  } finally {
    for (const folder of [sixty, hundred]) rmSync(folder, { recursive: true, force: true });
  }
}

/** A checkout of `files` included files with `jobs` jobs in all, committed as a user's are. */
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
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
  for (const argv of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...author, 'commit', '-q', '-m', 'Begin'],
  ])
    spawnSync('git', ['-C', root, ...argv]);
  return root;
}
