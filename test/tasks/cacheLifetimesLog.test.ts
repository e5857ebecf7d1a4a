import { expect, test } from 'vitest';
import type { JobRecord } from '../../source/core/lifetimes/measured.ts';
import { lifetimesOf } from '../../source/core/lifetimes/survey.ts';
import { evidenceIn, isProven } from '../../source/tasks/cacheLifetimes/verify.ts';
import { filesOf, readingOf } from '../unit/lifetimes/world.ts';

const text = `lint:
  script: x
  cache: {key: "uv-$CI_COMMIT_REF_SLUG", paths: [.cache/uv]}
test:
  parallel: 2
  script: x
  cache: {key: {files: [uv.lock], prefix: uv}, paths: [.cache/uv]}
build:
  script: x
`;
const files = filesOf({ '.gitlab-ci.yml': text, 'uv.lock': '' });
const { caches } = lifetimesOf({ ...readingOf(files), files });

function record(job: string, key: string, isFound: boolean, kept: readonly string[] = []): JobRecord {
  const reads = key === '' ? [] : [{ key, isFound, isLocal: false }];
  const log = { reads, writes: [], artifactsOf: [], kept };
  return { job, pipeline: 7, ref: 'main', at: '2026-01-01T00:00:00Z', duration: 10, log };
}

const hash = 'a'.repeat(40);

test('proven when each job with a cache found one under its key of now', () => {
  const all = [record('lint', 'uv-main-protected', true), record('test 1/2', `uv-${hash}-protected`, true)];
  expect(isProven([...all, record('build', '', false)], caches, false)).toBe(true);
  expect(evidenceIn(all[0] ?? record('', '', false), caches)).toEqual([
    {
      at: '2026-01-01T00:00:00Z',
      source: 'log of lint in pipeline 7 on main',
      saw: 'Successfully extracted cache, for uv-main-protected',
    },
  ]);
});

test.each([
  [
    'one of them did not',
    [record('lint', 'uv-main-protected', true), record('test 1/2', `uv-${hash}-protected`, false)],
  ],
  ['it was found under the key of before', [record('lint', 'lint-uv-main-protected', true)]],
  ['no job with a cache ran', [record('build', '', false)]],
  ['nothing ran', []],
])('not proven when %s', (_, records) => {
  expect(isProven(records, caches, false)).toBe(false);
});

test('where downloads are kept, one has to have come from the registry', () => {
  const line = 'kept-download: took tool 1.2.3 from the package registry';
  const lint = record('lint', 'uv-main-protected', true);
  expect(isProven([lint], caches, true)).toBe(false);
  const withTool = [lint, record('build', '', false, [line])];
  expect(isProven(withTool, caches, true)).toBe(true);
  expect(withTool.flatMap((one) => evidenceIn(one, caches)).map(({ saw }) => saw)).toContain(line);
});
