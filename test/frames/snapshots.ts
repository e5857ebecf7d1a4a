import type { CacheRow } from '../../source/core/caches/row.ts';
import type { Datum } from '../../source/core/datum.ts';
import type { Evidence, Finding, Rung } from '../../source/core/evidence.ts';
import type { PipelineJob, PipelineStatus } from '../../source/core/gitlab/model.ts';
import type { TaskRow } from '../../source/core/plan/row.ts';
import type { SigningRow } from '../../source/core/signing/row.ts';
import type { VariableRow } from '../../source/core/variables/row.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';

/** The time at which all of these snapshots are looked at. */
export const noon = Date.UTC(2026, 10, 24, 12, 0, 0);

const loading = { state: 'loading' } as const;

function fresh<T>(value: T, ago = 0): Datum<T> {
  return { state: 'fresh', value, fetchedAt: noon - ago };
}

function seen(saw: string, source: string, minutes = 0): Evidence {
  return { at: new Date(noon - minutes * 60_000).toISOString(), source, saw };
}

/** Before the first answer of anybody. */
export const empty: Snapshot = {
  checkout: loading,
  project: loading,
  token: loading,
  variables: loading,
  protections: loading,
  runners: loading,
  pipelines: loading,
  pipeline: loading,
  signingJobs: loading,
  attic: loading,
  bazelRemote: loading,
  honey: loading,
  tools: loading,
  clockOffset: 0,
  subjects: [],
  findings: [],
  caches: [],
  variableRows: [],
  signing: [],
  tasks: [],
};

const tasks: readonly [string, string, Rung, string, string | undefined, readonly number[]][] = [
  [
    'attic-public-key',
    'Enable the Attic public key',
    'absent',
    'flake.nix:14 has the key in a comment',
    '3–12× (25–30 min → 2–5 min)',
    [],
  ],
  [
    'bazel-remote',
    'Bazel remote cache',
    'present',
    '.bazelrc:31 names grpc://honey:9092, in a comment',
    '2–4× for Bazel targets',
    [1],
  ],
  [
    'container-layers',
    'Container layer cache',
    'absent',
    'container:build has no --cache-from',
    '25 min → 6 min',
    [],
  ],
  [
    'parallel-jobs',
    'Jobs in parallel',
    'valid',
    '9 of 23 jobs have needs',
    '−4 min on the critical path',
    [],
  ],
  ['cache-lifetimes', 'Cache lifetimes', 'present', '3 caches without fallback_keys', undefined, []],
  ['nix-push', 'Push build results to Attic', 'reachable', 'ATTIC_TOKEN grants push on main', undefined, [1]],
  ['runner-tags', 'Runner tags', 'proven', 'job nix:build ran on honey-docker (tag nix)', undefined, []],
  [
    'signing-certificate',
    'Developer ID certificate',
    'absent',
    'APPLE_CERTIFICATE_PASSWORD does not open the p12',
    undefined,
    [],
  ],
  [
    'notarization',
    'Notarization credentials',
    'present',
    'APPLE_API_KEY is set; no job has used it',
    undefined,
    [8],
  ],
  ['artifact-expiry', 'Artifact expiry', 'valid', 'expire_in: 30 days on all 12 artifacts', undefined, []],
  ['merge-trains', 'Merge trains', 'unknown', 'the token may not read the project settings', undefined, []],
  ['metrics', 'Build metrics', 'absent', 'no job writes metrics', undefined, [2, 3]],
  ['docs', 'Documentation of the build', 'proven', 'docs/build.md is of this commit', undefined, []],
];

export const taskRows: readonly TaskRow[] = tasks.map(
  ([name, title, rung, saw, promise, blockedBy], index) => ({
    number: index + 1,
    name,
    title,
    wave: `Wave ${1 + Math.floor(index / 4)} · Phase ${1 + (index % 3)}`,
    rung,
    evidence: [seen(saw, 'the checkout, branch main', index * 7)],
    findings: rung === 'absent' ? ['ci/attic-key'] : [],
    ...(promise === undefined ? {} : { promise }),
    blockedBy,
  }),
);

export const cacheRows: readonly CacheRow[] = [
  {
    id: 'cache/attic',
    kind: 'attic',
    name: 'Attic main',
    url: 'https://nix-cache.fuzzy-dev.tinyland.dev/main',
    rung: 'reachable',
    latency: 0.043,
    publicKey: 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=',
    drift: ['flake.nix:14 has key main:AAAA…, the server says main:PBDv…'],
    evidence: [
      seen(
        'StoreDir /nix/store, priority 41',
        'GET https://nix-cache.fuzzy-dev.tinyland.dev/main/nix-cache-info from this machine',
      ),
      seen('retention 90 days, public', 'GET /_api/v1/cache-config/main', 12),
    ],
    findings: ['ci/attic-key'],
  },
  {
    id: 'cache/bazel-remote',
    kind: 'bazel-remote',
    name: 'bazel-remote',
    url: 'http://honey:8080',
    rung: 'proven',
    latency: 0.0021,
    used: 41 * 2 ** 30,
    limit: 50 * 2 ** 30,
    hitRate: { ratio: 0.874, n: 1_204, window: 300 },
    version: 'v2.6.2',
    drift: [],
    evidence: [seen('serving, 1,204 reads in 5 minutes', 'GET http://honey:8080/metrics from this machine')],
    findings: [],
  },
  {
    id: 'cache/container-layers',
    kind: 'container-layers',
    name: 'Container layers',
    rung: 'absent',
    drift: [],
    evidence: [seen('container:build names no cache', '.gitlab/ci/container.yml:18')],
    findings: ['ci/layers'],
  },
  {
    id: 'cache/bazel-disk',
    kind: 'bazel-disk',
    name: 'Bazel disk cache',
    rung: 'valid',
    used: 48.6 * 2 ** 30,
    limit: 50 * 2 ** 30,
    hitRate: null,
    drift: [],
    evidence: [seen('/var/cache/bazel on honey', 'ssh honey df', 3)],
    findings: [],
  },
  {
    id: 'cache/job-caches',
    kind: 'job-cache',
    name: 'Job caches',
    rung: 'present',
    drift: [],
    evidence: [seen('7 keys in 11 jobs', '.gitlab-ci.yml')],
    findings: [],
  },
  {
    id: 'cache/artifacts',
    kind: 'artifacts',
    name: 'Artifacts',
    rung: 'unknown',
    drift: [],
    evidence: [],
    findings: [],
  },
];

function variable(key: string, rung: Rung, more: Partial<VariableRow> = {}): VariableRow {
  return {
    id: `variable/${key}`,
    key,
    rung,
    usedBy: [],
    present: rung !== 'absent',
    masked: true,
    hidden: false,
    protected: true,
    raw: false,
    type: 'env_var',
    scope: '*',
    owner: { kind: 'project', path: 'tinyland/ai/huskycat' },
    usableOn: ['main', 'v*'],
    evidence: [
      seen(rung === 'absent' ? 'not set anywhere' : 'set, masked, protected', 'GET /projects/1/variables'),
    ],
    findings: [],
    ...more,
  };
}

export const variableRows: readonly VariableRow[] = [
  variable('APPLE_CERTIFICATE_BASE64', 'valid', {
    required: 'signing',
    type: 'file',
    usedBy: ['.gitlab/ci/sign.yml:22'],
  }),
  variable('APPLE_CERTIFICATE_PASSWORD', 'present', {
    required: 'signing',
    usedBy: ['.gitlab/ci/sign.yml:23'],
    findings: ['variables/password'],
    evidence: [seen('set; it does not open the certificate', 'openssl pkcs12 on this machine')],
  }),
  variable('APPLE_DEVELOPER_ID_APPLICATION', 'valid', { required: 'signing' }),
  variable('APPLE_DEVELOPER_ID_INSTALLER', 'absent', {
    required: 'signing',
    usedBy: ['.gitlab/ci/sign.yml:40'],
  }),
  variable('APPLE_ID', 'proven', { required: 'notarization', hidden: true }),
  variable('APPLE_TEAM_ID', 'proven', { required: 'notarization', masked: false }),
  variable('APPLE_NOTARIZE_PASSWORD', 'valid', { required: 'notarization', raw: true }),
  variable('ATTIC_TOKEN', 'reachable', {
    required: 'attic',
    owner: { kind: 'group', path: 'tinyland' },
    usableOn: ['main', 'feature', 'v*'],
    protected: false,
  }),
  variable('DEPLOY_ENV', 'present', { scope: 'production', masked: false, usableOn: [] }),
];

export const signingRows: readonly SigningRow[] = [
  ['credential', 'Developer ID Application', 'valid', 'expires 2027-03-01, Team 4Z8N5XQ2LK, key matches'],
  ['credential', 'Developer ID Installer', 'absent', 'APPLE_DEVELOPER_ID_INSTALLER is not set'],
  ['credential', 'Notarization key', 'present', 'has the shape of an App Store Connect key'],
  [
    'job',
    'sign:macos on main',
    'absent',
    'failed 3d ago: security: SecKeychainItemImport: MAC verification failed',
  ],
  ['job', 'notarize:macos on main', 'unknown', 'has never run'],
].map(([kind = '', title = '', rung = '', saw = '']) => ({
  kind: kind as SigningRow['kind'],
  id: `signing/${title}`,
  title,
  rung: rung as Rung,
  evidence: [seen(saw, 'GET /projects/1/jobs/4711/trace', 5)],
  findings: [],
}));

export const findings: readonly Finding[] = [
  {
    id: 'ci/attic-key',
    rule: 'nix/substituter-disabled',
    severity: 'error',
    title: 'The Attic public key is in a comment: nothing is ever taken from the cache',
    where: { file: 'flake.nix', line: 14, column: 9 },
    saw: '# "main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw="',
    why: 'Every pipeline builds all of it again: 25 to 30 minutes instead of 2 to 5.',
    fix: { task: 'attic-public-key' },
  },
  {
    id: 'variables/password',
    rule: 'signing/password',
    severity: 'error',
    title: 'APPLE_CERTIFICATE_PASSWORD does not open APPLE_CERTIFICATE_BASE64',
    where: {
      object: 'variable APPLE_CERTIFICATE_PASSWORD',
      url: 'https://gitlab.com/tinyland/ai/huskycat/-/settings/ci_cd',
    },
    saw: 'Mac verify error: invalid password?',
    why: 'No macOS build can be signed.',
    fix: {
      text: 'Export the certificate again, with a password of letters and digits, and set both variables.',
    },
  },
  {
    id: 'ci/layers',
    rule: 'container/no-layer-cache',
    severity: 'warning',
    title: 'container:build takes no layers from a cache',
    where: { file: '.gitlab/ci/container.yml', line: 18 },
    saw: 'docker build . without --cache-from',
    why: 'Each build starts from nothing.',
    fix: { command: 'docker buildx build --cache-from type=registry,ref=$CI_REGISTRY_IMAGE/cache .' },
  },
];

const jobStates: readonly PipelineStatus[] = [
  'success',
  'success',
  'failed',
  'running',
  'pending',
  'manual',
  'created',
];

export function pipelineJobs(count: number): PipelineJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: 4_000 + index,
    name: `${['lint', 'test', 'build', 'container', 'sign'][index % 5]}:${index}`,
    stage: ['validate', 'test', 'build', 'package', 'release'][Math.floor((index * 5) / count)] ?? 'test',
    kind: 'build',
    status: jobStates[index % jobStates.length] ?? 'created',
    allowFailure: index % 11 === 2,
    createdAt: new Date(noon - 600_000).toISOString(),
    ...(index % 7 < 4
      ? { startedAt: new Date(noon - 300_000).toISOString(), duration: 20 + (index % 90) }
      : {}),
    webUrl: `https://gitlab.com/tinyland/ai/huskycat/-/jobs/${4_000 + index}`,
    tags: [],
    artifacts: [],
  }));
}

/** A world in which something of everything is to be seen. */
export function rich(jobs = 23): Snapshot {
  const summary = {
    id: 2_191,
    iid: 191,
    status: 'running' as const,
    ref: 'main',
    sha: '3cbb1a2f00d1',
    source: 'push',
    createdAt: new Date(noon - 600_000).toISOString(),
    webUrl: 'https://gitlab.com/tinyland/ai/huskycat/-/pipelines/2191',
  };
  return {
    ...empty,
    checkout: fresh({ root: '/home/dev/huskycat', branch: 'main', commit: '3cbb1a2f00d1', dirty: true }),
    project: fresh({
      id: 1,
      path: 'tinyland/ai/huskycat',
      webUrl: 'https://gitlab.com/tinyland/ai/huskycat',
      archived: false,
    }),
    token: fresh({ kind: 'personal', scopes: ['api'] }),
    variables: fresh({ variables: [], unreadable: [] }),
    protections: fresh({ branches: ['main'], tags: ['v*'] }),
    runners: fresh({ runners: [] }),
    pipelines: fresh([summary]),
    pipeline: fresh({ pipeline: { ...summary, tag: false }, jobs: pipelineJobs(jobs) }),
    signingJobs: fresh([]),
    attic: {
      state: 'stale',
      fetchedAt: noon - 4 * 60_000,
      value: { url: 'https://nix-cache.example/main', cache: 'main', info: failed, config: failed },
      failure: failed.failure,
    },
    bazelRemote: { state: 'off', off: 'set bazelRemote in the profile, or pass --bazel-remote URL' },
    honey: {
      state: 'failed',
      failure: {
        kind: 'unavailable',
        tried: 'connect to root@100.77.196.50:22',
        saw: 'connection timed out',
        next: ['Check that Tailscale is up: tailscale status'],
        code: 'timeout',
      },
    },
    tools: fresh([]),
    rateLimit: { limit: 2_000, remaining: 1_912 },
    findings,
    caches: cacheRows,
    variableRows,
    signing: signingRows,
    tasks: taskRows,
  };
}

const failed = {
  failure: {
    kind: 'unavailable',
    tried: 'GET https://nix-cache.example/main/nix-cache-info',
    saw: 'no answer within 15 s',
    next: ['Check the VPN to the cache, then press r.'],
    code: 'timeout',
  },
} as const;
