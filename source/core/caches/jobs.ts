import type { JobArtifacts, JobCache } from '../checkout/stores.ts';
import type { Finding } from '../evidence.ts';
import { counted } from '../text/format.ts';
import type { CacheFacts } from './attic.ts';
import type { Seen } from './seen.ts';

interface Stores {
  readonly caches: readonly JobCache[];
  readonly artifacts: readonly JobArtifacts[];
  /** Findings of the configuration's checks. */
  readonly checks: readonly Finding[];
}

/** What jobs keep between pipelines (`cache:`) and within one (`artifacts:`), as far as the configuration says. */
export function jobStores(stores: Stores | undefined, { now, files }: Seen): CacheFacts[] {
  const at = files ?? now;
  const source = 'CI configuration of the checkout';
  const ofCaches = (stores?.checks ?? []).filter(({ rule }) => rule.startsWith('cache-')).map(({ id }) => id);
  const ofArtifacts = (stores?.checks ?? [])
    .filter(({ rule }) => rule.startsWith('artifact'))
    .map(({ id }) => id);
  const keys = new Set(stores?.caches.map(({ key }) => key));
  return [
    {
      row: {
        id: 'cache/jobs',
        kind: 'job-cache',
        name: 'Job caches',
        rung: rungOf(stores?.caches, ofCaches),
        drift: [],
        evidence: stores
          ? [
              {
                at,
                source,
                saw:
                  stores.caches.length === 0
                    ? 'no job has a cache'
                    : `${counted(keys.size, 'key')} in ${counted(new Set(stores.caches.map(({ job }) => job)).size, 'job')}: ${[...keys].slice(0, 4).join(' · ')}`,
              },
            ]
          : [],
        findings: ofCaches,
      },
      findings: [],
    },
    {
      row: {
        id: 'cache/artifacts',
        kind: 'artifacts',
        name: 'Artifacts',
        rung: rungOf(stores?.artifacts, ofArtifacts),
        drift: [],
        evidence: stores ? [{ at, source, saw: artifactsText(stores.artifacts) }] : [],
        findings: ofArtifacts,
      },
      findings: [],
    },
  ];
}

function rungOf(list: readonly unknown[] | undefined, findings: readonly string[]) {
  if (!list) return 'unknown';
  if (list.length === 0) return 'absent';
  return findings.length > 0 ? 'present' : 'valid';
}

function artifactsText(artifacts: readonly JobArtifacts[]): string {
  if (artifacts.length === 0) return 'no job keeps artifacts';
  const lifetimes = [...new Set(artifacts.map(({ expireIn }) => expireIn ?? 'the server’s default'))];
  return `${counted(artifacts.length, 'job')}; kept for ${lifetimes.join(', ')}`;
}
