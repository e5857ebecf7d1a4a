import { parseDocument } from 'yaml';
import { NeedsUser } from '../../core/failure.ts';
import { isBoundTo } from '../../core/git/server.ts';
import { Secret } from '../../core/secret.ts';
import type { Redactor } from '../../core/text/redact.ts';
import { plain } from '../../core/text/safe.ts';
import { readBytes } from '../files/read.ts';
import type { GlabFile } from './glabFiles.ts';
import type { Keychain } from './keychain.ts';
import { tokenOf } from './tokenText.ts';

export interface GlabOptions {
  readonly files: readonly GlabFile[];
  readonly server: string;
  readonly keychain: Keychain | { readonly off: string };
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The token that glab has for a server; read, never refreshed: GitLab takes back a refreshed token, and glab would be signed
 * out. Gives the reason when there is none. Throws `NeedsUser` with code `glab-expired` for an OAuth token past its time.
 */
export async function glabToken(
  options: GlabOptions,
): Promise<{ readonly token: Secret } | { readonly why: string }> {
  const { files, server, redactor } = options;
  const broken: string[] = [];
  let isThere = false;
  for (const { path, ofRepository } of files) {
    const text = textOf(path, broken);
    if (text === undefined) continue;
    isThere = true;
    const hosts = hostsOf(text);
    if (!hosts) broken.push(`${plain(path)} is not what glab writes`);
    for (const [name, entry] of hosts ?? []) {
      // Known before anything else is said about the file.
      for (const key of ['token', 'job_token', 'oauth2_refresh_token']) redactor.add(entry(key));
      if (!isFor(name, entry, server)) continue;
      const token = entry('token').trim();
      if (token !== '') return { token: fresh(token, entry, path, options) };
      const kept = await fromKeychain(name, options);
      if (kept) return { token: kept };
    }
    if (!ofRepository) break;
  }
  if (broken.length > 0) return { why: broken.join('; ') };
  return {
    why: isThere ? `glab is not signed in to ${plain(new URL(server).host)}` : 'glab has no configuration',
  };
}

/** A value of a host, as text; empty when it is absent. */
type HostEntry = (key: string) => string;

function textOf(file: string, broken: string[]): string | undefined {
  try {
    return readBytes(file)?.toString('utf8');
  } catch {
    broken.push(`${plain(file)} cannot be read`);
    return undefined;
  }
}

/**
 * glab writes `token: !!null glpat-…` when it fills an empty value, and anchors between hosts: the parser gives the text
 * of the first with a warning that is not for our users, and resolves the second.
 */
function hostsOf(text: string): readonly (readonly [string, HostEntry])[] | undefined {
  try {
    const document = parseDocument(text, { logLevel: 'error', uniqueKeys: false });
    if (document.errors.length > 0) return undefined;
    const root: unknown = document.toJS({ maxAliasCount: 100, mapAsMap: true });
    const hosts = root instanceof Map ? root.get('hosts') : undefined;
    if (!(hosts instanceof Map)) return [];
    return [...hosts].flatMap(([name, entry]: [unknown, unknown]) =>
      entry instanceof Map ? [[String(name), (key: string) => textValue(entry.get(key))] as const] : [],
    );
  } catch {
    return undefined;
  }
}

function textValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** `api_host` may name another host, a port and a sub-path; https unless `api_protocol` says otherwise. */
function isFor(name: string, entry: HostEntry, server: string): boolean {
  const scheme = entry('api_protocol') === 'http' ? 'http://' : 'https://';
  return [name, entry('api_host')].some((host) => host !== '' && isBoundTo(scheme + host, server));
}

function fresh(token: string, entry: HostEntry, file: string, { now }: GlabOptions): Secret {
  const tried = `use glab's token (${plain(file)})`;
  const expiry = entry('is_oauth2') === 'true' ? expiryOf(entry('oauth2_expiry_date')) : undefined;
  if (expiry !== undefined && expiry <= now)
    throw new NeedsUser({
      tried,
      saw: `it has expired at ${new Date(expiry).toISOString()}`,
      next: ['Run any glab command, for example: glab auth status. It gets a new one.'],
      code: 'glab-expired',
    });
  return new Secret(tokenOf(token, tried));
}

/** RFC 822, `24 Nov 26 21:00 CET`. The name of a zone that nobody else knows is taken for the latest there is, so that no token is refused early. */
function expiryOf(text: string): number | undefined {
  const known = Date.parse(text);
  if (!Number.isNaN(known)) return known;
  const utc = Date.parse(text.replace(/\s+[A-Z]{2,5}$/, ' UTC'));
  return Number.isNaN(utc) ? undefined : utc + 12 * 60 * 60 * 1000;
}

/** `glab auth login --use-keyring` leaves the token empty and keeps it under a service of its own. */
async function fromKeychain(host: string, { keychain, signal }: GlabOptions): Promise<Secret | undefined> {
  return 'off' in keychain ? undefined : await keychain.get(`glab:${host}`, '', signal);
}
