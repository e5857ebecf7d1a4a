import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';

export interface HoneyKeys {
  /** Private, in OpenSSH's format. */
  readonly host: string;
  /** Public, of the one who may log in. */
  readonly client: string;
  readonly hostPublic: string;
  readonly identityFile: string;
}

/** Makes the keys of the host and of its one user; the latter go into `directory`, for nobody else to read. */
export function makeKeys(directory: string): HoneyKeys {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const host = makePair('honey');
  const client = makePair('ops@sandbox');
  const identityFile = join(directory, 'id_ed25519');
  writeFileSync(identityFile, client.private, { mode: 0o600 });
  writeFileSync(`${identityFile}.pub`, `${client.public}\n`, { mode: 0o600 });
  return { host: host.private, client: client.public, hostPublic: host.public, identityFile };
}

/** ssh2 writes about one Ed25519 key in 400 so that nobody can read it, itself included: such a key is made anew. */
function makePair(comment: string): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Writes the known_hosts file in which the host key stands; answers with its path. */
export function writeKnownHosts(directory: string, { hostPublic }: HoneyKeys, port: number): string {
  const file = join(directory, 'known_hosts');
  const [type, key] = hostPublic.split(' ');
  writeFileSync(file, `[127.0.0.1]:${port} ${type} ${key}\n`, { mode: 0o600 });
  return file;
}
