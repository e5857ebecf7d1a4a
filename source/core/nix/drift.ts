import type { NixClaim, NixClaims, NixKeyClaim } from './claims.ts';

/** One way in which the files and a server differ, in one line that is safe to show. */
export interface NixDrift {
  readonly code:
    | 'key-differs'
    | 'key-invalid'
    | 'key-not-pinned'
    | 'key-commented-out'
    | 'key-unknown'
    | 'mention-differs'
    | 'address-differs'
    | 'address-not-set'
    | 'address-commented-out';
  readonly text: string;
  /** The claim that differs; absent when the files say nothing. */
  readonly claim?: NixClaim;
}

/**
 * What the files say of an Attic cache against its server: `serverKey` as the server gives it (`main:<base64>`), and where
 * it is known the cache's address. Keys are compared whole, since two servers may use one name.
 */
export function atticDrift(claims: NixClaims, serverKey: string, url?: string): NixDrift[] {
  return [...keyDrift(claims, serverKey), ...(url === undefined ? [] : addressDrift(claims, url))];
}

function keyDrift({ keys }: NixClaims, serverKey: string): NixDrift[] {
  const name = serverKey.slice(0, serverKey.indexOf(':'));
  const drift: NixDrift[] = [];
  for (const claim of keys) {
    if (claim.value === serverKey) continue;
    const where = place(claim);
    if (claim.key?.name === name) {
      const code = claim.state === 'mentioned' ? 'mention-differs' : 'key-differs';
      const verb = { active: 'pins', commented: 'has commented out', mentioned: 'names' }[claim.state];
      drift.push({
        code,
        claim,
        text: `${where} ${verb} ${claim.value}, the server signs with ${serverKey}`,
      });
    } else if (claim.problem !== undefined && claim.state !== 'mentioned')
      drift.push({
        code: 'key-invalid',
        claim,
        text: `${where}: ${claim.value} is no key: ${claim.problem}`,
      });
  }
  return [...pinning(keys, serverKey), ...drift];
}

function pinning(keys: readonly NixKeyClaim[], serverKey: string): NixDrift[] {
  const same = keys.filter(({ value }) => value === serverKey);
  if (same.some(({ state }) => state === 'active')) return [];
  const reference = keys.find(({ state, isReference }) => state === 'active' && isReference);
  if (reference)
    return [
      {
        code: 'key-unknown',
        claim: reference,
        text: `${place(reference)} takes a key from ${reference.value}, which the files do not tell`,
      },
    ];
  const commented = same.find(({ state }) => state === 'commented');
  return commented
    ? [
        {
          code: 'key-commented-out',
          claim: commented,
          text: `${place(commented)} has the server's key, commented out`,
        },
      ]
    : [{ code: 'key-not-pinned', text: `no file trusts the server's key ${serverKey}` }];
}

function addressDrift({ substituters }: NixClaims, url: string): NixDrift[] {
  const wanted = normalized(url);
  const settings = substituters.filter(
    ({ setting, state }) => setting !== undefined && state !== 'mentioned',
  );
  const same = settings.filter(({ value }) => normalized(value) === wanted);
  const drift = settings
    .filter(({ value }) => normalized(value) !== wanted && hostOf(value) === hostOf(url))
    .map((claim) => ({
      code: 'address-differs' as const,
      claim,
      text: `${place(claim)} names ${claim.value}, the cache answers at ${url}`,
    }));
  if (same.some(({ state }) => state === 'active')) return drift;
  const [commented] = same;
  const unset: NixDrift = commented
    ? {
        code: 'address-commented-out',
        claim: commented,
        text: `${place(commented)} has the cache's address, commented out`,
      }
    : { code: 'address-not-set', text: `no file names ${url} as a substituter` };
  return [unset, ...drift];
}

function place({ file, line }: NixClaim): string {
  return `${file}:${line}`;
}

/** Without a store's parameters (`?priority=10`), credentials and a slash at the end. */
function normalized(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host || undefined : undefined;
}
