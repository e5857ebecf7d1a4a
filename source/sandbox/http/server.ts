import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type Answer, AnswerError, type Request, text } from './answer.ts';

export interface HttpServerOptions {
  /** A free one when absent or 0. */
  readonly port?: number;
  /** Answers a request whose `params` are still empty. A thrown `AnswerError` is its answer, anything else a 500. */
  readonly handle: (request: Request) => Answer | Promise<Answer>;
  /** Added to every answer, unless it sets them itself. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Bytes of a request's body; 64 MiB when absent. A longer one is answered 413. */
  readonly maxBytes?: number;
}

export interface HttpServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection. */
  stop(): Promise<void>;
}

/** Serves HTTP/1.1 on loopback. Throws what `listen` throws, such as EADDRINUSE. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    answer(options, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: HttpServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await bodyOf(incoming, options.maxBytes ?? 64 * 1024 * 1024);
  const given = body ? await handled(options, requestOf(incoming, body)) : text('413 Payload Too Large', 413);
  const headers = { ...options.headers?.(), ...given.headers };
  for (const [name, value] of Object.entries(headers)) {
    outgoing.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  outgoing.statusCode = given.status;
  if (!body) outgoing.setHeader('Connection', 'close');
  await send(incoming.method === 'HEAD', given, outgoing);
}

async function send(isHead: boolean, { status, body }: Answer, outgoing: ServerResponse): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = Buffer.from(body ?? '');
    if (status !== 204 && status !== 304) outgoing.setHeader('Content-Length', bytes.length);
    outgoing.end(isHead ? undefined : bytes);
  } else if (isHead) outgoing.end();
  else await pipeline(body, outgoing);
}

async function handled({ handle }: HttpServerOptions, request: Request): Promise<Answer> {
  try {
    return await handle(request);
  } catch (thrown) {
    if (thrown instanceof AnswerError) return thrown.answer;
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return text(`500 Internal Server Error\n${stack ?? message}\n`, 500);
  }
}

function requestOf(incoming: IncomingMessage, body: Buffer): Request {
  const url = incoming.url ?? '/';
  const at = url.indexOf('?');
  const method = incoming.method ?? 'GET';
  return {
    method: method === 'HEAD' ? 'GET' : method,
    path: at < 0 ? url : url.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)),
    headers: incoming.headers,
    params: {},
    body,
  };
}

/** Undefined when there is more than `limit`. */
async function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
