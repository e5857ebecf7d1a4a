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
  const host = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'honey' });
  const client = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'ops@sandbox' });
  const identityFile = join(directory, 'id_ed25519');
  writeFileSync(identityFile, client.private, { mode: 0o600 });
  writeFileSync(`${identityFile}.pub`, `${client.public}\n`, { mode: 0o600 });
  return { host: host.private, client: client.public, hostPublic: host.public, identityFile };
}

/** Writes the known_hosts file in which the host key stands; answers with its path. */
export function writeKnownHosts(directory: string, { hostPublic }: HoneyKeys, port: number): string {
  const file = join(directory, 'known_hosts');
  const [type, key] = hostPublic.split(' ');
  writeFileSync(file, `[127.0.0.1]:${port} ${type} ${key}\n`, { mode: 0o600 });
  return file;
}
