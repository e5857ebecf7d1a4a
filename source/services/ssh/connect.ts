import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { type Failure, Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { openAgent } from './agent.ts';
import { createAuthentication } from './authentication.ts';
import type { Target } from './configuration.ts';
import { connectFailure, connectTimeout } from './connectFailure.ts';
import { type DecideOptions, decideUnknown, findKnownHost, type KnownHost, refusedKey } from './hostKey.ts';
import { readIdentities } from './identities.ts';
import { type HostKey, hostKeyOf, type KnownKey } from './knownHosts.ts';
import { openProxy } from './proxy.ts';
import type { Notice } from './types.ts';

export interface ConnectOptions extends DecideOptions {
  /** Keys in base64 that the user accepted in this run; one is added when the user accepts it. */
  readonly trusted: Set<string>;
  /** An identity file that was named by hand has to be there. */
  readonly identityFile?: string;
}

/** An open session: channels may be opened on it until it is lost. */
export interface Connection {
  readonly client: Client;
  isLost(): boolean;
  close(): void;
}

/** Host key algorithms that ssh2 has, the best first. */
const supported: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

const handshakeTime = 15_000;
const loginTime = 30_000;
/** How long a page to visit, such as Tailscale's check, may take. */
const checkTime = 300_000;

/**
 * Connects and logs in. An unknown host key ends the first attempt; while the user decides nothing is kept open,
 * and an accepted key makes a second attempt, in which only that key will do.
 */
export async function connect(target: Target, options: ConnectOptions): Promise<Connection> {
  const known = await findKnownHost(target, options.signal);
  const first = await attempt(target, known, options);
  if ('connection' in first) return first.connection;
  await decideUnknown(target, known, first.unknown, first.others, options);
  options.signal?.throwIfAborted();
  options.trusted.add(first.unknown.key);
  const second = await attempt(target, known, options);
  if ('connection' in second) return second.connection;
  throw new Refused({
    tried: `check the host key of ${target.knownAs}`,
    saw: `the host shows ${second.unknown.fingerprint} now, not the ${first.unknown.fingerprint} that was accepted`,
    next: ['Do not connect before you know why: several hosts may answer under this name.'],
    code: 'host-key-changed',
  });
}

type Attempt =
  | { readonly connection: Connection }
  | { readonly unknown: HostKey; readonly others: readonly KnownKey[] };

async function attempt(target: Target, known: KnownHost, options: ConnectOptions): Promise<Attempt> {
  const { signal, onNotice, trusted } = options;
  const [{ NodeSSH }, { default: ssh2 }] = await Promise.all([import('node-ssh'), import('ssh2')]);
  signal?.throwIfAborted();
  const identities = readIdentities(target.identityFiles, options.identityFile, ssh2.utils.parseKey);
  const agent =
    target.agent === undefined
      ? undefined
      : openAgent(ssh2, target.agent, { publicKeys: identities.publicKeys, only: target.identitiesOnly });
  const authentication = createAuthentication({
    target,
    identities,
    ...(agent ? { agent } : {}),
    onPrompt: (text) => onNotice({ kind: 'prompt', text }),
  });
  const proxy = openProxy(target);
  const session = new NodeSSH();
  let decided: { unknown: HostKey; others: readonly KnownKey[] } | undefined;
  let refusal: Failure | undefined;
  const hostVerifier = (bytes: Buffer): boolean => {
    const shown = hostKeyOf(bytes);
    const verdict = known.judge(shown);
    refusal = refusedKey(target, shown, verdict);
    if (verdict.state === 'known' || (verdict.state === 'unknown' && trusted.has(shown.key))) return true;
    if (verdict.state === 'unknown') decided = { unknown: shown, others: verdict.others };
    return false;
  };
  const opening = session.connect({
    host: target.hostName,
    port: target.port,
    username: target.user,
    ...(proxy ? { sock: proxy.stream } : {}),
    ...(target.family === 4 ? { forceIPv4: true } : target.family === 6 ? { forceIPv6: true } : {}),
    algorithms: { serverHostKey: known.algorithms(supported).filter(isSupported) },
    hostVerifier,
    authHandler: (left) => authentication.next(left),
    readyTimeout: 0,
    keepaliveInterval: target.keepalive ?? 10_000,
    keepaliveCountMax: 3,
  });
  // node-ssh gives up at the first error; ssh2 goes on where another method is left, so its own events are followed.
  opening.catch(() => {});
  const client = session.connection;
  if (!client) return opening.then(() => Promise.reject(new Error('node-ssh gave no connection')));
  client.setNoDelay(true);
  return new Promise<Attempt>((resolve, reject) => {
    let lost = false;
    let isReady = false;
    let isHandshaken = false;
    let authFailed = false;
    let lastError: unknown;
    let timer: NodeJS.Timeout | undefined;
    const within = (milliseconds: number, what: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop(connectTimeout(target, what, milliseconds)), milliseconds);
    };
    const abort = (): void => stop(signal?.reason ?? new DOMException('aborted', 'AbortError'));
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const stop = (reason: unknown): void => {
      settle();
      reject(reason);
      client.destroy();
      proxy?.stream.destroy();
    };
    client.on('error', (error: Error & { level?: string; code?: unknown }) => {
      lastError ??= error;
      const isSentAway = isHandshaken && typeof error.code === 'number';
      if (error.level === 'client-authentication' || isSentAway) authFailed = true;
    });
    client.on('handshake', () => {
      isHandshaken = true;
      within(loginTime, 'no end of the login');
    });
    client.on('banner', (message: string) => {
      const notice = bannerNotice(message);
      if (notice.kind === 'check') within(checkTime, 'the page to visit was not visited');
      onNotice(notice);
    });
    client.on('ready', () => {
      isReady = true;
      settle();
      const isLost = (): boolean => lost;
      resolve({ connection: { client, isLost, close: () => session.dispose() } });
    });
    client.on('close', () => {
      lost = true;
      proxy?.stream.destroy();
      if (isReady) return;
      settle();
      if (refusal) return reject(refusal);
      if (decided) return resolve(decided);
      if (authFailed) return void authentication.failure(lastError).then(reject, reject);
      const error = lastError ?? new Error('the server closed the connection');
      if (!proxy) return reject(connectFailure(target, error, undefined));
      void proxy.ended.then(() => reject(connectFailure(target, error, proxy.stderr())));
    });
    signal?.addEventListener('abort', abort, { once: true });
    within(target.connectTimeout ?? handshakeTime, 'no SSH server answered');
  });
}

function isSupported(name: string): name is ServerHostKeyAlgorithm {
  return supported.some((one) => one === name);
}

/** Tailscale SSH asks for a page to be visited, in a banner that comes before the login goes on. */
function bannerNotice(message: string): Notice {
  const text = plain(message.trim(), 2_000);
  const url = /https:\/\/login\.tailscale\.com\/[\w./?=&%-]+/.exec(text)?.[0];
  return url === undefined ? { kind: 'banner', text } : { kind: 'check', text, url };
}
