import type { ImageBuild } from '../container/builds.ts';
import type { Evidence, Finding } from '../evidence.ts';
import type { CacheFacts } from './attic.ts';
import type { Seen } from './seen.ts';

/**
 * Layers of container images between pipelines: present when a build reads and writes a cache, valid when all do, and each
 * reads what one of them writes.
 */
export function layerCache(builds: readonly ImageBuild[] | undefined, { now, files }: Seen): CacheFacts {
  const cached = (builds ?? []).filter(
    ({ cacheFrom, cacheTo }) => cacheFrom.length > 0 && cacheTo.length > 0,
  );
  const without = (builds ?? []).filter((build) => !cached.includes(build));
  const written = new Set(cached.flatMap(({ cacheTo }) => cacheTo.map(repositoryOf)));
  const unwritten = cached.filter(
    ({ cacheFrom }) => !cacheFrom.some((ref) => written.has(repositoryOf(ref))),
  );
  const findings = without.map(
    ({ job, tool, at, cacheFrom, cacheTo }): Finding => ({
      id: `image-without-layer-cache:${job}:${at.file}:${at.line}`,
      rule: 'image-without-layer-cache',
      severity: 'info',
      title: `${job} builds every layer of its image anew`,
      where: at,
      saw: `${tool} ${cacheFrom.length === 0 ? 'reads no cache' : 'reads a cache'} and ${cacheTo.length === 0 ? 'writes none' : 'writes one'}`,
      why: 'A runner that has not built the image before starts from nothing, in each pipeline.',
      fix: { task: 'container-layers' },
    }),
  );
  const evidence: Evidence[] = builds
    ? [
        {
          at: files ?? now,
          source: 'CI configuration of the checkout',
          saw: `${sawOf(builds, cached)}${unwritten.map(({ job }) => `; no build writes what ${job} reads`).join('')}`,
        },
      ]
    : [];
  return {
    row: {
      id: 'cache/container-layers',
      kind: 'container-layers',
      name: 'Container layers',
      rung: !builds
        ? 'unknown'
        : cached.length === 0
          ? 'absent'
          : without.length > 0 || unwritten.length > 0
            ? 'present'
            : 'valid',
      drift: [],
      evidence,
      findings: findings.map(({ id }) => id),
    },
    findings,
  };
}

/** `type=registry,ref=a/b:tag,mode=max` is `a/b`. */
function repositoryOf(ref: string): string {
  const named = /(?:^|,)(?:ref|name|dest|src)=([^,]+)/.exec(ref)?.[1] ?? ref;
  return named.replace(/:[^:/]*$/, '');
}

function sawOf(builds: readonly ImageBuild[], cached: readonly ImageBuild[]): string {
  if (builds.length === 0) return 'no job builds an image';
  const [first] = cached;
  const jobs = [...new Set(builds.map(({ job, tool }) => `${job} (${tool})`))].join(', ');
  return first ? `${jobs}; layers from ${first.cacheFrom[0]}` : `${jobs}; no layer cache`;
}
