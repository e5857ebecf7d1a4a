import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isAbort } from '../../../source/core/failure.ts';
import { parseNarinfo } from '../../../source/core/nix/narinfo.ts';
import { fingerprint } from '../../../source/core/nix/signature.ts';
import { Secret } from '../../../source/core/secret.ts';
import { createActivity } from '../../../source/services/activity.ts';
import { connectAttic } from '../../../source/services/attic/connect.ts';
import { createTransport } from '../../../source/services/http/transport.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server on a real socket; the answers by path, 404 of Attic's for the rest. */
async function serve(answers: Record<string, Answer>): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    request.on('end', () => (answers[request.url ?? ''] ?? missing)(request, response, body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(status: number, type: string, text: string): Answer {
  return (_request, response) => response.writeHead(status, { 'content-type': type }).end(text);
}

function error(code: number, name: string, message: string): Answer {
  return send(code, 'application/json', JSON.stringify({ code, error: name, message }));
}

const missing = error(404, 'NotFound', 'The URL you requested was not found.');
const unauthorized = error(401, 'Unauthorized', 'Unauthorized.');
const forbidden = error(
  403,
  'AccessError',
  'Access error: User does not have permission to complete this action.',
);
const info = send(200, 'text/x-nix-cache-info', 'WantMassQuery: 1\nStoreDir: /nix/store\nPriority: 41\n');
const page = send(200, 'text/html; charset=utf-8', '<!doctype html><title>Sign in \u001b[31mnow</title>');

const pair = generateKeyPairSync('ed25519');
const publicKey = `main:${Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;

function config(more: object = {}): Answer {
  return (request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        substituter_endpoint: `http://${request.headers.host}/main`,
        api_endpoint: `http://${request.headers.host}/`,
        public_key: publicKey,
        is_public: true,
        store_dir: '/nix/store',
        priority: 41,
        upstream_cache_key_names: ['cache.nixos.org-1'],
        retention_period: 'Global',
        ...more,
      }),
    );
}

const now = Date.parse('2026-11-24T12:00:00Z');
const activity = createActivity({ now: () => now, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });

function connect(url: string, token?: string, timeout = 5_000) {
  const secret = token === undefined ? {} : { token: new Secret(token) };
  return connectAttic({ url, transport, now: () => now, timeout, ...secret });
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmF0dXJl`;
}

const mayPush = { 'https://jwt.attic.rs/v1': { caches: { main: { r: 1, w: 1 } } } };
const storePath = '/nix/store/xcp9cav49dmsjbwdjlmkjxj10gkpx553-hello-2.10';

function narinfo(path = storePath): string {
  const text = `StorePath: ${path}\nURL: nar/x.nar\nCompression: zstd\nNarHash: sha256:${'a1'.repeat(32)}\nNarSize: 206104\nReferences: \n`;
  const parsed = parseNarinfo(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const signature = sign(null, Buffer.from(fingerprint(parsed.narinfo)), pair.privateKey).toString('base64');
  return `${text}Sig: main:${signature}\n`;
}

const narinfoPath = '/main/xcp9cav49dmsjbwdjlmkjxj10gkpx553.narinfo';
const healthy = { '/main/nix-cache-info': info, '/_api/v1/cache-config/main': config() };

test('a public cache without a token, and a narinfo that its key signed', async () => {
  const url = await serve({ ...healthy, [narinfoPath]: send(200, 'text/x-nix-narinfo', narinfo()) });
  const state = await connect(`${url}/main/`).look({ storePath });
  expect(state).toEqual({
    url: `${url}/main`,
    cache: 'main',
    latency: expect.any(Number),
    info: { value: { storeDir: '/nix/store', wantMassQuery: true, priority: 41 } },
    config: {
      value: {
        publicKey,
        isPublic: true,
        substituterEndpoint: `${url}/main`,
        apiEndpoint: `${url}/`,
        storeDir: '/nix/store',
        priority: 41,
        upstreamKeyNames: ['cache.nixos.org-1'],
        retention: 'global',
      },
    },
    narinfo: { value: { storePath, keyName: 'main', verified: true } },
  });
});

test('a narinfo of another path, of another key, and none', async () => {
  const other = '/nix/store/00000000000000000000000000000000-x';
  const wrong = config({ public_key: `main:${Buffer.alloc(32, 3).toString('base64')}` });
  const swapped = await serve({ ...healthy, [narinfoPath]: send(200, 'text/plain', narinfo(other)) });
  expect((await connect(`${swapped}/main`).look({ storePath })).narinfo).toEqual({
    value: { storePath, keyName: 'main', verified: false, because: `it is of another path: ${other}` },
  });
  const signed = { [narinfoPath]: send(200, 'text/plain', narinfo()) };
  const rekeyed = await serve({ ...healthy, ...signed, '/_api/v1/cache-config/main': wrong });
  expect((await connect(`${rekeyed}/main`).look({ storePath })).narinfo).toMatchObject({
    value: { verified: false, because: 'the signature of main is not of this key' },
  });
  const keyless = await serve({ ...healthy, ...signed, '/_api/v1/cache-config/main': unauthorized });
  expect((await connect(`${keyless}/main`).look({ storePath })).narinfo).toMatchObject({
    failure: { code: 'no-key' },
  });
  const absent = error(404, 'NoSuchObject', 'The requested object does not exist.');
  const empty = await serve({ ...healthy, [narinfoPath]: absent });
  expect((await connect(`${empty}/main`).look({ storePath })).narinfo).toMatchObject({
    failure: {
      kind: 'needs-user',
      code: 'not-in-cache',
      saw: '404 NoSuchObject: The requested object does not exist.',
    },
  });
});

test('a malformed store path is not asked for', async () => {
  let asked = 0;
  const url = await serve({ ...healthy, '/main/../etc.narinfo': () => asked++ });
  const { narinfo } = await connect(`${url}/main`).look({ storePath: '/nix/store/../etc' });
  expect(narinfo).toMatchObject({ failure: { code: 'no-store-path' } });
  expect(asked).toBe(0);
});

test('the right to push is probed with one path of nobody, as JSON, with the token', async () => {
  const seen: unknown[] = [];
  const url = await serve({
    ...healthy,
    '/_api/v1/get-missing-paths': (request, response, body) => {
      seen.push(request.method, request.headers['content-type'], request.headers.authorization, body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"missing_paths":[]}');
    },
  });
  const token = jwt({ sub: 'ci', exp: now / 1000 + 60, ...mayPush });
  const state = await connect(`${url}/main`, ` ${token}\n`).look({});
  expect(state.push).toEqual({ value: 'granted' });
  expect(state.token).toEqual({
    readable: true,
    subject: 'ci',
    expired: false,
    expiresAt: '2026-11-24T12:01:00.000Z',
    rights: ['pull', 'push'],
  });
  expect(state.notes).toBeUndefined();
  expect(seen).toEqual([
    'POST',
    'application/json',
    `Bearer ${token}`,
    `{"cache":"main","store_path_hashes":["${'0'.repeat(32)}"]}`,
  ]);
});

test.each([
  [
    'expired',
    jwt({ exp: now / 1000, ...mayPush }),
    'the server ignores the token: it expired at 2026-11-24T12:00:00.000Z',
  ],
  [
    'of another server',
    jwt(mayPush),
    'the token says that it may push, and the server refuses: it is of another server, or the secret has changed',
  ],
  ['garbage', 'not.a.jwt', 'the token is no JWT, and the server answers as to anybody'],
])('a token that is %s is dropped in silence on a public cache', async (_name, token, text) => {
  const url = await serve({ ...healthy, '/_api/v1/get-missing-paths': forbidden });
  const state = await connect(`${url}/main`, token).look({});
  expect(state.info).toHaveProperty('value');
  expect(state.push).toEqual({ value: 'refused' });
  expect(state.notes).toEqual([{ code: 'token-dropped', text }]);
});

test('a token that may only pull is refused push, and nothing is odd', async () => {
  const url = await serve({ ...healthy, '/_api/v1/get-missing-paths': forbidden });
  const token = jwt({ 'https://jwt.attic.rs/v1': { caches: { main: { r: 1 } } } });
  const state = await connect(`${url}/main`, token).look({});
  expect(state.push).toEqual({ value: 'refused' });
  expect(state.notes).toBeUndefined();
});

test('a private cache: no token, a token that is not accepted, one that may only push', async () => {
  const closed = await serve({
    '/main/nix-cache-info': unauthorized,
    '/_api/v1/cache-config/main': unauthorized,
  });
  expect((await connect(`${closed}/main`).look({})).info).toMatchObject({
    failure: { code: 'token-wanted', saw: '401 Unauthorized: Unauthorized.' },
  });
  const expired = await connect(`${closed}/main`, jwt({ exp: 1, ...mayPush })).look({});
  expect(expired.config).toMatchObject({
    failure: {
      kind: 'needs-user',
      code: 'token-not-accepted',
      next: [
        'Make a new token: it expired at 1970-01-01T00:00:01.000Z.',
        'Check the name of the cache: Attic answers in the same way when there is none.',
      ],
    },
  });
  const pushOnly = await serve({
    '/main/nix-cache-info': forbidden,
    '/_api/v1/cache-config/main': forbidden,
    '/_api/v1/get-missing-paths': send(200, 'application/json', '{"missing_paths":["x"]}'),
  });
  const state = await connect(`${pushOnly}/main`, jwt(mayPush)).look({});
  expect(state.info).toMatchObject({ failure: { code: 'no-right' } });
  expect(state.notes?.map(({ code }) => code)).toEqual(['token-rights']);
});

test('endpoints elsewhere, in the clear, another store', async () => {
  const url = await serve({
    '/main/nix-cache-info': send(200, 'text/x-nix-cache-info', 'StoreDir: /opt/store\n'),
    '/_api/v1/cache-config/main': config({
      api_endpoint: 'http://internal.example/',
      substituter_endpoint: 'https://cdn.example/main',
    }),
  });
  const { notes, config: state } = await connect(`${url}/main`).look({});
  expect(notes).toEqual([
    {
      code: 'api-endpoint',
      text: `the server sends attic's clients, with their token, to http://internal.example/ instead of ${url}/: set api-endpoint in its configuration`,
    },
    { code: 'substituter-endpoint', text: expect.stringContaining('https://cdn.example/main') },
    { code: 'store-dir', text: 'the cache is for the store /opt/store, not /nix/store' },
  ]);
  expect(state).toMatchObject({ value: { apiEndpoint: 'http://internal.example/' } });
});

test('a server below a path, the cache named apart', async () => {
  const answers = { '/attic/main/nix-cache-info': info, '/attic/_api/v1/cache-config/main': config() };
  const url = await serve(answers);
  for (const address of [`${url}/attic`, `${url}/attic/main/`]) {
    const attic = connectAttic({ url: address, cache: 'main', transport, now: () => now });
    expect(attic.url).toBe(`${url}/attic/main`);
    const state = await attic.look({});
    expect(state.info).toHaveProperty('value');
    expect(state.config).toHaveProperty('value');
  }
});

test.each([
  ['a sign-in page', page, 'not-attic', '200 a web page: "Sign in now"'],
  ['a page of a proxy', send(403, 'text/html', '<html>no</html>'), 'not-attic', '403 a web page'],
  ['another JSON', send(200, 'application/json', '{"a":1}'), 'not-attic', 'no nix-cache-info: 200 {"a":1}'],
  ['nothing', send(200, 'text/plain', ''), 'not-attic', 'no nix-cache-info: 200 with an empty body'],
  [
    'a bad host',
    error(400, 'RequestError', 'General request error: Bad Host'),
    'bad-host',
    '400 RequestError: General request error: Bad Host',
  ],
  [
    'plain text',
    send(400, 'text/plain', 'Invalid URL: Invalid cache name "_api"'),
    'rejected',
    '400 Invalid URL: Invalid cache name "_api"',
  ],
  [
    'a server error',
    error(
      500,
      'InternalServerError',
      'The server encountered an internal error or misconfiguration.\u001b]0;x\u0007',
    ),
    'server-error',
    '500 InternalServerError: The server encountered an internal error or misconfiguration.',
  ],
])('%s instead of nix-cache-info', async (_name, answer, code, saw) => {
  const url = await serve({ ...healthy, '/main/nix-cache-info': answer });
  const state = await connect(`${url}/main`).look({});
  expect(state.info).toMatchObject({ failure: { code, saw } });
  expect(state.config).toHaveProperty('value');
  expect(JSON.stringify(state)).not.toContain('\\u001b');
});

test.each([
  ['broken JSON', send(200, 'application/json', '{"public_key":'), 'unexpected-shape'],
  ['another shape', send(200, 'application/json', '{"public_key":7}'), 'unexpected-shape'],
  ['a page', page, 'not-attic'],
])('%s instead of the configuration', async (_name, answer, code) => {
  const url = await serve({ ...healthy, '/_api/v1/cache-config/main': answer });
  const state = await connect(`${url}/main`).look({});
  expect(state.config).toMatchObject({ failure: { code } });
  expect(state.info).toHaveProperty('value');
});

test('every field of the configuration may be missing', async () => {
  const url = await serve({ ...healthy, '/_api/v1/cache-config/main': send(200, 'application/json', '{}') });
  expect((await connect(`${url}/main`).look({})).config).toEqual({
    value: { isPublic: false, upstreamKeyNames: [] },
  });
});

test('a server error is tried again, a refusal is not', async () => {
  const asked = { info: 0, config: 0 };
  const url = await serve({
    '/main/nix-cache-info': (request, response, body) => {
      asked.info += 1;
      (asked.info === 1 ? error(503, 'X', 'busy') : info)(request, response, body);
    },
    '/_api/v1/cache-config/main': (request, response, body) => {
      asked.config += 1;
      unauthorized(request, response, body);
    },
  });
  const state = await connect(`${url}/main`).look({});
  expect(state.info).toHaveProperty('value');
  expect(asked).toEqual({ info: 2, config: 1 });
});

test('one part that hangs does not take the others, and an abort ends all', async () => {
  const url = await serve({ ...healthy, '/_api/v1/cache-config/main': () => {} });
  const state = await connect(`${url}/main`, undefined, 300).look({});
  expect(state.info).toHaveProperty('value');
  expect(state.config).toMatchObject({ failure: { kind: 'unavailable', code: 'timeout' } });

  const controller = new AbortController();
  const looking = connect(`${url}/main`).look({}, controller.signal);
  controller.abort();
  expect(await looking.then(() => undefined, isAbort)).toBe(true);
});

test('a port where nobody listens', async () => {
  const socket = createSocket();
  await new Promise<void>((ready) => socket.listen(0, '127.0.0.1', ready));
  const { port } = socket.address() as AddressInfo;
  await new Promise((done) => socket.close(done));
  const state = await connect(`http://127.0.0.1:${port}/main`, jwt(mayPush)).look({});
  for (const part of [state.info, state.config, state.push])
    expect(part).toMatchObject({ failure: { kind: 'unavailable', code: 'refused' } });
  expect(state.latency).toBeUndefined();
});

test.each(['ftp://host/main', 'host/main', 'https://host', 'https://host/_api', 'https://host/a%20b'])(
  '%s names no cache',
  (url) => {
    expect(() => connect(url)).toThrow(/connect to Attic/);
  },
);

test('the token is in no failure, note or activity', async () => {
  const url = await serve({});
  const token = jwt({ sub: 'x', ...mayPush });
  const state = await connect(`${url}/main`, token).look({ storePath });
  expect(JSON.stringify([state, activity.list()])).not.toContain(token.slice(0, 40));
});
