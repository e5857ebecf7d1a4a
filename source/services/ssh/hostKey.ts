import { type Failure, isAbort, NeedsUser, Refused } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import type { Gate } from '../gate.ts';
import type { Target } from './configuration.ts';
import { findKnownKeys, type HostKey, judge, type KnownKey, type Verdict } from './knownHosts.ts';
import { knownHostsLine, saveHostKey } from './saveHostKey.ts';
import type { HostKeyAnswer, Notice, UnknownHostKey } from './types.ts';

/** What known_hosts has for a target, looked up before connecting. */
export interface KnownHost {
  /** Host key algorithms, those of known keys first: so a known ed25519 is not judged by an unknown rsa (as OpenSSH's order_hostkeyalgs). */
  algorithms(supported: readonly string[]): readonly string[];
  judge(shown: HostKey): Verdict;
  /** A `@cert-authority` line that stands for the host, where no plain key does. */
  readonly authority?: KnownKey;
}

export async function findKnownHost(target: Target, signal?: AbortSignal): Promise<KnownHost> {
  const files = [...target.userKnownHosts, ...target.globalKnownHosts];
  const entries = await findKnownKeys(target.knownAs, files, signal);
  const anyPort =
    target.knownWithoutPort === undefined ? [] : await findKnownKeys(target.knownWithoutPort, files, signal);
  const authority = entries.find(({ marker }) => marker === 'authority');
  const types = new Set(entries.filter(({ marker }) => marker === 'none').map(({ type }) => type));
  return {
    algorithms(supported) {
      const wanted = target.hostKeyAlgorithms;
      const usable = wanted.length === 0 ? supported : wanted.filter((name) => supported.includes(name));
      const isKnown = (name: string): boolean => types.has(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
      return [...usable.filter(isKnown), ...usable.filter((name) => !isKnown(name))];
    },
    judge(shown) {
      const verdict = judge(shown, entries);
      if (verdict.state !== 'unknown') return verdict;
      const elsewhere = judge(shown, anyPort);
      return elsewhere.state === 'known' || elsewhere.state === 'revoked' ? elsewhere : verdict;
    },
    ...(authority && types.size === 0 ? { authority } : {}),
  };
}

/** The refusal of a key that must not be trusted, whatever anyone says. */
export function refusedKey(target: Target, shown: HostKey, verdict: Verdict): Refused | undefined {
  if (verdict.state === 'known' || verdict.state === 'unknown') return undefined;
  const place = `${plain(verdict.by.file, 300)}, line ${verdict.by.line}`;
  const key = `${shown.type} ${shown.fingerprint}`;
  const tried = `check the host key of ${target.knownAs}`;
  if (verdict.state === 'revoked')
    return new Refused({
      tried,
      saw: `the host shows ${key}, which is revoked (${place})`,
      next: [
        'Do not connect. Ask who runs the host for its new key, then replace the old one in known_hosts.',
      ],
      code: 'host-key-revoked',
    });
  return new Refused({
    tried,
    saw: `the host shows ${key}, but another ${shown.type} key is known for it (${place}): it was reinstalled, or someone is in between`,
    next: [
      'Ask who runs the host whether its key changed, and compare the fingerprint.',
      `Only when it did: ${plain(shellQuote(['ssh-keygen', '-R', target.knownAs, '-f', verdict.by.file]), 600)}`,
    ],
    code: 'host-key-changed',
  });
}

export interface DecideOptions {
  readonly gate: Gate;
  readonly ask: ((key: UnknownHostKey, signal?: AbortSignal) => Promise<HostKeyAnswer>) | undefined;
  readonly onNotice: (notice: Notice) => void;
  readonly signal?: AbortSignal;
}

/** Has the user decide about an unknown key. Returns when it may be trusted in this run; throws when it may not. */
export async function decideUnknown(
  target: Target,
  known: KnownHost,
  shown: HostKey,
  others: readonly KnownKey[],
  { gate, ask, onNotice, signal }: DecideOptions,
): Promise<void> {
  const file = target.userKnownHosts[0] ?? '';
  const line = knownHostsLine(target, shown);
  const otherTypes = [...new Set(others.map(({ type }) => plain(type, 60)))];
  const key = {
    host: target.knownAs,
    type: shown.type,
    fingerprint: shown.fingerprint,
    file,
    line,
    otherTypes,
  };
  if (known.authority) throw onlyAuthority(target, known.authority);
  if (target.strict || !ask) throw notKnown(target, key);
  const answer = await ask(key, signal);
  if (answer === 'refuse')
    throw new Refused({
      tried: `check the host key of ${key.host}`,
      saw: `${key.type} ${key.fingerprint} was not accepted`,
      next: ['Connect again to be asked again.'],
      code: 'host-key-refused',
    });
  if (answer === 'save') await save(key, { gate, onNotice, ...(signal ? { signal } : {}) });
}

/** A key that the user trusts but that cannot be saved, as when the program is read-only, is still trusted this once. */
async function save(
  key: UnknownHostKey,
  { gate, onNotice, signal }: Pick<DecideOptions, 'gate' | 'onNotice' | 'signal'>,
): Promise<void> {
  const notSaved = (why: string): void =>
    onNotice({
      kind: 'warning',
      text: `The host key of ${key.host} is trusted now but was not saved: ${why}`,
    });
  if (key.file === '') return notSaved('the configuration names no known_hosts file');
  try {
    await gate.perform(saveHostKey(key), signal);
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    notSaved(plain(thrown instanceof Error ? thrown.message : String(thrown), 300));
  }
}

function notKnown(target: Target, key: UnknownHostKey): Failure {
  const others =
    key.otherTypes.length > 0 ? ` (known for it are keys of type ${key.otherTypes.join(', ')})` : '';
  const strict = target.strict ? ', and StrictHostKeyChecking is yes' : '';
  return new NeedsUser({
    tried: `check the host key of ${key.host}`,
    saw: `the host shows ${key.type} ${key.fingerprint}, which known_hosts does not have${others}${strict}`,
    next: [
      'Compare the fingerprint with what the host itself says: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      `To accept it, connect once by hand: ${target.byHand}`,
    ],
    code: 'unknown-host-key',
  });
}

function onlyAuthority(target: Target, { file, line }: KnownKey): Failure {
  return new NeedsUser({
    tried: `check the host key of ${target.knownAs}`,
    saw: `known_hosts trusts it by a certificate authority alone (${plain(file, 300)}, line ${line}), and host certificates are not supported here`,
    next: [
      `Add the host's plain key to known_hosts as well, after comparing it: ssh-keyscan -p ${target.port} ${target.hostName}`,
    ],
    code: 'host-certificate',
  });
}
