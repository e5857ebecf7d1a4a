import { expect, test } from 'vitest';
import { parseCapabilities } from '../../../source/core/bazel/capabilities.ts';
import { bazelRemoteMetrics, hitRate } from '../../../source/core/bazel/metrics.ts';
import { parsePrometheus } from '../../../source/core/bazel/prometheus.ts';
import { protobufFields } from '../../../source/core/bazel/protobuf.ts';

const scrape = `# HELP bazel_remote_azblob_cache_hits The total number of azblob backend cache hits
# TYPE bazel_remote_azblob_cache_hits counter
bazel_remote_azblob_cache_hits 0
bazel_remote_disk_cache_evicted_bytes_total 4096
bazel_remote_incoming_requests_total{kind="ac",method="get",status="hit"} 2
bazel_remote_incoming_requests_total{kind="ac",method="get",status="miss"} 1
bazel_remote_incoming_requests_total{kind="cas",method="contains",status="hit"} 100
bazel_remote_incoming_requests_total{kind="cas",method="get",status="hit"} 50
bazel_remote_disk_cache_size_bytes_limit{type="evict"} 5.36870912e+10
process_start_time_seconds 1.79545005442e+09
`;

test('a scrape', () => {
  expect(bazelRemoteMetrics(scrape, 1_000)).toEqual({
    at: 1_000,
    processStart: 1795450054.42,
    hits: 2,
    misses: 1,
    evictedBytes: 4096,
  });
});

test.each([
  ['a page', '<html><body>metrics</body></html>'],
  ['without the process', scrape.replace(/^process.*$/m, '')],
  ['without misses', scrape.replace(/^.*"miss".*$/m, '')],
  ['of another program', 'process_start_time_seconds 1\ngo_goroutines 7\n'],
  ['with counters that are no numbers', scrape.replace('"hit"} 2', '"hit"} NaN')],
  ['with a negative counter', scrape.replace('"miss"} 1', '"miss"} -1')],
])('%s is no scrape of a bazel-remote', (_name, text) => {
  expect(bazelRemoteMetrics(text, 1)).toBeUndefined();
});

const first = { at: 10_000, processStart: 5, hits: 10, misses: 10 };

test.each([
  ['three of four', { at: 20_000, hits: 13, misses: 11 }, { ratio: 0.75, n: 4, window: 10 }],
  ['no traffic', { at: 20_000 }, null],
  ['another process', { at: 20_000, processStart: 6, hits: 11 }, undefined],
  ['hits went back', { at: 20_000, hits: 9, misses: 20 }, undefined],
  ['misses went back', { at: 20_000, hits: 20, misses: 9 }, undefined],
  ['the same scrape', {}, undefined],
  ['an earlier scrape', { at: 9_000, hits: 11 }, undefined],
])('hit rate: %s', (_name, change, rate) => {
  expect(hitRate(first, { ...first, ...change })).toEqual(rate);
});

test('labels with escapes, times, special numbers and damage', () => {
  const text =
    'a{x="1, \\"2\\" \\\\ \\n",y="}"} +Inf 1795450054000\nb NaN\nc{ x = "1" , } .5\nbad{x=1} 2\nbad 0x10\nbad{x="1"\n\n e 1\n';
  expect(parsePrometheus(text)).toEqual([
    { name: 'a', labels: { x: '1, "2" \\ \n', y: '}' }, value: Number.POSITIVE_INFINITY },
    { name: 'b', labels: {}, value: Number.NaN },
    { name: 'c', labels: { x: '1' }, value: 0.5 },
  ]);
});

test('the capabilities of a bazel-remote, byte for byte', () => {
  const bytes = Buffer.from(
    '0a1f0a0101120208011a020a0028023201013a010140ffffffffffffffff7f5001220208022a0408021003',
    'hex',
  );
  expect(parseCapabilities(bytes)).toEqual({
    digestFunctions: ['SHA256'],
    updateEnabled: true,
    compressors: ['zstd'],
    apiVersions: '2.0 to 2.3',
  });
});

test('bytes that are no message', () => {
  for (const hex of ['0aff', '08', 'ffffffffffffffffffffff01', '0b', '0a05'])
    expect(protobufFields(Buffer.from(hex, 'hex'))).toBeUndefined();
  expect(parseCapabilities(Buffer.from('<html>'))).toBeUndefined();
  expect(protobufFields(new Uint8Array())).toEqual([]);
});
