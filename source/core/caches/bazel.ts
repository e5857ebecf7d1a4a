import type { BazelClaim, BazelClaims } from '../bazel/claims.ts';
import type { HitRate } from '../bazel/metrics.ts';
import type { JobCache } from '../checkout/stores.ts';
import type { Datum } from '../datum.ts';
import { partValue } from '../datum.ts';
import type { Evidence, Finding, Rung, Where } from '../evidence.ts';
import { bytes, duration, percent } from '../text/format.ts';
import type { CacheFacts } from './attic.ts';
import type { BazelRemoteState } from './model.ts';
import { part, type Seen, seenAt } from './seen.ts';

/** Bazel's remote cache: what `.bazelrc` says of it, what answers, and whether anybody hits it. */
export function bazelRemoteCache(
  claims: BazelClaims | undefined,
  datum: Datum<BazelRemoteState>,
  hitRate: HitRate | null | undefined,
  seen: Seen,
): CacheFacts {
  const state = datum.value;
  const status = partValue(state?.status);
  const endpoints = endpointsOf(claims, true);
  const drift = driftOf(endpoints, state);
  const findings = [
    ...endpointFindings(endpoints, drift),
    ...timeoutFindings(claims),
    ...stateFindings(state),
  ];
  return {
    row: {
      id: 'cache/bazel-remote',
      kind: 'bazel-remote',
      name: 'bazel-remote',
      rung: rungOf(claims, endpoints, state, hitRate, drift),
      drift,
      evidence: [...claimEvidence(claims, endpoints, seen), ...serverEvidence(datum, hitRate, seen)],
      findings: findings.map(({ id }) => id),
      ...(state ? { url: state.grpc } : {}),
      ...(state?.latency === undefined ? {} : { latency: state.latency }),
      ...(status ? { used: status.used, limit: status.limit } : {}),
      ...(status?.version === undefined ? {} : { version: status.version }),
      ...(hitRate === undefined ? {} : { hitRate }),
    },
    findings,
  };
}

/** Bazel's disk cache: where it is, and whether the CI keeps that path. */
export function bazelDiskCache(
  claims: BazelClaims | undefined,
  caches: readonly JobCache[],
  { now, files }: Seen,
): CacheFacts {
  const disk = claims?.claims.find(
    ({ topic, flag, isActive }) => topic === 'disk-cache' && flag === 'disk_cache' && isActive,
  );
  const path = disk?.value;
  const kept =
    path === undefined ? undefined : caches.find(({ paths }) => paths.some((one) => sameFolder(one, path)));
  const saw = disk
    ? `${path ?? 'a disk cache'} at ${disk.file}:${disk.line}${kept ? `, kept between pipelines by ${kept.job}` : ', kept between pipelines by no job'}`
    : 'no --disk_cache in force';
  return {
    row: {
      id: 'cache/bazel-disk',
      kind: 'bazel-disk',
      name: 'Bazel disk cache',
      rung: !claims ? 'unknown' : !disk ? 'absent' : kept ? 'valid' : 'present',
      drift: [],
      evidence: claims ? [{ at: files ?? now, source: '.bazelrc and the CI configuration', saw }] : [],
      findings: [],
    },
    findings: [],
  };
}

function sameFolder(kept: string, wanted: string): boolean {
  const clean = (text: string): string =>
    text.replace(/^(?:\.\/|\$\{?CI_PROJECT_DIR\}?\/|%workspace%\/)/, '').replace(/\/+\**$/, '');
  return clean(wanted) === clean(kept) || clean(wanted).startsWith(`${clean(kept)}/`);
}

function endpointsOf(claims: BazelClaims | undefined, isActive: boolean): BazelClaim[] {
  return (claims?.claims ?? []).filter(
    (claim) => claim.topic === 'remote-cache' && claim.isActive === isActive && claim.value !== '',
  );
}

function driftOf(endpoints: readonly BazelClaim[], state: BazelRemoteState | undefined): string[] {
  if (!state) return [];
  return endpoints
    .filter(({ value }) => value !== undefined && !value.includes('$') && !isSameEndpoint(value, state))
    .map(({ file, line, value }) => `${file}:${line} names ${value}, looked at is ${state.grpc}`);
}

function isSameEndpoint(value: string, { grpc, http }: BazelRemoteState): boolean {
  const clean = (url: string): string => url.replace(/\/+$/, '');
  return [grpc, http].some((url) => clean(url) === clean(value));
}

function rungOf(
  claims: BazelClaims | undefined,
  endpoints: readonly BazelClaim[],
  state: BazelRemoteState | undefined,
  hitRate: HitRate | null | undefined,
  drift: readonly string[],
): Rung {
  if (!claims) return 'unknown';
  if (endpoints.length === 0) return 'absent';
  if (new Set(endpoints.map(({ value }) => value)).size > 1 || drift.length > 0) return 'present';
  const answers = partValue(state?.status) !== undefined && partValue(state?.health) === 'serving';
  if (!answers) return 'valid';
  return hitRate && hitRate.ratio > 0 ? 'proven' : 'reachable';
}

function claimEvidence(
  claims: BazelClaims | undefined,
  endpoints: readonly BazelClaim[],
  { now, files }: Seen,
): Evidence[] {
  if (!claims) return [];
  const [first] = endpoints;
  const [commented] = endpointsOf(claims, false);
  const saw = first
    ? `--remote_cache=${first.value ?? ''} at ${first.file}:${first.line}${first.isConditional ? ` for --config=${first.config}` : ''}`
    : commented
      ? `--remote_cache is commented out at ${commented.file}:${commented.line}`
      : 'no --remote_cache in any .bazelrc';
  return [{ at: files ?? now, source: '.bazelrc', saw }];
}

function serverEvidence(
  datum: Datum<BazelRemoteState>,
  hitRate: HitRate | null | undefined,
  { now }: Seen,
): Evidence[] {
  const state = datum.value;
  if (!state) return datum.failure ? [{ at: now, source: datum.failure.tried, saw: datum.failure.saw }] : [];
  const at = seenAt(datum, now);
  const rate: Evidence[] =
    hitRate === undefined
      ? []
      : [
          {
            at,
            source: 'two scrapes of /metrics',
            saw: hitRate
              ? `${percent(hitRate.ratio)} of ${hitRate.n} action-cache reads hit in ${duration(hitRate.window)}`
              : 'no action-cache reads in between',
          },
        ];
  return [
    ...part(
      state.status,
      at,
      `GET ${state.http}/status`,
      ({ used, limit, files, version }) =>
        `${bytes(used)} of ${bytes(limit)} in ${files} files${version === undefined ? '' : `, ${version}`}`,
    ),
    ...part(state.health, at, `gRPC health of ${state.grpc}`, (health) => health),
    ...part(
      state.capabilities,
      at,
      `gRPC Capabilities of ${state.grpc}`,
      ({ digestFunctions, apiVersions, compressors }) =>
        `${digestFunctions.join(', ')}; API ${apiVersions}${compressors.length > 0 ? `; ${compressors.join(', ')}` : ''}`,
    ),
    ...part(
      state.metrics,
      at,
      `GET ${state.http}/metrics`,
      ({ hits, misses }) => `${hits} hits and ${misses} misses since its start`,
    ),
    ...rate,
  ];
}

function endpointFindings(endpoints: readonly BazelClaim[], drift: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const [first, second] = [...new Map(endpoints.map((claim) => [claim.value, claim])).values()];
  if (first && second)
    findings.push({
      id: 'bazel-endpoint-drift',
      rule: 'bazel-endpoint-drift',
      severity: 'warning',
      title: 'Bazel’s remote cache has more than one address',
      where: whereOf(second),
      saw: `${first.value} at ${first.file}:${first.line}, ${second.value} at ${second.file}:${second.line}`,
      why: 'Builds that use different addresses share nothing.',
      fix: { task: 'bazel-remote' },
    });
  else if (first && drift.length > 0)
    findings.push({
      id: 'bazel-endpoint-other',
      rule: 'bazel-endpoint-other',
      severity: 'warning',
      title: '.bazelrc names another server than the one looked at',
      where: whereOf(first),
      saw: drift[0] ?? '',
      why: 'What is shown of the cache is not what builds use.',
      fix: { text: 'Give the server that builds use: --bazel-remote URL, or the profile.' },
    });
  return findings;
}

const longTimeout = 600;

function timeoutFindings(claims: BazelClaims | undefined): Finding[] {
  return (claims?.claims ?? [])
    .filter(
      ({ flag, isActive, value }) => flag === 'remote_timeout' && isActive && Number(value) > longTimeout,
    )
    .map((claim) => ({
      id: `bazel-remote-timeout:${claim.file}:${claim.line}`,
      rule: 'bazel-remote-timeout',
      severity: 'warning' as const,
      title: 'A stalled remote cache would hold a build for hours',
      where: whereOf(claim),
      saw: `--remote_timeout=${claim.value}`,
      why: 'The timeout holds for each call, and Bazel tries a call six times (--remote_retries is 5).',
      fix: { text: 'Leave --remote_timeout at its 60 seconds.' },
    }));
}

function stateFindings(state: BazelRemoteState | undefined): Finding[] {
  if (!state || !('value' in state.status) || !('failure' in state.health)) return [];
  return [
    {
      id: 'bazel-remote-grpc',
      rule: 'bazel-remote-grpc',
      severity: 'error',
      title: 'bazel-remote answers over HTTP, and not over gRPC',
      where: { object: 'bazel-remote', url: state.grpc },
      saw: state.health.failure.saw,
      why: '/status says nothing of the port that Bazel uses.',
      fix: { text: state.health.failure.next[0] ?? 'Look at the server’s log.' },
    },
  ];
}

function whereOf({ file, line, column }: BazelClaim): Where {
  return { file, line, column };
}
