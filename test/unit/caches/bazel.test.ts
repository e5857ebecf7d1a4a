import { expect, test } from 'vitest';
import { bazelClaims } from '../../../source/core/bazel/claims.ts';
import type { HitRate } from '../../../source/core/bazel/metrics.ts';
import { bazelDiskCache, bazelRemoteCache } from '../../../source/core/caches/bazel.ts';
import type { BazelRemoteState } from '../../../source/core/caches/model.ts';
import type { Part } from '../../../source/core/datum.ts';
import { filesOf } from '../filesOf.ts';

const seen = { now: '2026-01-01T00:00:00.000Z' };
const failure = {
  kind: 'unavailable',
  tried: 'x',
  saw: 'no answer',
  next: ['Start it.'],
  code: 'x',
} as const;
const claimsOf = (bazelrc: string) => bazelClaims(filesOf({ '.bazelrc': bazelrc }));
const hits: HitRate = { ratio: 0.5, n: 10, window: 60 };

function state(more: Partial<BazelRemoteState> = {}): BazelRemoteState {
  const nothing = { failure };
  return {
    http: 'http://honey:9090',
    grpc: 'grpc://honey:9092',
    status: { value: { used: 1, limit: 2, files: 3 } },
    health: { value: 'serving' },
    metrics: nothing,
    capabilities: nothing,
    ...more,
  };
}

function look(bazelrc: string | undefined, value?: BazelRemoteState, hitRate?: HitRate | null) {
  const datum = value ? { state: 'fresh', value, fetchedAt: 0 } : { state: 'loading' };
  const claims = bazelrc === undefined ? undefined : claimsOf(bazelrc);
  const { row, findings } = bazelRemoteCache(claims, datum as never, hitRate, seen);
  return {
    rung: row.rung,
    rules: findings.map(({ rule }) => rule),
    said: row.evidence.map(({ saw }) => saw),
  };
}

const named = 'build --remote_cache=grpc://honey:9092\n';
const health = (value: Part<'serving' | 'not-serving'>) => state({ health: value });

test.each([
  ['nothing is known of the files', undefined, state(), hits, 'unknown'],
  ['no file names a cache', 'build --jobs=4\n', state(), hits, 'absent'],
  ['it is commented out', '# build --remote_cache=grpc://honey:9092\n', state(), hits, 'absent'],
  ['two are named', `${named}test --remote_cache=grpc://other:9092\n`, state(), hits, 'present'],
  ['another is looked at', 'build --remote_cache=grpc://other:9092\n', state(), hits, 'present'],
  ['nobody has looked', named, undefined, undefined, 'valid'],
  ['it does not serve', named, health({ value: 'not-serving' }), hits, 'valid'],
  ['its gRPC does not answer', named, health({ failure }), hits, 'valid'],
  ['its HTTP does not answer', named, state({ status: { failure } }), hits, 'valid'],
  ['it answers', named, state(), undefined, 'reachable'],
  ['it answers, and nobody read', named, state(), null, 'reachable'],
  ['it answers, and nobody hit', named, state(), { ...hits, ratio: 0 }, 'reachable'],
  ['reads hit', named, state(), hits, 'proven'],
  ['reads hit, over HTTP', 'build --remote_cache=http://honey:9090/\n', state(), hits, 'proven'],
] as const)('a remote cache where %s', (_, bazelrc, value, hitRate, rung) => {
  expect(look(bazelrc, value, hitRate).rung).toBe(rung);
});

test('what is wrong with a remote cache is found, and what was seen is said', () => {
  expect(look(`${named}test --remote_cache=grpc://other:9092\n`, state()).rules).toEqual([
    'bazel-endpoint-drift',
  ]);
  expect(look('build --remote_cache=grpc://other:9092\n', state()).rules).toEqual(['bazel-endpoint-other']);
  expect(look(`${named}build --remote_timeout=3600\n`, state()).rules).toEqual(['bazel-remote-timeout']);
  expect(look(`${named}build --remote_timeout=600\n`, state()).rules).toEqual([]);
  expect(look(named, health({ failure })).rules).toEqual(['bazel-remote-grpc']);
  expect(look('#build --remote_cache=x\n', undefined).said).toEqual([
    '--remote_cache is commented out at .bazelrc:1',
  ]);
  expect(look(named, state(), hits).said.at(-1)).toBe('50 % of 10 action-cache reads hit in 1m 00s');
  expect(look(named, state(), null).said.at(-1)).toBe('no action-cache reads in between');
});

test.each([
  [undefined, [], 'unknown'],
  ['build --jobs=4\n', [], 'absent'],
  ['build --disk_cache=.cache/bazel\n', [], 'present'],
  ['build --disk_cache=.cache/bazel\n', ['.cache/uv'], 'present'],
  ['build --disk_cache=.cache/bazel\n', ['.cache/bazel/'], 'valid'],
  ['build --disk_cache=.cache/bazel\n', ['$CI_PROJECT_DIR/.cache'], 'valid'],
  ['build --disk_cache=.cache/bazelle\n', ['.cache/bazel'], 'present'],
] as const)('a disk cache by %j, with %j kept between pipelines', (bazelrc, paths, rung) => {
  const claims = bazelrc === undefined ? undefined : claimsOf(bazelrc);
  const caches = [
    { job: 'build', key: 'k', paths, policy: 'pull-push', at: { file: 'f', line: 1, column: 1 } },
  ];
  expect(bazelDiskCache(claims, paths.length > 0 ? caches : [], seen).row.rung).toBe(rung);
});
