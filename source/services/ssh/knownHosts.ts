import { createHash } from 'node:crypto';
import { isAbort, NeedsUser, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { runReading } from '../process/run.ts';

/** One key of known_hosts that stands for a host. */
export interface KnownKey {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'authority';
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The key's bytes in base64, as they stand. */
  readonly key: string;
}

/** A key that a server shows. */
export interface HostKey {
  readonly type: string;
  /** The wire form, in base64. */
  readonly key: string;
  /** `SHA256:…`, as ssh shows it. */
  readonly fingerprint: string;
}

/** What known_hosts says of a key: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT, judged as OpenSSH's hostfile.c does. */
export type Verdict =
  | { readonly state: 'known'; readonly by: KnownKey }
  | { readonly state: 'revoked' | 'changed'; readonly by: KnownKey }
  /** `others` are keys of other types that are known for the host. */
  | { readonly state: 'unknown'; readonly others: readonly KnownKey[] };

/** Reads the wire form of a public key: a length-prefixed type name comes first (RFC 4253, 6.6). */
export function hostKeyOf(bytes: Buffer): HostKey {
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  const digest = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return {
    type: plain(bytes.subarray(4, 4 + length).toString('latin1'), 60),
    key: bytes.toString('base64'),
    fingerprint: `SHA256:${digest}`,
  };
}

export function judge(shown: HostKey, entries: readonly KnownKey[]): Verdict {
  const revoked = entries.find(({ marker, key }) => marker === 'revoked' && key === shown.key);
  if (revoked) return { state: 'revoked', by: revoked };
  const plainKeys = entries.filter(({ marker }) => marker === 'none');
  const same = plainKeys.find(({ type, key }) => type === shown.type && key === shown.key);
  if (same) return { state: 'known', by: same };
  const other = plainKeys.find(({ type }) => type === shown.type);
  return other ? { state: 'changed', by: other } : { state: 'unknown', others: plainKeys };
}

/** Every key that the files have for a name, hashed names and patterns included: ssh-keygen itself looks (`-F`). */
export async function findKnownKeys(
  name: string,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<readonly KnownKey[]> {
  const found: KnownKey[] = [];
  for (const file of files) found.push(...(await findIn(name, file, signal)));
  return found;
}

async function findIn(name: string, file: string, signal?: AbortSignal): Promise<readonly KnownKey[]> {
  const tried = `ssh-keygen -F ${plain(name, 200)} -f ${plain(file, 300)}`;
  const { code, stdout, stderr } = await keygen(['-F', name, '-f', file], tried, signal);
  if (code === 0) return parseFound(stdout, file);
  if (code === 1 || /No such file or directory|Not a directory/.test(stderr)) return [];
  throw new NeedsUser({
    tried,
    saw: plain(stderr.trim(), 400) || `exit status ${code}`,
    next: ['Make the file readable for you, or name another with UserKnownHostsFile.'],
    code: 'known-hosts-unreadable',
  });
}

/** `# Host NAME found: line 3 REVOKED`, then the line itself. */
function parseFound(text: string, file: string): readonly KnownKey[] {
  const lines = text.split('\n');
  return lines.flatMap((comment, index): KnownKey[] => {
    const [, line, mark] = /^# Host .* found: line (\d+)(?: (CA|REVOKED))?\s*$/.exec(comment) ?? [];
    if (line === undefined) return [];
    const fields = (lines[index + 1] ?? '').trim().split(/\s+/);
    const [, type, key] = fields[0]?.startsWith('@') ? fields.slice(1) : fields;
    if (type === undefined || key === undefined) return [];
    const marker = mark === 'REVOKED' ? 'revoked' : mark === 'CA' ? 'authority' : 'none';
    return [{ file, line: Number(line), marker, type, key }];
  });
}

async function keygen(argv: readonly string[], tried: string, signal?: AbortSignal) {
  try {
    return await runReading(['ssh-keygen', ...argv], {
      env: { LC_ALL: 'C' },
      timeout: 10_000,
      ...(signal ? { signal } : {}),
    });
  } catch (thrown) {
    if (isAbort(thrown) || !(thrown instanceof Unavailable) || thrown.code !== 'no-program') throw thrown;
    throw new NeedsUser({
      tried,
      saw: 'there is no ssh-keygen program, so known_hosts cannot be read',
      next: ['Install the OpenSSH client (Debian: apt install openssh-client).'],
      code: 'no-ssh',
      cause: thrown,
    });
  }
}
