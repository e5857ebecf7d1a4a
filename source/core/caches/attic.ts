import type { Datum } from '../datum.ts';
import { partValue } from '../datum.ts';
import type { Evidence, Finding, Rung, Where } from '../evidence.ts';
import type { NixClaim, NixClaims, NixKeyClaim } from '../nix/claims.ts';
import { atticDrift, type NixDrift } from '../nix/drift.ts';
import type { AtticNote, AtticState } from './model.ts';
import type { CacheRow } from './row.ts';
import { part, type Seen, seenAt } from './seen.ts';

const id = 'cache/attic';

/** The Attic cache: what the files say of it, what it answers, and where the two differ. */
export function atticCache(claims: NixClaims | undefined, datum: Datum<AtticState>, seen: Seen): CacheFacts {
  const state = datum.value;
  const config = partValue(state?.config);
  const drift =
    claims && config?.publicKey !== undefined
      ? atticDrift(claims, config.publicKey, state?.url).filter(isWorthSaying)
      : [];
  const findings = [
    ...driftFindings(drift),
    ...keyFindings(claims, config !== undefined),
    ...serverFindings(state),
  ];
  const row: CacheRow = {
    id,
    kind: 'attic',
    name: 'Attic',
    rung: rungOf(claims, state, drift),
    drift: drift.map(({ text }) => text),
    evidence: [...fileEvidence(claims, seen), ...serverEvidence(datum, seen)],
    findings: findings.map((finding) => finding.id),
    ...(state ? { url: state.url } : {}),
    ...(state?.latency === undefined ? {} : { latency: state.latency }),
    ...(config?.publicKey === undefined ? {} : { publicKey: config.publicKey }),
  };
  return { row, findings };
}

/** A cache's line and what is wrong with it. */
export interface CacheFacts {
  readonly row: CacheRow;
  readonly findings: readonly Finding[];
}

/** Substituters in force that are not the public cache of nixos.org. */
export function ownSubstituters({ substituters }: NixClaims): NixClaim[] {
  return substituters.filter(({ state, value }) => state === 'active' && !value.includes('cache.nixos.org'));
}

/** Keys in force that are not the public cache's. */
export function ownKeys({ keys }: NixClaims): NixKeyClaim[] {
  return keys.filter(({ state, key }) => state === 'active' && !key?.name.startsWith('cache.nixos.org'));
}

/** A key that is commented out need not be one yet: that it is not in force is said once. */
function isWorthSaying({ code, claim }: NixDrift): boolean {
  return code !== 'key-invalid' || claim?.state === 'active';
}

function rungOf(
  claims: NixClaims | undefined,
  state: AtticState | undefined,
  drift: readonly NixDrift[],
): Rung {
  if (!claims) return 'unknown';
  if (ownSubstituters(claims).length === 0) return 'absent';
  const keys = ownKeys(claims);
  const isValid =
    keys.length > 0 &&
    keys.every(({ problem }) => problem === undefined) &&
    new Set(keys.map(({ value }) => value)).size === 1 &&
    !drift.some(({ code }) => code === 'key-differs' || code === 'key-not-pinned');
  if (!isValid) return 'present';
  if (partValue(state?.info)?.storeDir !== '/nix/store') return 'valid';
  const narinfo = partValue(state?.narinfo);
  return narinfo?.verified === true ? 'proven' : 'reachable';
}

function fileEvidence(claims: NixClaims | undefined, { files: at, now }: Seen): Evidence[] {
  if (!claims) return [];
  const [substituter] = ownSubstituters(claims);
  const [key] = ownKeys(claims);
  const commented = claims.keys.find(({ state }) => state === 'commented');
  const saw = !substituter
    ? 'no substituter in force'
    : `substituter ${substituter.value} at ${substituter.file}:${substituter.line}; ${
        key
          ? `key ${key.value} at ${key.file}:${key.line}`
          : commented
            ? `its key is commented out at ${commented.file}:${commented.line}`
            : 'no key for it'
      }`;
  return [{ at: at ?? now, source: 'files of the checkout', saw }];
}

function serverEvidence(datum: Datum<AtticState>, { now }: Seen): Evidence[] {
  const state = datum.value;
  if (!state) return datum.failure ? [{ at: now, source: datum.failure.tried, saw: datum.failure.saw }] : [];
  const at = seenAt(datum, now);
  return [
    // A narinfo that is missing proves nothing about the cache.
    ...part(
      partValue(state.narinfo) && state.narinfo,
      at,
      'a narinfo of this cache',
      ({ storePath, keyName, verified }) =>
        verified
          ? `${storePath} is signed by ${keyName}`
          : `the signature of ${storePath} is not by ${keyName}`,
    ),
    ...part(
      state.info,
      at,
      `GET ${state.url}/nix-cache-info`,
      ({ storeDir, priority }) => `StoreDir ${storeDir}, priority ${priority}`,
    ),
    ...part(
      state.config,
      at,
      `cache-config of ${state.cache}`,
      ({ publicKey, isPublic }) => `${isPublic ? 'public' : 'private'}, key ${publicKey ?? 'not given'}`,
    ),
    ...part(state.push, at, 'get-missing-paths with the token', (push) => `push ${push}`),
  ];
}

function driftFindings(drift: readonly NixDrift[]): Finding[] {
  const severe = new Set(['key-differs', 'key-invalid']);
  const told = new Set(['key-differs', 'key-invalid', 'mention-differs', 'address-differs']);
  return drift
    .filter(({ code }) => told.has(code))
    .map(({ code, text, claim }) => ({
      id: `attic-${code}:${claim ? `${claim.file}:${claim.line}` : ''}`,
      rule: `attic-${code}`,
      severity: severe.has(code) ? 'error' : 'warning',
      title: text,
      where: whereOf(claim),
      saw: claim?.value ?? 'nothing',
      why: 'Nix takes nothing from a cache whose signatures it does not trust: it builds everything itself, and stays green.',
      fix: { task: 'attic-public-key' },
    }));
}

function keyFindings(claims: NixClaims | undefined, hasServerKey: boolean): Finding[] {
  if (!claims) return [];
  const [substituter] = ownSubstituters(claims);
  if (!substituter || ownKeys(claims).length > 0) return [];
  return [
    {
      id: 'attic-key-missing',
      rule: 'attic-key-missing',
      severity: 'warning',
      title: 'The Attic cache is configured, but its key is not trusted',
      where: whereOf(claims.keys.find(({ state }) => state === 'commented') ?? substituter),
      saw: `${substituter.value} is a substituter, no key of it is in force`,
      why: `Nix skips every path of the cache with a warning and builds it instead.${hasServerKey ? ' The server gives its key to whoever asks.' : ''}`,
      fix: { task: 'attic-public-key' },
    },
  ];
}

function serverFindings(state: AtticState | undefined): Finding[] {
  if (!state) return [];
  const findings: Finding[] = [];
  const add = (rule: string, rest: Pick<Finding, 'severity' | 'title' | 'saw' | 'why' | 'fix'>): void => {
    findings.push({
      id: rule,
      rule,
      where: { object: `Attic cache ${state.cache}`, url: state.url },
      ...rest,
    });
  };
  for (const { code, text } of state.notes ?? []) {
    if (code === 'token-in-clear' && isLoopback(state.url)) continue;
    add(`attic-${code}`, { severity: 'warning', title: text, saw: text, ...advice[code] });
  }
  if (state.token?.expired)
    add('attic-token-expired', {
      severity: 'error',
      title: 'ATTIC_TOKEN has expired',
      saw: `expired ${state.token.expiresAt ?? ''}`.trim(),
      why: 'Attic ignores an expired token in silence: a public cache still reads, and every push fails.',
      fix: {
        text: 'Make a new token (atticadm make-token) and set ATTIC_TOKEN in the group’s CI/CD variables.',
      },
    });
  else if (partValue(state.push) === 'refused')
    add('attic-push-refused', {
      severity: 'warning',
      title: 'The token may not push to the Attic cache',
      saw: 'get-missing-paths was refused',
      why: 'Jobs read from the cache, and what they build never gets there.',
      fix: { text: `Make a token with the rights pull and push on ${state.cache}.` },
    });
  return findings;
}

/** Why a note of the service matters, and what to do. */
const advice: Readonly<Record<AtticNote['code'], Pick<Finding, 'why' | 'fix'>>> = {
  'token-dropped': {
    why: 'Attic ignores a token that it does not accept, and answers as if there were none: reads look fine, pushes fail.',
    fix: { text: 'Make a new token for this server and set ATTIC_TOKEN.' },
  },
  'token-rights': {
    why: 'The job that pushes fails on its first request.',
    fix: { text: 'Make a token with the rights pull and push.' },
  },
  'token-in-clear': {
    why: 'Whoever sees the traffic can push to the cache, and what is pushed is trusted by every build.',
    fix: { text: 'Serve the cache over https, and use that address.' },
  },
  'api-endpoint': {
    why: 'The token leaves for another address than the one that was checked.',
    fix: { text: 'Set api-endpoint in the server’s configuration.' },
  },
  'substituter-endpoint': {
    why: 'What attic use writes into nix.conf is not the address that is watched here.',
    fix: { text: 'Set substituter-endpoint or api-endpoint in the server’s configuration.' },
  },
  'store-dir': {
    why: 'Nix takes nothing from a cache for another store.',
    fix: { text: 'Create the cache with the store directory /nix/store.' },
  },
  redirected: {
    why: 'A token is not sent to where a redirect leads, so a private cache answers as to a stranger.',
    fix: { text: 'Use the address that the redirect leads to.' },
  },
};

function isLoopback(url: string): boolean {
  return /^(?:127\.|localhost$|\[?::1\]?$)/.test(new URL(url).hostname);
}

function whereOf(claim: NixClaim | undefined): Where {
  return claim ? { file: claim.file, line: claim.line, column: claim.column } : { object: 'the checkout' };
}
