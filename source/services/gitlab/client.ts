import { Bug, type Failure } from '../../core/failure.ts';
import type { RateLimit } from '../../core/gitlab/model.ts';
import type { Secret } from '../../core/secret.ts';
import type { Grant } from '../grant.ts';
import { shownAddress } from '../http/address.ts';
import type { HeaderFields } from '../http/headers.ts';
import { withRetries } from '../http/retry.ts';
import type { HttpAnswer, HttpRequest, HttpStream, Transport } from '../http/types.ts';
import { answerFailure } from './answerFailure.ts';
import { readJson, webPage } from './json.ts';
import { nextClockOffset, readRateLimit } from './limits.ts';

export interface ClientOptions {
  readonly transport: Transport;
  readonly token: Secret | undefined;
  readonly tokenKind: 'bearer' | 'job';
  readonly redact: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

export interface Outgoing {
  readonly method: NonNullable<HttpRequest['method']>;
  readonly url: string;
  /** JSON. */
  readonly body?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For a write, which is sent once. Without it only reads are sent. */
  readonly grant?: Grant | undefined;
  /** A POST that changes nothing: a GraphQL query. */
  readonly isQuery?: boolean;
  /** The role that the route needs, for the words of a refusal. */
  readonly role?: string;
  readonly timeout?: number;
}

/** GitLab's manners over HTTP: the token, retries of reads, and a `Failure` for all that is no success. */
export interface Client {
  send(outgoing: Outgoing, options: CallOptions): Promise<HttpAnswer>;
  /** As `send`, and the JSON in it. */
  json(
    outgoing: Outgoing,
    options: CallOptions,
  ): Promise<{ readonly json: unknown; readonly headers: HeaderFields }>;
  /** A body of any length, as it arrives. */
  open(url: string, options: CallOptions): Promise<HttpStream>;
  rateLimit(): RateLimit | undefined;
  clockOffset(): number;
  /** Milliseconds since the epoch, by the server's clock. */
  serverNow(): number;
  readonly tokenKind: 'bearer' | 'job' | undefined;
}

const queryTimeout = 30_000;

export function createClient(options: ClientOptions): Client {
  const { transport, token, redact, now, random } = options;
  const tokenKind = token === undefined ? undefined : options.tokenKind;
  let rateLimit: RateLimit | undefined;
  let clockOffset = 0;

  const authentication = (): Record<string, string> => {
    if (token === undefined) return {};
    return tokenKind === 'job'
      ? { 'job-token': token.reveal() }
      : { authorization: `Bearer ${token.reveal()}` };
  };

  const requestOf = (
    { method, url, body }: Outgoing,
    { signal, timeout, isQuery }: CallOptions,
  ): HttpRequest => {
    const limit = timeout ?? (isQuery ? queryTimeout : undefined);
    return {
      method,
      url,
      headers: {
        accept: 'application/json',
        ...authentication(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
      ...(limit === undefined ? {} : { timeout: limit }),
    };
  };

  const named = ({ method, url }: Outgoing): string => redact(`${method} ${shownAddress(url)}`);

  const failureOf = (answer: HttpAnswer, outgoing: Outgoing, call: CallOptions): Failure =>
    answerFailure(answer, {
      tried: named(outgoing),
      isWrite: call.grant !== undefined,
      role: call.role,
      token: tokenKind,
      redact,
      now: now(),
    });

  const learn = (headers: HeaderFields, sentAt: number): void => {
    rateLimit = readRateLimit(headers) ?? rateLimit;
    clockOffset = nextClockOffset(clockOffset, headers, sentAt, now());
  };

  const send = async (outgoing: Outgoing, call: CallOptions): Promise<HttpAnswer> => {
    const { grant, signal } = call;
    if (!grant && !call.isQuery && outgoing.method !== 'GET' && outgoing.method !== 'HEAD')
      throw unguarded(named(outgoing));
    const once = async (): Promise<HttpAnswer> => {
      const sentAt = now();
      const request = requestOf(outgoing, call);
      const answer = grant ? await transport.write(grant, request) : await transport.read(request);
      learn(answer.headers, sentAt);
      if (answer.status < 200 || answer.status >= 300) throw failureOf(answer, outgoing, call);
      return answer;
    };
    return grant ? once() : withRetries(once, { signal, random });
  };

  return {
    send,
    async json(outgoing, call) {
      const answer = await send(outgoing, call);
      return { json: readJson(answer, named(outgoing), redact), headers: answer.headers };
    },
    async open(url, call) {
      const outgoing: Outgoing = { method: 'GET', url };
      const once = async (): Promise<HttpStream> => {
        const sentAt = now();
        const request = requestOf(outgoing, call);
        const headers = { ...request.headers, accept: '*/*' };
        const answer = await transport.stream({ ...request, headers, maxBytes: Number.POSITIVE_INFINITY });
        learn(answer.headers, sentAt);
        const isPage = (answer.headers.get('content-type') ?? '').includes('html');
        if (answer.status >= 200 && answer.status < 300 && !isPage) return answer;
        const body = await firstBytes(answer.body, 64 * 1024);
        if (answer.status >= 200 && answer.status < 300) throw webPage(named(outgoing), answer.status, '');
        throw failureOf({ ...answer, body }, outgoing, call);
      };
      return withRetries(once, { signal: call.signal, random });
    },
    rateLimit: () => rateLimit,
    clockOffset: () => clockOffset,
    serverNow: () => now() + clockOffset,
    tokenKind,
  };
}

async function firstBytes(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= limit) break;
  }
  return Buffer.concat(pieces);
}

function unguarded(tried: string): Bug {
  return new Bug({
    tried,
    saw: 'a write outside the gate',
    next: ['Perform it through the gate.'],
    code: 'no-grant',
  });
}
