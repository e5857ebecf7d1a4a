import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TokenName = 'root' | 'pull' | 'push' | 'ci' | 'other' | 'expired' | 'garbage';

/** A real atticd with the caches `main` (public) and `private`. */
export interface RealAttic {
  readonly url: string;
  readonly tokens: Readonly<Record<TokenName, string>>;
  readonly pid: number;
  /** Uploads a file as a store path, with the references in this order; gives the path. */
  upload(cache: string, name: string, more?: { references?: string[]; ca?: string }): Promise<string>;
  /** Gives a cache a new key. */
  regenerate(cache: string): Promise<void>;
  publicKey(cache: string): Promise<string>;
  stop(): void;
}

export async function startAttic(script: string): Promise<RealAttic> {
  const state = mkdtempSync(join(tmpdir(), 'huskycat-attic-'));
  const [json = '', pid = ''] = (await output(script, state)).trim().split('\n');
  const { url, tokens }: Pick<RealAttic, 'url' | 'tokens'> = JSON.parse(json);
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Uint8Array<ArrayBuffer>,
  ) => {
    const authorization = `Bearer ${tokens.root}`;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    url,
    tokens,
    pid: Number(pid),
    async upload(cache, name, { references = [], ca } = {}) {
      const hash = createHash('sha256')
        .update(`${cache} ${name}`)
        .digest('hex')
        .slice(0, 32)
        .replaceAll('e', 'z');
      const nar = narOf(`contents of ${name}\n`);
      const info = {
        cache,
        store_path_hash: hash,
        store_path: `/nix/store/${hash}-${name}`,
        references,
        system: null,
        deriver: null,
        sigs: [],
        ca: ca ?? null,
        nar_hash: `sha256:${createHash('sha256').update(nar).digest('hex')}`,
        nar_size: nar.length,
      };
      await send(
        'PUT',
        '/_api/v1/upload-path',
        { 'x-attic-nar-info': JSON.stringify(info) },
        new Uint8Array(nar),
      );
      return info.store_path;
    },
    async regenerate(cache) {
      const body = JSON.stringify({ keypair: 'Generate' });
      await send('PATCH', `/_api/v1/cache-config/${cache}`, { 'content-type': 'application/json' }, body);
    },
    async publicKey(cache) {
      const answer = await send('GET', `/_api/v1/cache-config/${cache}`, {});
      const { public_key } = (await answer.json()) as { public_key: string };
      return public_key;
    },
    stop() {
      process.kill(Number(pid), 'SIGKILL');
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function output(script: string, state: string): Promise<string> {
  const child = spawn(script, { env: { ...process.env, STATE: state }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let log = '';
  child.stdout.on('data', (piece) => {
    said += piece;
  });
  child.stderr.on('data', (piece) => {
    log += piece;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${script}: ${code}\n${log}`)),
    );
  });
}

/** A Nix archive of one file: strings with their length before and zeroes to eight bytes after. */
function narOf(contents: string): Buffer {
  const words = ['nix-archive-1', '(', 'type', 'regular', 'contents', contents, ')'];
  return Buffer.concat(
    words.map((word) => {
      const text = Buffer.from(word);
      const padded = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8);
      padded.writeBigUInt64LE(BigInt(text.length));
      text.copy(padded, 8);
      return padded;
    }),
  );
}
