import { type ClaimFile, createLocator } from '../claimFiles.ts';

interface Mention {
  readonly path: string;
  readonly kind: 'substituter' | 'key';
  readonly text: string;
  readonly at: { readonly line: number; readonly column: number };
}

/** 43 characters and `=` are the 32 bytes of an Ed25519 key. */
const keyShape = /(?<![\w.+:/-])([A-Za-z0-9][\w.+-]{0,60}):[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g;
const otherDigests = /^(?:sha\d+|md5|ed25519)$/i;
const address = /https?:\/\/[^\s"'`<>()[\]{},;|\\]+/g;

/** Where an Attic server is named outside of Nix's settings: a login, or a variable. */
const serverNames =
  /\battic\s+login\s+(?:--\S{1,40}\s+){0,5}\S{1,80}\s+["']?(https?:\/\/[^\s"'`<>]+)|(?<![A-Z0-9_])[A-Z0-9_]{0,40}(?:ATTIC|NIX_CACHE|SUBSTITUTER)[A-Z0-9_]{0,40}["']?\s*[:=]\s*["']?(https?:\/\/[^\s"'`<>]+)/g;

/** Asked by everyone and owned by nobody here. */
const publicHosts = new Set(['cache.nixos.org', 'github.com', 'gitlab.com']);

/** Finds keys, and addresses of the hosts that settings, logins or variables name, wherever else they are written. */
export function scanMentions(
  texts: readonly (ClaimFile & { readonly text: string; readonly taken: ReadonlySet<number> })[],
  substituters: readonly { readonly value: string }[],
): Mention[] {
  const hosts = new Set(substituters.flatMap(({ value }) => hostOf(value)));
  for (const { text } of texts)
    for (const [, login, variable] of text.matchAll(serverNames))
      for (const host of hostOf(login ?? variable ?? '')) hosts.add(host);
  const mentions: Mention[] = [];
  for (const { path, text, taken } of texts) {
    const found = [
      ...[...text.matchAll(keyShape)]
        .filter(([, name = '']) => !otherDigests.test(name))
        .map((match) => ({ kind: 'key' as const, match })),
      ...(hosts.size === 0 || !text.includes('://') ? [] : [...text.matchAll(address)])
        .filter(([url]) => hostOf(url).some((host) => hosts.has(host)))
        .map((match) => ({ kind: 'substituter' as const, match })),
    ].filter(({ match }) => !taken.has(match.index));
    if (found.length === 0) continue;
    const locate = createLocator(text);
    for (const { kind, match } of found)
      mentions.push({ path, kind, text: match[0].replace(/[.:!?*_]+$/, ''), at: locate(match.index) });
  }
  return mentions;
}

function hostOf(url: string): string[] {
  if (!/^https?:/.test(url) || !URL.canParse(url)) return [];
  const { host } = new URL(url);
  return publicHosts.has(host) ? [] : [host];
}
