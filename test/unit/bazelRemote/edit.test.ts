import { expect, test } from 'vitest';
import { editRemoteCache } from '../../../source/core/bazel/editRemoteCache.ts';
import {
  clientFlags,
  needsSecondFallback,
  parseBuildCount,
} from '../../../source/core/bazelRemote/clientFlags.ts';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';

const client = {
  endpoint: 'grpc://100.77.196.50:9092',
  timeout: 60,
  download: 'minimal',
  isUnconditional: false,
} as const;
const lines = [
  '--remote_cache=grpc://100.77.196.50:9092',
  '--remote_upload_local_results=true',
  '--remote_timeout=60',
  '--remote_download_minimal',
];
const edit = (text: string | undefined, command: 'build' | 'build:remote' = 'build:remote') =>
  editRemoteCache(text, clientFlags({ ...client, isUnconditional: command === 'build' }), command);
const textOf = (text: string | undefined, command?: 'build' | 'build:remote'): string => {
  const result = edit(text, command);
  if ('text' in result) return result.text;
  throw new Error(result.unexpected);
};

test('the four lines that are commented out come into force, and nothing else changes', () => {
  const expected = bazelrc
    .replace(/^# build (--remote_(?:cache|upload|download).*)$/gm, 'build:remote $1')
    .replace('# build --remote_timeout=3600', 'build:remote --remote_timeout=60');
  expect(textOf(bazelrc)).toBe(expected);
  expect(textOf(expected)).toBe(expected);
});

test('for every build the fallback is added after them', () => {
  const text = textOf(bazelrc, 'build');
  expect(text.endsWith('build --remote_download_minimal\nbuild --remote_local_fallback\n')).toBe(true);
  expect(textOf(text, 'build')).toBe(text);
  expect(textOf(text)).toContain('build:remote --remote_cache=');
});

test('line ends, a mark of byte order, comments and a missing line end stay', () => {
  const crlf =
    '\uFEFFcommon --color=auto\r\n  build:remote --remote_cache=grpc://old:1 # ours\r\n# build --remote_timeout=3600';
  expect(textOf(crlf)).toBe(
    [
      '\uFEFFcommon --color=auto',
      '  build:remote --remote_cache=grpc://100.77.196.50:9092 # ours',
      'build:remote --remote_timeout=60',
      'build:remote --remote_upload_local_results=true',
      'build:remote --remote_download_minimal',
    ].join('\r\n'),
  );
  expect(textOf('')).toBe(lines.map((line) => `build:remote ${line}\n`).join(''));
  expect(textOf(undefined)).toBe(textOf(''));
});

test.each([
  ['two places', 'build --remote_cache=a\nbuild:remote --remote_cache=b\n'],
  ['two flags in a line', 'build --remote_cache=a --jobs=8\n'],
  ['a continued line', 'build \\\n  --remote_cache=a\n'],
])('a file with %s is left alone, and the lines to paste are given', (_, text) => {
  expect(edit(text)).toMatchObject({ lines: lines.map((line) => `build:remote ${line}`) });
});

test('the second fallback is for the versions that know it', () => {
  expect(['8.5.1', '8.6.0', '9.0.0'].map(needsSecondFallback)).toEqual([true, true, true]);
  expect([undefined, 'no_version', '4.2.3', '7.7.1', '8.5.0'].some(needsSecondFallback)).toBe(false);
});

test('what a build took from the cache is read from its last count', () => {
  expect(parseBuildCount('INFO: 3 processes: 2 remote cache hit, 1 internal.\n')).toEqual({
    processes: 3,
    remoteHits: 2,
    diskHits: 0,
    actions: 2,
  });
  expect(
    parseBuildCount('\u001b[32mINFO: \u001b[0m9 processes: 4 disk cache hit, 3 internal, 2 worker.\r\n'),
  ).toEqual({ processes: 9, remoteHits: 0, diskHits: 4, actions: 6 });
  expect(parseBuildCount('INFO: 0 processes.\n')).toMatchObject({ processes: 0, actions: 0 });
  expect(parseBuildCount('INFO: 1 process: 1 internal.')).toMatchObject({ remoteHits: 0, actions: 0 });
  expect(parseBuildCount('Build did not start')).toBeUndefined();
});
