import { createHmac, randomBytes } from 'node:crypto';
import { shellQuote } from '../../core/shell/quote.ts';
import { readBytes } from '../files/read.ts';
import { fileFingerprint, fingerprint, writeFileAtomically } from '../files/write.ts';
import type { Write } from '../gate.ts';
import type { UnknownHostKey } from './types.ts';

/**
 * The line of known_hosts for a key. The name is hashed when the user's configuration says so (`|1|salt|HMAC-SHA1`,
 * as OpenSSH's hostfile.c writes it).
 */
export function knownHostsLine(
  { knownAs, hashKnownHosts }: { readonly knownAs: string; readonly hashKnownHosts: boolean },
  { type, key }: { readonly type: string; readonly key: string },
): string {
  return `${hashKnownHosts ? hashed(knownAs) : knownAs} ${type} ${key}`;
}

function hashed(name: string): string {
  const salt = randomBytes(20);
  const digest = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${digest}`;
}

/** Adds one line to known_hosts. The file keeps its mode and every byte it has; a last line without an end gets one. */
export function saveHostKey(key: UnknownHostKey): Write<void> {
  const old = readBytes(key.file);
  const isOpen = old !== undefined && old.length > 0 && old.at(-1) !== 0x0a;
  const bytes = Buffer.concat([old ?? Buffer.alloc(0), Buffer.from(`${isOpen ? '\n' : ''}${key.line}\n`)]);
  return {
    title: `Trust the host key of ${key.host}`,
    effect: 'local',
    target: key.file,
    detail: `+${key.line}\n(${key.type} ${key.fingerprint})`,
    undo: { text: 'Remove the line.', command: shellQuote(['ssh-keygen', '-R', key.host, '-f', key.file]) },
    before: old === undefined ? 'absent' : fingerprint(old),
    after: fingerprint(bytes),
    current: () => fileFingerprint(key.file),
    perform: (grant) => writeFileAtomically(grant, key.file, bytes, { mode: 0o600 }),
    result: () => `added ${key.fingerprint}`,
  };
}
