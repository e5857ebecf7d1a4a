import type { BazelRemoteProcess } from './server.ts';

/** A number as Go's Prometheus client prints it: shortest digits, an exponent of two digits from a million on. */
export function goNumber(value: number): string {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${digits}e${power < 0 ? '-' : '+'}${size}`;
}

type Sample = readonly [labels: string, value: number];

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${labels} ${goNumber(value)}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

function one(name: string, type: string, help: string, value: number): string {
  return family(name, type, help, [['', value]]);
}

/** `/metrics` in Prometheus' text format, under the names that bazel-remote v2.6 uses, sorted by name. */
export function metricsOf(server: BazelRemoteProcess): string {
  const { store, maxSize } = server;
  const uptime = (server.now() - server.startedAt) / 1000;
  const proxies = ['azblob', 'http', 's3'].flatMap((name) => [
    one(`bazel_remote_${name}_cache_hits`, 'counter', `The total number of ${name} backend cache hits`, 0),
    one(
      `bazel_remote_${name}_cache_misses`,
      'counter',
      `The total number of ${name} backend cache misses`,
      0,
    ),
  ]);
  const disk = 'bazel_remote_disk_cache';
  const families = [
    ...proxies,
    one(`${disk}_evicted_bytes_total`, 'counter', 'The total number of bytes evicted from disk backend', 0),
    one(
      `${disk}_logical_bytes`,
      'gauge',
      'The current number of bytes in the disk backend if they were uncompressed',
      store.used(),
    ),
    one(
      `${disk}_overwritten_bytes_total`,
      'counter',
      'The total number of bytes removed from disk backend, due to put of already existing key',
      0,
    ),
    // A peak of the last 30 s, which is 0 for as long after a start.
    one(
      `${disk}_size_bytes`,
      'gauge',
      'The current number of bytes in the disk backend',
      uptime < 30 ? 0 : store.used(),
    ),
    family(`${disk}_size_bytes_limit`, 'gauge', 'The currently configured limits of different types', [
      ['{type="evict"}', maxSize],
    ]),
    family(
      'bazel_remote_incoming_requests_total',
      'counter',
      'The number of incoming cache requests',
      lookups(server),
    ),
    family(
      'grpc_server_handled_total',
      'counter',
      'Total number of RPCs completed on the server, regardless of success or failure.',
      samplesOf(server.grpcCalls),
    ),
    family(
      'http_request_duration_seconds_count',
      'counter',
      'The latency of the HTTP requests.',
      samplesOf(server.httpRequests),
    ),
    one(
      'process_resident_memory_bytes',
      'gauge',
      'Resident memory size in bytes.',
      31_457_280 + store.uncompressed(),
    ),
    one(
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      Math.round(server.startedAt / 10) / 100,
    ),
  ];
  return families.sort().join('');
}

/** All but `ac/contains` stand at 0 from the start. */
function lookups({ store }: BazelRemoteProcess): Sample[] {
  const always = ['ac/get', 'cas/contains', 'cas/get'].flatMap((name) => [`${name}/hit`, `${name}/miss`]);
  const counts = new Map<string, number>(always.map((name) => [name, 0]));
  for (const [name, value] of store.lookups) counts.set(name, value);
  return [...counts].sort().map(([name, value]) => {
    const [kind = '', method = '', status = ''] = name.split('/');
    return [`{kind="${kind}",method="${method}",status="${status}"}`, value];
  });
}

function samplesOf(counters: ReadonlyMap<string, number>): Sample[] {
  return [...counters].sort(([a], [b]) => (a < b ? -1 : 1));
}
