import { Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { HttpAnswer } from './types.ts';

/** The body of an answer that is short text, and what it is. */
export interface AnswerText {
  readonly text: string;
  readonly isHtml: boolean;
  /** Status and the body's first words, or a web page's title, in one line that is safe to show. */
  readonly saw: string;
}

/** Reads a body as text; proxies put web pages in the place of any answer. */
export function answerText({ status, headers, body }: HttpAnswer): AnswerText {
  const text = new TextDecoder().decode(body);
  const start = text.slice(0, 64 * 1024);
  const isHtml =
    (headers.get('content-type') ?? '').includes('html') || /^\s*<(?:!doctype|html|head|body)\b/i.test(start);
  const title = /<title[^>]{0,200}>([^<]{0,300})/i.exec(start)?.[1]?.trim();
  const words = isHtml ? `a web page${title ? `: "${title}"` : ''}` : start.trim();
  return {
    text,
    isHtml,
    saw: plain(words === '' ? `${status} with an empty body` : `${status} ${words}`, 200),
  };
}

/** The failure for 429 and 5xx, which may pass; undefined for every other status. */
export function passingFailure(
  { status, headers }: HttpAnswer,
  tried: string,
  saw: string,
): Unavailable | undefined {
  if (status !== 429 && status < 500) return undefined;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: seconds * 1000 } : {};
  const code = status === 429 ? 'rate-limited' : 'server-error';
  return new Unavailable({
    tried,
    saw,
    status,
    next: ['Try again later; see the server’s log.'],
    code,
    ...wait,
  });
}

/** The value that a text is JSON of; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
