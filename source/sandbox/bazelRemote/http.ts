import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { fromJson, toJson, withWorker } from './actionResult.ts';
import { metricsOf } from './metrics.ts';
import { type BazelRemoteProcess, count } from './server.ts';
import { hashOf, type Kind } from './store.ts';

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly type?: string;
}

/** The HTTP port: /status, /metrics, /ac and /cas. */
export function createHttpCache(server: BazelRemoteProcess): Server {
  return createServer((incoming, outgoing) => {
    answerTo(server, incoming)
      .then((answer) => send(server, incoming, outgoing, answer))
      .catch(() => outgoing.destroy());
  });
}

function send(
  server: BazelRemoteProcess,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, body, type }: Answer,
): void {
  const { method = 'GET' } = incoming;
  count(server.httpRequests, `{code="${status}",handler="${method}",method="${method}",service=""}`);
  const bytes = Buffer.from(body);
  if (type) outgoing.setHeader('Content-Type', type);
  if (status >= 400) outgoing.setHeader('X-Content-Type-Options', 'nosniff');
  outgoing.writeHead(status, { Date: new Date(server.now()).toUTCString(), 'Content-Length': bytes.length });
  outgoing.end(method === 'HEAD' ? undefined : bytes);
}

async function answerTo(server: BazelRemoteProcess, incoming: IncomingMessage): Promise<Answer> {
  const path = (incoming.url ?? '/').split('?')[0] ?? '/';
  const body = await buffer(incoming);
  const what = incoming.method === 'PUT' ? 'write' : 'read';
  if (server.admits && !server.admits(what, incoming.headers.authorization))
    return failed(401, what === 'write' ? 'Authorization required' : '401 Unauthorized');
  if (path === '/status') return { status: 200, type: 'application/json', body: statusOf(server) };
  if (path === '/metrics') {
    if (!server.hasMetrics) return failed(404, 'Endpoint metrics are not enabled on this server.');
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: metricsOf(server) };
  }
  const [, kind, hash = ''] = /^\/(?:.*\/)?(ac|cas)\/([0-9a-f]{64})$/.exec(path) ?? [];
  if (kind !== 'ac' && kind !== 'cas')
    return failed(400, `resource name must be a SHA256 hash in hex, got '${path}'`);
  switch (incoming.method) {
    case 'GET':
      return get(server, kind, hash, incoming);
    case 'HEAD':
      return server.store.has(kind, hash) ? { status: 200, body: '' } : failed(404, 'Not found');
    case 'PUT':
      return put(server, kind, hash, body, incoming);
    default:
      return failed(405, `Method '${incoming.method}' not supported.`);
  }
}

function get(server: BazelRemoteProcess, kind: Kind, hash: string, { headers }: IncomingMessage): Answer {
  const bytes = server.store.get(kind, hash);
  if (!bytes) return failed(404, 'Not found');
  if (kind === 'ac' && headers.accept === 'application/json')
    return { status: 200, type: 'application/json', body: toJson(bytes) };
  return { status: 200, type: 'application/octet-stream', body: bytes };
}

function put(
  { store }: BazelRemoteProcess,
  kind: Kind,
  hash: string,
  body: Buffer,
  { headers, socket }: IncomingMessage,
): Answer {
  if (kind === 'ac') {
    const bytes = headers['content-type'] === 'application/json' ? fromJson(body.toString('utf8')) : body;
    const result = bytes && withWorker(bytes, `${socket.remoteAddress}:${socket.remotePort}`);
    if (!result)
      return failed(400, 'Failed to add worker metadata: proto: cannot parse invalid wire-format data');
    store.put('ac', hash, result);
    return { status: 200, body: '' };
  }
  const found = hashOf(body);
  if (found !== hash) {
    const what = `checksums don't match. Expected ${hash}, found ${found}`;
    return failed(500, `Failed to write compressed CAS blob to disk: ${what}`);
  }
  store.put('cas', hash, body);
  return { status: 200, body: '' };
}

/** As Go's `http.Error` writes it. */
function failed(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function statusOf(server: BazelRemoteProcess): string {
  const { store } = server;
  const status = {
    CurrSize: store.used(),
    UncompressedSize: store.used(),
    ReservedSize: 0,
    MaxSize: server.maxSize,
    NumFiles: store.files(),
    ServerTime: Math.floor(server.now() / 1000),
    GitCommit: server.commit,
    GitTags: server.version,
    NumGoroutines: 11,
  };
  return `${JSON.stringify(status, null, 1)}\n`;
}
