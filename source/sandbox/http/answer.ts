import type { IncomingHttpHeaders } from 'node:http';

/** A request as the sandbox's servers see it. */
export interface Request {
  /** HEAD is given as GET; its answer loses the body on the way. */
  readonly method: string;
  /** The raw path, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What the route's `:name` and `*name` stand for, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The whole body, empty when there is none. */
  readonly body: Buffer;
}

/** What is sent back. `Content-Length` is set where the body is whole. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** An answer that a handler throws, from however deep. */
export class AnswerError extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answers ${answer.status}`);
    this.answer = answer;
  }
}

/** JSON, without indentation. */
export function json(value: unknown, status = 200, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Plain text in UTF-8. */
export function text(body: string, status = 200, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** The body as JSON; undefined when it is empty. Throws `SyntaxError`. */
export function parseJson({ body }: Pick<Request, 'body'>): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
}
