import type { Grant } from '../grant.ts';
import type { HeaderFields } from './headers.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** May hold a token: never shown, never in a failure. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds until the whole answer is there; 15 s when absent. */
  readonly timeout?: number;
  /** Bytes of the body that are taken; 32 MiB when absent. A longer one is a failure. */
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Uint8Array;
  /** Seconds from request to the end of the answer's headers. */
  readonly latency: number;
  /** The address that answered, after redirects. */
  readonly url: string;
}

export interface HttpStream extends Omit<HttpAnswer, 'body'> {
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The one way to speak HTTP. Any status is an answer; no answer is a `Failure`: `Unavailable` with code `dns`, `refused`,
 * `unreachable`, `tls`, `timeout`, `reset`, `too-large`, `redirect`, `garbled`; `NeedsUser` `bad-request` for what cannot be
 * sent. Retries belong to the services. A redirect to another origin loses credentials; a write follows none.
 */
export interface Transport {
  /** Requests that change nothing. POST is for queries alone. */
  read(request: HttpRequest): Promise<HttpAnswer>;
  /** As `read`, with the body as it arrives; `timeout` counts from piece to piece. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Requests that change something, within a write of the gate. */
  write(grant: Grant, request: HttpRequest): Promise<HttpAnswer>;
}
