import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createSocket, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { isAbort } from '../../../source/core/failure.ts';
import { Secret } from '../../../source/core/secret.ts';
import { createActivity } from '../../../source/services/activity.ts';
import { connectBazelRemote } from '../../../source/services/bazelRemote/connect.ts';
import { createTransport } from '../../../source/services/http/transport.ts';
import { selfSigned, type TestCertificate } from '../http/certificate.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()));
  return (server.address() as AddressInfo).port;
}

async function serveHttp(listener: RequestListener): Promise<number> {
  const server = createHttp(listener);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server);
}

type GrpcAnswer = (stream: ServerHttp2Stream, path: string) => void;

async function serveGrpc(answer: GrpcAnswer, certificate?: TestCertificate): Promise<number> {
  const server = certificate ? createSecureServer(certificate) : createHttp2();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    answer(stream, String(headers[':path']));
  });
  closing.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return listen(server as unknown as Server);
}

/** A port that does something to each connection. */
async function serveSocket(use: (socket: Socket) => void): Promise<number> {
  const server = createSocket((socket) => {
    socket.on('error', () => {});
    closing.push(() => socket.destroy());
    use(socket);
  });
  closing.push(() => server.close());
  return listen(server as unknown as Server);
}

const status = {
  CurrSize: 12288,
  UncompressedSize: 100,
  ReservedSize: 0,
  MaxSize: 53687091200,
  NumFiles: 3,
  ServerTime: 1795450054,
  GitCommit: 'abc',
  GitTags: 'v2.6.2',
  NumGoroutines: 11,
};
const metrics =
  'bazel_remote_incoming_requests_total{kind="ac",method="get",status="hit"} 2\nbazel_remote_incoming_requests_total{kind="ac",method="get",status="miss"} 1\nprocess_start_time_seconds 7\n';

const healthyHttp: RequestListener = (request, response) => {
  if (request.url === '/status')
    response.setHeader('content-type', 'application/json').end(JSON.stringify(status));
  else if (request.url === '/metrics') response.end(metrics);
  else response.writeHead(404).end('Not found');
};

/** A unary answer of one message with a status in the trailers. */
function answerWith(message: string, grpcStatus = 0): GrpcAnswer {
  return (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': `${grpcStatus}` }));
    stream.end(Buffer.from(message, 'hex'));
  };
}

const capabilities =
  '000000002b0a1f0a0101120208011a020a0028023201013a010140ffffffffffffffff7f5001220208022a0408021003';
const healthyGrpc: GrpcAnswer = (stream, path) =>
  answerWith(path === '/grpc.health.v1.Health/Check' ? '00000000020801' : capabilities)(stream, path);

/** An answer without a body: the status is in the headers. */
function refuse(grpcStatus: number, message: string): GrpcAnswer {
  return (stream) =>
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': `${grpcStatus}`,
        'grpc-message': message,
      },
      { endStream: true },
    );
}

const activity = createActivity({ now: () => 5_000, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });

function connect(
  http: number,
  grpc: number | string,
  more: { authorization?: Secret; timeout?: number } = {},
) {
  return connectBazelRemote({
    http: `http://127.0.0.1:${http}/`,
    grpc: typeof grpc === 'string' ? grpc : `grpc://127.0.0.1:${grpc}`,
    transport,
    activity,
    now: () => 5_000,
    timeout: 5_000,
    ...more,
  });
}

test('all four parts', async () => {
  const [http, grpc] = await Promise.all([serveHttp(healthyHttp), serveGrpc(healthyGrpc)]);
  expect(await connect(http, grpc).look()).toEqual({
    http: `http://127.0.0.1:${http}`,
    grpc: `grpc://127.0.0.1:${grpc}`,
    latency: expect.any(Number),
    status: {
      value: {
        used: 12288,
        limit: 53687091200,
        reserved: 0,
        files: 3,
        version: 'v2.6.2',
        serverTime: '2026-11-23T16:07:34.000Z',
      },
    },
    metrics: { value: { at: 5_000, processStart: 7, hits: 2, misses: 1 } },
    health: { value: 'serving' },
    capabilities: {
      value: {
        digestFunctions: ['SHA256'],
        updateEnabled: true,
        compressors: ['zstd'],
        apiVersions: '2.0 to 2.3',
      },
    },
  });
});

test('the login is sent on both ports and shown nowhere', async () => {
  const seen: unknown[] = [];
  const http = await serveHttp((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end('401 Unauthorized');
  });
  const grpc = await serveGrpc((stream, path) => {
    seen.push(stream.sentHeaders);
    refuse(16, 'access denied')(stream, path);
  });
  const state = await connect(http, grpc, { authorization: new Secret('Basic c2VjcmV0') }).look();
  expect(seen).toContain('Basic c2VjcmV0');
  for (const part of [state.status, state.metrics, state.health, state.capabilities])
    expect(part).toMatchObject({ failure: { kind: 'needs-user', code: 'login-wanted' } });
  expect(state.health).toMatchObject({ failure: { saw: 'gRPC 16 UNAUTHENTICATED: access denied' } });
  expect(JSON.stringify([state, activity.list()])).not.toContain('c2VjcmV0');
});

test('metrics that are off, with the flag that turns them on; the rest stands', async () => {
  const http = await serveHttp((request, response) => {
    if (request.url === '/metrics')
      response.writeHead(404).end('Endpoint metrics are not enabled on this server.\n');
    else healthyHttp(request, response);
  });
  const state = await connect(http, await serveGrpc(healthyGrpc)).look();
  expect(state.metrics).toMatchObject({ failure: { code: 'metrics-off' } });
  expect(state.status).toHaveProperty('value');
});

test('a binary that knows no version', async () => {
  const http = await serveHttp((_request, response) => {
    response.end(JSON.stringify({ CurrSize: 0, MaxSize: 1, NumFiles: 0, GitTags: '' }));
  });
  const state = await connect(http, await serveGrpc(healthyGrpc)).look();
  expect(state.status).toEqual({ value: { used: 0, limit: 1, files: 0 } });
});

test('crossed ports are told apart', async () => {
  const [http, grpc] = await Promise.all([serveHttp(healthyHttp), serveGrpc(healthyGrpc)]);
  const state = await connect(grpc, http).look();
  expect(state.status).toMatchObject({
    failure: { code: 'crossed-ports', saw: 'this is the gRPC port: it answers gRPC, not HTTP/1' },
  });
  expect(state.metrics).toEqual(state.status);
  expect(state.health).toMatchObject({
    failure: { code: 'crossed-ports', saw: 'this is the HTTP port: GET /status answers 200' },
  });
  expect(state.capabilities).toEqual(state.health);
});

test.each([
  [
    'unimplemented, in the headers',
    refuse(12, 'unknown service x.Y'),
    'unimplemented',
    'gRPC 12 UNIMPLEMENTED: unknown service x.Y',
  ],
  [
    'unavailable, percent-encoded',
    refuse(14, 'going%20away%1b%5b31m'),
    'server-error',
    'gRPC 14 UNAVAILABLE: going away',
  ],
  ['not found', refuse(5, 'unknown service'), 'rejected', 'gRPC 5 NOT_FOUND: unknown service'],
  ['denied', refuse(7, ''), 'no-right', 'gRPC 7 PERMISSION_DENIED'],
  ['an unknown status', refuse(99, ''), 'reset', 'gRPC status 99'],
  ['a status after a body', answerWith('00000000020801', 13), 'server-error', 'gRPC 13 INTERNAL'],
  ['a cut message', answerWith('00000000'), 'unexpected-shape', '4 bytes that are not one message'],
  ['a longer length', answerWith('00ffffffff0801'), 'unexpected-shape', '7 bytes that are not one message'],
  ['a compressed message', answerWith('01000000020801'), 'unexpected-shape', 'a compressed message'],
  ['no message', answerWith('0000000001ff'), 'unexpected-shape', 'bytes that are not the message asked for'],
] as const)('%s', async (_name, answer, code, saw) => {
  const state = await connect(await serveHttp(healthyHttp), await serveGrpc(answer)).look();
  expect(state.health).toMatchObject({ failure: { code, saw } });
  expect(state.status).toHaveProperty('value');
});

test('a server that serves nothing says so', async () => {
  const state = await connect(
    await serveHttp(healthyHttp),
    await serveGrpc(answerWith('00000000020802')),
  ).look();
  expect(state.health).toEqual({ value: 'not-serving' });
});

test('a web page over HTTP/2 and an answer without a status', async () => {
  const web = await serveGrpc((stream) => {
    stream.respond({ ':status': 503, 'content-type': 'text/html' });
    stream.end('<html>');
  });
  const http = await serveHttp(healthyHttp);
  expect((await connect(http, web).look()).health).toMatchObject({
    failure: { code: 'not-grpc', saw: 'HTTP 503 with text/html, no gRPC' },
  });
  const cut = await serveGrpc((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end(Buffer.from('00000000020801', 'hex'));
  });
  expect((await connect(http, cut).look()).health).toMatchObject({
    failure: { code: 'reset', saw: 'the answer was cut: it has no status' },
  });
});

test('ports that close, stay silent, stall in the middle, or are closed', async () => {
  const http = await serveHttp(healthyHttp);
  const closes = await serveSocket((socket) => socket.destroy());
  expect((await connect(http, closes).look()).health).toMatchObject({
    failure: { kind: 'unavailable', code: 'reset' },
  });
  const silent = await serveSocket(() => {});
  expect((await connect(http, silent, { timeout: 300 }).look()).health).toMatchObject({
    failure: { kind: 'unavailable', code: 'timeout' },
  });
  const stalls = await serveGrpc((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.write(Buffer.from('0000', 'hex'));
  });
  expect((await connect(http, stalls, { timeout: 300 }).look()).capabilities).toMatchObject({
    failure: { code: 'timeout' },
  });
  const nobody = await serveSocket(() => {});
  closing.pop()?.();
  const state = await connect(nobody, nobody).look();
  for (const part of [state.status, state.metrics, state.health, state.capabilities])
    expect(part).toMatchObject({ failure: { kind: 'unavailable', code: 'refused' } });
});

test('a flood is not taken', async () => {
  const flood = await serveGrpc((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    const more = (): void => {
      while (!stream.destroyed && stream.write(Buffer.alloc(64 * 1024)));
    };
    stream.on('drain', more);
    more();
  });
  const state = await connect(await serveHttp(healthyHttp), flood).look();
  expect(state.health).toMatchObject({ failure: { code: 'too-large' } });
});

test('TLS, with a certificate that is trusted, one that is not, and asked for in the clear', async () => {
  const http = await serveHttp(healthyHttp);
  const certificate = selfSigned({ host: '127.0.0.1' });
  const port = await serveGrpc(healthyGrpc, certificate);
  const grpc = `grpcs://127.0.0.1:${port}`;
  expect((await connect(http, grpc).look()).health).toMatchObject({
    failure: { code: 'tls', saw: 'the certificate is self-signed' },
  });
  expect((await connect(http, port).look()).health).toMatchObject({
    failure: { kind: 'unavailable', code: 'reset' },
  });
  const before = getCACertificates('default');
  closing.push(() => setDefaultCACertificates(before));
  setDefaultCACertificates([...before, certificate.cert]);
  const state = await connect(http, grpc).look();
  expect(state.health).toEqual({ value: 'serving' });
  expect(state.capabilities).toHaveProperty('value');
});

test('TLS where there is none', async () => {
  const [http, grpc] = await Promise.all([serveHttp(healthyHttp), serveGrpc(healthyGrpc)]);
  const state = await connect(http, `grpcs://127.0.0.1:${grpc}`).look();
  expect(state.health).toMatchObject({ failure: { code: 'tls' } });
});

test('an abort ends the look', async () => {
  const silent = await serveSocket(() => {});
  const controller = new AbortController();
  const looking = connect(silent, silent).look(controller.signal);
  controller.abort();
  expect(await looking.then(() => undefined, isAbort)).toBe(true);
});

test.each([
  ['<html><title>Cockpit</title></html>', 'not-bazel-remote'],
  ['{"CurrSize":"many"}', 'not-bazel-remote'],
  ['{"CurrSize":1,"MaxSize":1,"NumFiles":1,"ServerTime":1e300}', 'not-bazel-remote'],
])('%s is not the status of a bazel-remote', async (body, code) => {
  const http = await serveHttp((_request, response) => response.end(body));
  const state = await connect(http, await serveGrpc(healthyGrpc)).look();
  expect(state.status).toMatchObject({ failure: { code } });
  expect(state.metrics).toMatchObject({ failure: { code } });
  expect(state.health).toEqual({ value: 'serving' });
});

test.each([
  ['127.0.0.1', 'grpc://127.0.0.1:9092'],
  ['host:1', 'grpc://host:1'],
  ['grpcs://host/', 'grpcs://host:443'],
  ['grpc://[::1]:9', 'grpc://[::1]:9'],
])('%s is %s', (grpc, shown) => {
  expect(connect(1, grpc).grpc).toBe(shown);
});

test.each(['', 'http://host:1', 'grpc://', 'grpc://a:b@host:1', 'a b'])(
  '"%s" is no address of gRPC',
  (grpc) => {
    expect(() => connect(1, grpc)).toThrow(/no host and port/);
  },
);
