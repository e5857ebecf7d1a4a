import { Failure } from '../../core/failure.ts';
import type { Activity } from '../activity.ts';
import { headersFor, redirectTarget, shownAddress } from './address.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import {
  abortError,
  connectionFailure,
  redirectFailure,
  timeoutFailure,
  tooLargeFailure,
  unsendable,
} from './errors.ts';
import { type HeaderFields, headerFields } from './headers.ts';
import { type Came, type Sending, send } from './send.ts';
import type { HttpRequest, HttpStream } from './types.ts';

export interface TransportOptions {
  readonly activity: Activity;
  readonly redact: (text: string) => string;
  /** Milliseconds for requests that do not say; 15 s when absent. */
  readonly timeout?: number;
  readonly userAgent?: string;
}

/** An exchange under way: its place in Activity, its time limit, and how it ends. */
export interface Call {
  readonly deadline: Deadline;
  /** Sends, follows redirects, and gives the answer with its body unread. */
  open(): Promise<HttpStream>;
  /** The first of `done` and `failed` is what Activity shows. */
  done(status: number, bytes: number): void;
  /** What to throw for `thrown`; `bytes` is what had come of a body. */
  failed(thrown: unknown, bytes?: number): Error;
}

const maxRedirects = 5;
const defaultMaxBytes = 32 * 1024 * 1024;

/** Shows the call in Activity and starts its time limit; throws before both when it cannot be sent. */
export function beginCall(request: HttpRequest, isWrite: boolean, options: TransportOptions): Call {
  const { activity, redact, userAgent = 'huskycat-tui' } = options;
  const { method = 'GET', signal, maxBytes = defaultMaxBytes } = request;
  const timeout = request.timeout ?? options.timeout ?? 15_000;
  if (signal?.aborted) throw abortError(signal);
  const tried = redact(`${method} ${shownAddress(request.url)}`);
  const attempt = { tried, isWrite };
  const headers = sendable(request, tried);
  if (!headers.has('user-agent')) headers.set('user-agent', userAgent);
  const shown = activity.begin('http', tried);
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) * 10) / 10_000;
  const deadline = createDeadline(timeout, signal);
  deadline.start();

  let hasEnded = false;
  const end = (result: string, isFailure: boolean): void => {
    if (!hasEnded) shown.end(result, isFailure);
    hasEnded = true;
  };
  const translate = (thrown: unknown, bytes?: number): Error => {
    if (signal?.aborted) return abortError(signal);
    if (deadline.hasPassed()) return timeoutFailure(attempt, timeout, bytes);
    return thrown instanceof Failure ? thrown : connectionFailure(thrown, attempt);
  };

  const follow = async (): Promise<{ response: Came; url: string }> => {
    let url = request.url;
    let step: Sending = {
      method,
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
    };
    for (let hops = 0; ; hops++) {
      const response = await send(url, step, deadline.signal);
      const target = isWrite ? undefined : redirectTarget(url, response.status, response.headers);
      if (!target) return { response, url };
      response.body.destroy();
      if (hops === maxRedirects)
        throw redirectFailure(
          attempt,
          `more than ${maxRedirects} redirects, the last to ${shownAddress(target.href)}`,
        );
      if (target.protocol !== 'http:' && target.protocol !== 'https:')
        throw redirectFailure(attempt, `a redirect to ${target.protocol}`);
      step = redirected(step, response.status, headersFor(url, target, step.headers));
      url = target.href;
    }
  };

  return {
    deadline,
    async open() {
      const { response, url } = await follow();
      const latency = seconds();
      const body = limited(response.body, maxBytes, () => tooLargeFailure(attempt, maxBytes));
      return { status: response.status, headers: response.headers, latency, url, body };
    },
    done(status, bytes) {
      end(`${status}, ${bytes} bytes in ${seconds()} s`, status >= 400);
    },
    failed(thrown, bytes) {
      const error = translate(thrown, bytes);
      end(error instanceof Failure ? error.saw : 'stopped', true);
      return error;
    },
  };
}

/** As the fetch standard has it: POST becomes GET on 301 and 302, everything does on 303, and 307 and 308 keep all. */
function redirected(step: Sending, status: number, given: HeaderFields): Sending {
  const headers = headerFields(given);
  const becomesGet = status === 303 || ((status === 301 || status === 302) && step.method === 'POST');
  if (!becomesGet || step.method === 'HEAD') return { ...step, headers };
  headers.delete('content-type');
  return { method: 'GET', headers };
}

/** What Node throws for a header that it cannot send may quote it; this does not. */
function sendable(request: HttpRequest, tried: string): ReturnType<typeof headerFields> {
  const protocol = URL.canParse(request.url) ? new URL(request.url).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:')
    throw unsendable(tried, 'not an http or https address', 'Give the address as https://host/path.');
  if (/^https?:\/\/[^/?#]*@/i.test(request.url))
    throw unsendable(
      tried,
      'the address holds a user name or password',
      'Give the token apart from the address.',
    );
  try {
    return headerFields(Object.entries(request.headers ?? {}));
  } catch {
    throw unsendable(
      tried,
      'a header cannot be sent: it holds a line break or another character that has no place there',
      'Enter the token again, without spaces and line breaks.',
    );
  }
}

async function* limited(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  tooLarge: () => Failure,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limit) throw tooLarge();
    yield piece;
  }
}
