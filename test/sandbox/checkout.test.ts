import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkConfiguration } from '../../source/core/ci/checks/index.ts';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import type { PipelineEvent } from '../../source/core/ci/model.ts';
import { huskycatHistory } from '../../source/sandbox/checkout/history.ts';
import { writeCheckout } from '../../source/sandbox/checkout/write.ts';
import { openCheckout } from '../../source/services/git/checkout.ts';

const path = mkdtempSync(join(tmpdir(), 'huskycat-checkout-'));
const repository = huskycatHistory('http://127.0.0.1:18080', Date.now());
beforeAll(() => writeCheckout(repository, path, { url: 'http://127.0.0.1:18081/tinyland/ai/huskycat.git' }));
afterAll(() => rmSync(path, { recursive: true, force: true }));

const git = (...argv: string[]): string =>
  execFileSync('git', ['-C', path, ...argv], { encoding: 'utf8' }).trim();
const lines = (file: string): string[] => readFileSync(join(path, file), 'utf8').split('\n');

test('git has the history that the server has, with the same ids', () => {
  const { branches, tags, commits } = repository;
  for (const [name, sha] of branches) expect(git('rev-parse', `refs/heads/${name}`)).toBe(sha);
  for (const [name, sha] of tags) expect(git('rev-parse', `refs/tags/${name}`)).toBe(sha);
  expect(git('rev-list', '--all', '--count')).toBe(String(commits.size));
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
  const files = await openCheckout(path);
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

test("the user's own git settings do not reach the checkout", async () => {
  const settings = mkdtempSync(join(tmpdir(), 'huskycat-settings-'));
  const file = join(settings, 'gitconfig');
  execFileSync('git', ['config', '--file', file, 'core.hooksPath', settings]);
  execFileSync('git', ['config', '--file', file, 'init.templateDir', join(settings, 'nowhere')]);
  execFileSync('git', ['config', '--file', file, 'core.autocrlf', 'true']);
  vi.stubEnv('GIT_CONFIG_GLOBAL', file);
  vi.stubEnv('GIT_DIR', settings);
  const other = join(settings, 'checkout');
  mkdirSync(other);
  await writeCheckout(repository, other, { url: 'http://127.0.0.1:18081/tinyland/ai/huskycat.git' });
  vi.unstubAllEnvs();
  expect(readFileSync(join(other, '.bazelrc'), 'utf8')).not.toContain('\r');
  expect(readdirSync(settings).sort()).toEqual(['checkout', 'gitconfig']);
  rmSync(settings, { recursive: true, force: true });
});
