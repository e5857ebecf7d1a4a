import { request as httpsRequest } from 'node:https';
import { Failure } from '../../core/failure.ts';
import type { Activity } from '../activity.ts';
import { shownAddress } from './address.ts';
import { abortError, connectionFailure, timeoutFailure, tooLargeFailure } from './errors.ts';
import { cameFields } from './headers.ts';
import { type Trust, trusting } from './trust.ts';
import type { HttpAnswer, HttpRequest, Transport } from './types.ts';

export interface TrustedTransportOptions {
  readonly activity: Activity;
  readonly redact: (text: string) => string;
  readonly trust: Trust;
}

const defaultMaxBytes = 32 * 1024 * 1024;

/** HTTPS to a server that is trusted by a certificate of its own: with it for this one alone. Follows no redirect. */
export function createTrustedTransport(options: TrustedTransportOptions): Pick<Transport, 'read' | 'write'> {
  return {
    read: (request) => exchange(request, options, false),
    async write(grant, request) {
      grant.check(`${request.method ?? 'GET'} ${shownAddress(request.url)}`);
      return exchange(request, options, true);
    },
  };
}

async function exchange(
  request: HttpRequest,
  { activity, redact, trust }: TrustedTransportOptions,
  isWrite: boolean,
): Promise<HttpAnswer> {
  const { method = 'GET', url, headers = {}, body, signal, timeout = 15_000 } = request;
  const { maxBytes = defaultMaxBytes } = request;
  const tried = redact(`${method} ${shownAddress(url)}`);
  const attempt = { tried, isWrite };
  if (signal?.aborted) throw abortError(signal);
  const shown = activity.begin('http', tried);
  const startedAt = performance.now();
  const late = AbortSignal.timeout(timeout);
  const until = signal ? AbortSignal.any([signal, late]) : late;
  let bytes: number | undefined;
  try {
    const answer = await new Promise<HttpAnswer>((resolve, reject) => {
      const sent = httpsRequest(
        url,
        { method, headers, agent: false, signal: until, ...trusting(trust) },
        (came) => {
          const latency = (performance.now() - startedAt) / 1000;
          const pieces: Buffer[] = [];
          bytes = 0;
          came.on('data', (piece: Buffer) => {
            bytes = (bytes ?? 0) + piece.length;
            if (bytes > maxBytes) came.destroy(tooLargeFailure(attempt, maxBytes));
            else pieces.push(piece);
          });
          came.on('error', reject);
          came.on('end', () => {
            const status = came.statusCode ?? 0;
            resolve({
              status,
              headers: cameFields(came.rawHeaders),
              body: Buffer.concat(pieces),
              latency,
              url,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    shown.end(`${answer.status}, ${answer.body.length} bytes`, answer.status >= 400);
    return answer;
  } catch (thrown) {
    if (signal?.aborted) {
      shown.end('stopped', true);
      throw abortError(signal);
    }
    const failure =
      thrown instanceof Failure
        ? thrown
        : late.aborted
          ? timeoutFailure(attempt, timeout, bytes)
          : connectionFailure(thrown, attempt);
    shown.end(failure.saw, true);
    throw failure;
  }
}
