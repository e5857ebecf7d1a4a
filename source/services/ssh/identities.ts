import type { ParsedKey } from 'ssh2';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { readBytes } from '../files/read.ts';

/** The identity files of a target, opened as far as that goes without a passphrase. */
export interface Identities {
  readonly keys: readonly { readonly path: string; readonly key: ParsedKey }[];
  /** Files that want a passphrase: the agent has to hold them. */
  readonly encrypted: readonly string[];
  /** Files that are there and cannot be used, and why. */
  readonly unusable: readonly { readonly path: string; readonly because: string }[];
  /** Public keys of all of them, the wire form in base64: which keys of the agent are meant. */
  readonly publicKeys: ReadonlySet<string>;
}

type Parse = (data: Buffer) => ParsedKey | Error;

/** Reads identity files; one that is not there is passed over, as ssh does, unless it was named by hand. */
export function readIdentities(
  files: readonly string[],
  required: string | undefined,
  parse: Parse,
): Identities {
  const keys: { path: string; key: ParsedKey }[] = [];
  const encrypted: string[] = [];
  const unusable: { path: string; because: string }[] = [];
  const publicKeys = new Set<string>();
  for (const path of new Set(files)) {
    const bytes = bytesOf(path);
    if (bytes instanceof Error) {
      unusable.push({ path, because: plain(bytes.message, 200) });
      continue;
    }
    if (bytes === undefined) {
      if (path === required) throw missing(path);
      continue;
    }
    const beside = publicHalf(path, parse);
    if (beside) publicKeys.add(beside);
    const key = parse(bytes);
    if (!(key instanceof Error)) {
      publicKeys.add(key.getPublicSSH().toString('base64'));
      if (key.isPrivateKey()) keys.push({ path, key });
    } else if (/encrypted/i.test(key.message)) encrypted.push(path);
    else unusable.push({ path, because: whyNot(bytes, key.message) });
  }
  return { keys, encrypted, unusable, publicKeys };
}

function bytesOf(path: string): Buffer | undefined | Error {
  try {
    return readBytes(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function publicHalf(path: string, parse: Parse): string | undefined {
  const bytes = bytesOf(`${path}.pub`);
  if (bytes === undefined || bytes instanceof Error) return undefined;
  const key = parse(bytes);
  return key instanceof Error ? undefined : key.getPublicSSH().toString('base64');
}

function whyNot(bytes: Buffer, message: string): string {
  const inner = Buffer.from(bytes.toString('latin1').replace(/-----[^-]*-----|\s/g, ''), 'base64');
  if (inner.includes('sk-ssh-ed25519') || inner.includes('sk-ecdsa-sha2'))
    return 'a security key (sk-), which this program cannot use';
  return plain(message, 200);
}

function missing(path: string): NeedsUser {
  return new NeedsUser({
    tried: `read the identity file ${plain(path, 300)}`,
    saw: 'there is no such file',
    next: ['Give the path of a private key, or leave it out to use the agent and ~/.ssh/config.'],
    code: 'no-identity-file',
  });
}
