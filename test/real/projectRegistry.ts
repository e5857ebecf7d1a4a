import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A tag as it lies in the registry. */
export interface Pushed {
  readonly digest: string;
  readonly mediaType: string;
  /** Of an image; an index has none. */
  readonly config?: {
    readonly config: { readonly Labels?: Record<string, string>; readonly Env?: readonly string[] };
    readonly rootfs: { readonly diff_ids: readonly string[] };
  };
  readonly layers: readonly string[];
}

/** A container registry behind a token service, as GitLab has it: HTTPS, and nothing without a login. */
export interface ProjectRegistry {
  /** `ADDRESS:PORT`. */
  readonly host: string;
  /** The same without TLS and without a login, on this machine alone: `http://127.0.0.1:PORT`. */
  readonly behind: string;
  readonly user: string;
  readonly password: string;
  /** A file with the certificate that signs it. */
  readonly certificate: string;
  /** `PUT REPOSITORY:TAG` of each manifest that came in, in order; `refused REPOSITORY` for a write that was not allowed. */
  readonly writes: string[];
  /** Writes to such repositories are refused from now on. */
  refuse(repositories?: RegExp): void;
  tags(repository: string): Promise<readonly string[]>;
  pushed(repository: string, reference: string): Promise<Pushed | undefined>;
  /** Puts an image of one layer there: a folder as tar has it. */
  putImage(repository: string, tag: string, folder: string, config: object): Promise<void>;
  /** Takes a repository's tag away. */
  remove(repository: string, tag: string): Promise<void>;
  close(): Promise<void>;
}

const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Starts it at an address of this machine; `program` is docker-registry. */
export async function startProjectRegistry(program: string, address: string): Promise<ProjectRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-project-registry-'));
  const port = await freePort();
  const configuration = join(folder, 'config.yml');
  writeFileSync(
    configuration,
    `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${folder}/data}, delete: {enabled: true}}
http: {addr: '127.0.0.1:${port}', relativeurls: true}
`,
  );
  const child = spawn(program, ['serve', configuration], { stdio: 'ignore' });
  const behind = `http://127.0.0.1:${port}`;
  while (!(await answers(`${behind}/v2/`))) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
    await wait(20);
  }
  const { key, certificate } = selfSigned(folder, address);
  const user = 'gitlab-ci-token';
  const password = `glcbt-64_${randomBytes(60).toString('base64url')}`;
  const writes: string[] = [];
  const tokens = new Map<string, ReadonlySet<string>>();
  let refused: RegExp | undefined;
  const isAllowed = (repository: string, action: string): boolean =>
    action === 'pull' || refused?.test(repository) !== true;

  const token = (incoming: IncomingMessage, answer: ServerResponse, url: URL): void => {
    // The form of OAuth 2, which clients try first, is not offered.
    if (incoming.method !== 'GET') return void answer.writeHead(404).end();
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (incoming.headers.authorization !== basic)
      return void answer
        .writeHead(401)
        .end('{"errors":[{"code":"UNAUTHORIZED","message":"HTTP Basic: Access denied"}]}');
    const granted = url.searchParams
      .getAll('scope')
      .flatMap((scopes) => scopes.split(' '))
      .flatMap((scope) => {
        const [, repository = '', actions = ''] = /^repository:(.+):([^:]+)$/.exec(scope) ?? [];
        return actions
          .split(',')
          .filter((action) => isAllowed(repository, action))
          .map((action) => `${repository} ${action}`);
      });
    const made = randomBytes(16).toString('hex');
    tokens.set(`Bearer ${made}`, new Set(granted));
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: made }));
  };

  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (incoming, answer) => {
      const url = new URL(incoming.url ?? '/', 'https://registry');
      if (url.pathname === '/jwt/auth') return token(incoming, answer, url);
      const [, repository, kind, last] =
        /^\/v2\/(.+)\/(manifests|blobs|tags)\/(.*)$/.exec(url.pathname) ?? [];
      const action = /^(?:GET|HEAD)$/.test(incoming.method ?? '') ? 'pull' : 'push';
      const granted = tokens.get(incoming.headers.authorization ?? '');
      const isGranted =
        granted !== undefined && (repository === undefined || granted.has(`${repository} ${action}`));
      if (!isGranted) {
        if (repository !== undefined && action === 'push' && !isAllowed(repository, action))
          writes.push(`refused ${repository}`);
        const scope =
          repository === undefined
            ? ''
            : `,scope="repository:${repository}:${action === 'pull' ? 'pull' : 'pull,push'}"`;
        incoming.resume();
        answer
          .writeHead(401, {
            'content-type': 'application/json',
            'docker-distribution-api-version': 'registry/2.0',
            'www-authenticate': `Bearer realm="https://${host}/jwt/auth",service="container_registry"${scope}`,
          })
          .end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
        return;
      }
      if (incoming.method === 'PUT' && kind === 'manifests') writes.push(`PUT ${repository}:${last}`);
      const { authorization: _, ...headers } = incoming.headers;
      const onward = request(
        `${behind}${incoming.url}`,
        { method: incoming.method ?? 'GET', headers },
        (reply) => {
          answer.writeHead(reply.statusCode ?? 502, reply.headers);
          reply.pipe(answer);
        },
      );
      onward.on('error', () => answer.destroy());
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = `${address}:${(server.address() as AddressInfo).port}`;
  const direct = (path: string, method = 'GET', headers: Record<string, string> = {}, body?: Buffer) =>
    fetch(`${behind}/v2/${path}`, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });

  const registry: ProjectRegistry = {
    host,
    behind,
    user,
    password,
    certificate,
    writes,
    refuse(repositories) {
      refused = repositories;
    },
    async tags(repository) {
      const answer = await direct(`${repository}/tags/list`);
      if (!answer.ok) return [];
      const { tags } = (await answer.json()) as { tags: string[] | null };
      return (tags ?? []).sort();
    },
    async pushed(repository, reference) {
      const answer = await direct(`${repository}/manifests/${reference}`, 'GET', { accept: accepted });
      if (!answer.ok) return undefined;
      const manifest = (await answer.json()) as {
        config?: { digest: string };
        layers?: { digest: string }[];
        manifests?: { digest: string }[];
      };
      const config = manifest.config && (await direct(`${repository}/blobs/${manifest.config.digest}`));
      return {
        digest: answer.headers.get('docker-content-digest') ?? '',
        mediaType: answer.headers.get('content-type') ?? '',
        layers: (manifest.layers ?? manifest.manifests ?? []).map(({ digest }) => digest),
        ...(config?.ok ? { config: (await config.json()) as NonNullable<Pushed['config']> } : {}),
      };
    },
    async putImage(repository, tag, rootfs, config) {
      const layer = execFileSync(
        'tar',
        ['-C', rootfs, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'],
        {
          maxBuffer: 1 << 30,
        },
      );
      const text = {
        architecture: 'amd64',
        os: 'linux',
        created: '2026-01-01T00:00:00Z',
        config,
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
        history: [{ created: '2026-01-01T00:00:00Z', created_by: 'a test' }],
      };
      const descriptors = [];
      for (const [mediaType, blob] of [
        ['application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(text))],
        ['application/vnd.docker.image.rootfs.diff.tar', layer],
      ] as const) {
        const digest = digestOf(blob);
        const started = await direct(`${repository}/blobs/uploads/`, 'POST');
        const to = new URL(started.headers.get('location') ?? '', behind);
        to.searchParams.set('digest', digest);
        const put = await fetch(to, {
          method: 'PUT',
          headers: { 'content-type': 'application/octet-stream' },
          body: new Uint8Array(blob),
        });
        if (!put.ok) throw new Error(`a blob was not taken: ${put.status} ${await put.text()}`);
        descriptors.push({ mediaType, size: blob.length, digest });
      }
      const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
      const [first, ...layers] = descriptors;
      const manifest = { schemaVersion: 2, mediaType, config: first, layers };
      const answer = await direct(
        `${repository}/manifests/${tag}`,
        'PUT',
        { 'content-type': mediaType },
        Buffer.from(JSON.stringify(manifest)),
      );
      if (!answer.ok) throw new Error(`a manifest was not taken: ${answer.status} ${await answer.text()}`);
    },
    async remove(repository, tag) {
      const found = await registry.pushed(repository, tag);
      if (found) await direct(`${repository}/manifests/${found.digest}`, 'DELETE');
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return registry;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** A key and a certificate that signs itself, for an address, as files in a folder. */
export function selfSigned(folder: string, address: string): { key: string; certificate: string } {
  const made = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=registry of a test', '-addext', `subjectAltName=IP:${address},IP:127.0.0.1`],
      ...['-keyout', made.key, '-out', made.certificate],
    ],
    { stdio: 'pipe' },
  );
  return made;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
