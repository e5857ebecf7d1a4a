import { ownKeys } from '../../core/caches/attic.ts';
import type { AtticState } from '../../core/caches/model.ts';
import { partValue } from '../../core/datum.ts';
import type { Evidence, Rung } from '../../core/evidence.ts';
import type { Probe, Verifying } from '../task.ts';
import { atticWith } from './access.ts';
import { lookWith } from './check.ts';
import { copiedFrom } from './ciLog.ts';
import { nixVerdict } from './nixVerdict.ts';
import { probe } from './probe.ts';
import { storePaths } from './storePaths.ts';

/** Looks whether the key in the files is the cache's: a signature, what nix says of it, and what a job took from the cache. */
export async function verify(planning: Verifying): Promise<Probe> {
  const { known, workspace, signal } = planning;
  const seen = probe(known);
  const [key] = known.facts ? ownKeys(known.facts.nix) : [];
  const token = planning.settings?.token;
  // Without the token that was chosen the look from outside ends at the files.
  const least: readonly Rung[] =
    token === 'gitlab' ? ['valid', 'reachable', 'proven'] : ['reachable', 'proven'];
  if (!key || !least.includes(seen.rung)) return seen;
  const service = await atticWith(workspace, token, signal);
  if (!service) return seen;
  const state = await lookWith(
    service,
    key.value,
    await storePaths(planning, planning.settings?.['store-path']),
    signal,
  );
  if ('failure' in state.config && token === 'gitlab') return seen;
  const at = new Date(workspace.now()).toISOString();
  const signature = signatureEvidence(state, key.value, at);
  const path = partValue(state.narinfo)?.verified ? partValue(state.narinfo)?.storePath : undefined;
  const isPublic = partValue(state.config)?.isPublic === true;
  const nix =
    path === undefined || !isPublic
      ? undefined
      : await nixVerdict(planning, { url: service.url, key: key.value, path });
  const copied = await copiedFrom(workspace.gitlab, service.url, signal);
  return {
    rung: rungOf(state, nix, copied !== undefined),
    evidence: [
      ...(copied ? [copied] : []),
      ...(nix ? [{ at, source: 'nix store verify with a fresh HOME', saw: nix.saw }] : []),
      ...signature,
      ...pushEvidence(state, at),
      ...seen.evidence,
    ],
    findings: seen.findings,
  };
}

function rungOf(
  { narinfo }: AtticState,
  nix: { readonly isTrusted: boolean } | undefined,
  isCopied: boolean,
): Rung {
  const signature = partValue(narinfo);
  if (signature?.verified === false || nix?.isTrusted === false) return 'present';
  return signature?.verified === true || isCopied ? 'proven' : 'reachable';
}

function signatureEvidence({ narinfo, cache }: AtticState, key: string, at: string): Evidence[] {
  const source = `a narinfo of ${cache}, with the key in the files`;
  const value = partValue(narinfo);
  if (value) {
    const saw = value.verified
      ? `${value.storePath} is signed by ${key}`
      : `${value.storePath}: ${value.because ?? 'not signed by it'}`;
    return [{ at, source, saw }];
  }
  return [{ at, source, saw: 'obtained, unproven: the cache has no path that is known here' }];
}

function pushEvidence({ push }: AtticState, at: string): Evidence[] {
  const value = partValue(push);
  return value === undefined
    ? []
    : [{ at, source: 'get-missing-paths with ATTIC_TOKEN', saw: `push ${value}` }];
}
