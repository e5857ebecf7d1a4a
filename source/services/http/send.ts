import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { cameFields, type HeaderFields, headerFields } from './headers.ts';

export interface Sending {
  readonly method: string;
  readonly headers: HeaderFields;
  readonly body?: string | Uint8Array;
}

export interface Came {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Unpacked. Left early, it ends the connection. */
  readonly body: Readable;
}

/** Bodies that are packed by what they say may end early, as browsers take them. */
const patient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const patientBrotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

/**
 * One exchange over Node's own client and its kept connections, without redirects. Not fetch: its implementation holds ten
 * megabytes more, and takes twice the time a request.
 */
export function send(url: string, { method, headers, body }: Sending, signal: AbortSignal): Promise<Came> {
  const { promise, resolve, reject } = Promise.withResolvers<Came>();
  const given = headerFields(headers);
  if (!given.has('accept')) given.set('accept', '*/*');
  given.set('accept-encoding', 'gzip, deflate, br');
  if (typeof body === 'string' && !given.has('content-type'))
    given.set('content-type', 'text/plain;charset=UTF-8');
  // Node tells the length of a body by itself only for methods that usually have one.
  if (body !== undefined) given.set('content-length', String(Buffer.byteLength(body)));
  const request = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = request(url, { method, headers: Object.fromEntries(given) }, (came) => {
    const fields = cameFields(came.rawHeaders);
    const content = unpacked(came, method, fields);
    // Who reads it is told by the read; an answer that is stopped while nobody reads would end the program.
    content.on('error', () => {});
    // A whole answer has let go of its connection, which nobody listens to any more: only its rest is let go.
    stop = (reason) => (came.complete ? content : sent).destroy(reason);
    resolve({ status: came.statusCode ?? 0, headers: fields, body: content });
  });
  let stop: (reason: Error) => void = (reason) => sent.destroy(reason);
  sent.on('error', reject);
  const onAbort = (): void => stop(new DOMException('the request was stopped', 'AbortError'));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  sent.end(body);
  return promise;
}

function unpacked(came: IncomingMessage, method: string, headers: HeaderFields): Readable {
  const status = came.statusCode ?? 0;
  if (method === 'HEAD' || status === 204 || status === 304) return came;
  const unpack = unpackerOf(headers.get('content-encoding')?.trim().toLowerCase());
  return unpack ? pipeline(came, unpack, () => {}) : came;
}

function unpackerOf(encoding: string | undefined) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip(patient);
  if (encoding === 'deflate') return createInflate(patient);
  return encoding === 'br' ? createBrotliDecompress(patientBrotli) : undefined;
}
