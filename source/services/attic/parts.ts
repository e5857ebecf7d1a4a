import * as z from 'zod';
import type { AtticConfig, AtticState } from '../../core/caches/model.ts';
import { Bug, type Failure, NeedsUser, Unavailable } from '../../core/failure.ts';
import { storeHash } from '../../core/nix/base32.ts';
import { parseCacheInfo } from '../../core/nix/cacheInfo.ts';
import { parseNarinfo } from '../../core/nix/narinfo.ts';
import { parsePublicKey, showKey } from '../../core/nix/publicKey.ts';
import { verifyNarinfo } from '../../core/nix/signature.ts';
import { plain } from '../../core/text/safe.ts';
import { parseJson } from '../http/answerText.ts';
import type { AtticAnswer } from './ask.ts';

type InfoValue = Extract<AtticState['info'], { value: unknown }>['value'];
type NarinfoValue = Extract<NonNullable<AtticState['narinfo']>, { value: unknown }>['value'];

export function readInfo({ text, saw }: AtticAnswer, tried: string): InfoValue {
  const info = parseCacheInfo(text);
  if (info) return info;
  throw new NeedsUser({
    tried,
    saw: `no nix-cache-info: ${saw}`,
    next: ['Check the address: another server answers there.'],
    code: 'not-attic',
  });
}

/** Every field is optional to a client (attic/src/api/v1/cache_config.rs). */
const configShape = z.object({
  public_key: z.string().nullish(),
  is_public: z.boolean().nullish(),
  substituter_endpoint: z.string().nullish(),
  api_endpoint: z.string().nullish(),
  store_dir: z.string().nullish(),
  priority: z.number().nullish(),
  upstream_cache_key_names: z.array(z.string()).nullish(),
  retention_period: z.union([z.literal('Global'), z.object({ Period: z.number() })]).nullish(),
});

export function readConfig({ text, saw }: AtticAnswer, tried: string): AtticConfig {
  const { success, data } = configShape.safeParse(parseJson(text));
  if (!success) throw unexpected(tried, `no configuration of a cache: ${saw}`);
  const retention = data.retention_period === 'Global' ? ('global' as const) : data.retention_period?.Period;
  return {
    isPublic: data.is_public === true,
    upstreamKeyNames: (data.upstream_cache_key_names ?? []).map((name) => plain(name, 100)),
    ...(data.public_key ? { publicKey: showKey(data.public_key) } : {}),
    ...(data.substituter_endpoint ? { substituterEndpoint: plain(data.substituter_endpoint, 300) } : {}),
    ...(data.api_endpoint ? { apiEndpoint: plain(data.api_endpoint, 300) } : {}),
    ...(data.store_dir ? { storeDir: plain(data.store_dir, 200) } : {}),
    ...(typeof data.priority === 'number' ? { priority: data.priority } : {}),
    ...(retention === undefined ? {} : { retention }),
  };
}

/** The 32 characters that a narinfo is asked by; Attic answers a malformed one with 500, as if it were broken itself. */
export function hashOf(storePath: string): string {
  const base = storePath.slice(storePath.lastIndexOf('/') + 1);
  const hash = base.slice(0, 32);
  if (storeHash.test(hash) && base.charAt(32) === '-') return hash;
  throw new NeedsUser({
    tried: 'read a narinfo',
    saw: `${plain(storePath, 200)} is no store path`,
    next: ['Give a path as nix path-info prints it.'],
    code: 'no-store-path',
  });
}

/** What a key, as it is written, says of the narinfo that the server gives. */
export function readNarinfo(
  { text, saw }: AtticAnswer,
  storePath: string,
  written: string | undefined,
  tried: string,
): NarinfoValue {
  const parsed = parseNarinfo(text);
  if ('problem' in parsed) throw unexpected(tried, `${parsed.problem}: ${saw}`);
  const { narinfo } = parsed;
  const key = written === undefined ? undefined : parsePublicKey(written);
  if (key === undefined || 'problem' in key)
    throw new Unavailable({
      tried,
      saw: `there is no key to check it with${key ? `: ${key.problem}` : ''}`,
      next: ['Mend what keeps the configuration of the cache from being read.'],
      code: 'no-key',
    });
  const keyName = key.key.name;
  if (narinfo.storePath !== storePath)
    return {
      storePath,
      keyName,
      verified: false,
      because: `it is of another path: ${plain(narinfo.storePath, 200)}`,
    };
  return { storePath, keyName, ...verifyNarinfo(narinfo, key.key) };
}

const missingShape = z.object({ missing_paths: z.array(z.string()) });

/** 200 with a list means that the server grants push. */
export function readGranted({ text, saw }: AtticAnswer, tried: string): 'granted' {
  if (missingShape.safeParse(parseJson(text)).success) return 'granted';
  throw unexpected(tried, `no list of missing paths: ${saw}`);
}

/** Attic's own no is an answer too; that of a proxy is none. */
export function isRefusal({ code }: Failure): boolean {
  return code === 'token-not-accepted' || code === 'no-right';
}

function unexpected(tried: string, saw: string): Bug {
  return new Bug({
    tried,
    saw,
    next: ['Check the address; report this if it is an Attic server.'],
    code: 'unexpected-shape',
  });
}
