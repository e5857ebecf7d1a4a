import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkConfiguration } from '../../source/core/ci/checks/index.ts';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import type { PipelineEvent } from '../../source/core/ci/model.ts';
import { createSandboxCheckout, type SandboxCheckout } from '../../source/sandbox/checkout/checkout.ts';
import { openCheckout } from '../../source/services/git/checkout.ts';

let checkout: SandboxCheckout;
beforeAll(async () => {
  checkout = await createSandboxCheckout('http://127.0.0.1:18080', Date.now());
  await checkout.write('http://127.0.0.1:18081');
});
afterAll(() => checkout.stop());

const git = (...argv: string[]): string =>
  execFileSync('git', ['-C', checkout.path, ...argv], { encoding: 'utf8' }).trim();
const lines = (path: string): string[] => readFileSync(join(checkout.path, path), 'utf8').split('\n');

test('git has the history that the server has, with the same ids', () => {
  const { branches, tags } = checkout.repository;
  for (const [name, sha] of branches) expect(git('rev-parse', `refs/heads/${name}`)).toBe(sha);
  for (const [name, sha] of tags) expect(git('rev-parse', `refs/tags/${name}`)).toBe(sha);
  expect(git('rev-list', '--all', '--count')).toBe(String(checkout.repository.commits.size));
  expect(git('status', '--porcelain')).toBe('');
  expect(git('remote', 'get-url', 'origin')).toBe('http://127.0.0.1:18081/tinyland/ai/huskycat.git');
  expect(git('fsck', '--strict')).toBe('');
});

test('what the remaining tasks change is still as it was', () => {
  expect(lines('.bazelrc').slice(41, 45)).toEqual([
    '# build --remote_cache=grpc://100.77.196.50:9092',
    '# build --remote_upload_local_results=true',
    '# build --remote_timeout=3600',
    '# build --remote_download_minimal',
  ]);
  expect(lines('flake.nix')[22]).toMatch(/^\s+# "main:/);
  expect(lines('.gitlab/ci/nix.yml')[10]).toMatch(/^\s+# extra-trusted-public-keys = main:/);
  expect(lines('.gitlab/ci/download-tools.yml')).toContain('    expire_in: 1 day');
  expect(lines('.gitlab-ci.yml')).toContain('    key: "$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"');
});

test.each<[PipelineEvent, string, number]>([
  ['push', 'main', 24],
  ['merge_request', 'feature/json-lines', 19],
  ['tag', 'v2.0.0-beta.1', 22],
])('the configuration creates a pipeline for %s', async (event, ref, count) => {
  const files = await openCheckout(checkout.path);
  const set = jobSet('.gitlab-ci.yml', {
    event,
    ref,
    defaultBranch: files.defaultBranch,
    variables: {},
    files,
  });
  expect(set.errors).toEqual([]);
  expect(set.jobs).toHaveLength(count);
  const findings = checkConfiguration({
    configuration: set.configuration,
    sets: new Map([[event, set]]),
    files,
  });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a stopped checkout leaves nothing behind', async () => {
  const other = await createSandboxCheckout('http://127.0.0.1:18080', Date.now());
  await other.write('http://127.0.0.1:18081');
  expect(existsSync(join(other.path, '.git'))).toBe(true);
  await other.stop();
  expect(existsSync(other.path)).toBe(false);
});
