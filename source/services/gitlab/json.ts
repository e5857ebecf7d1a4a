import type * as z from 'zod';
import { Bug, NeedsUser, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { HttpAnswer } from '../http/types.ts';
import { readErrorBody } from './errorBody.ts';

/** The JSON of a successful answer. A web page, nothing, and what is no JSON are failures that say so. */
export function readJson(answer: HttpAnswer, tried: string, redact: (text: string) => string): unknown {
  const { status } = answer;
  const { isHtml, text: title } = readErrorBody(answer.body, answer.headers.get('content-type') ?? '');
  if (isHtml) throw webPage(tried, status, redact(title));
  const text = new TextDecoder().decode(answer.body);
  const unavailable = (saw: string, code: string): Unavailable =>
    new Unavailable({
      tried,
      saw,
      status,
      next: ['Try again; a proxy between may cut or change answers.'],
      code,
    });
  if (text.trim() === '') throw unavailable(`${status} with an empty body`, 'empty-answer');
  try {
    return JSON.parse(text);
  } catch {
    const start = redact(plain(text.trim(), 80));
    throw unavailable(
      `${status} with broken JSON of ${answer.body.length} bytes: ${start}`,
      'malformed-json',
    );
  }
}

/** For what looks like an answer but is a sign-in page, or another server. */
export function webPage(tried: string, status: number, title: string): NeedsUser {
  return new NeedsUser({
    tried,
    saw: `${status} with a web page instead of GitLab's API${title ? `: "${title}"` : ''}`,
    status,
    next: [
      'Sign in to the proxy or VPN in front of the server: it may have sent its sign-in page.',
      'Check the address of the server, with the sub-path if it has one.',
    ],
    code: 'not-an-api',
  });
}

/** What GitLab sent, in the shape that is expected, or a `Bug` that names the fields that differ. It quotes no values. */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, route: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const differences = result.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`)
    .join('; ');
  const more = result.error.issues.length > 3 ? `; ${result.error.issues.length - 3} more` : '';
  throw new Bug({
    tried: route,
    saw: plain(`an answer of another shape: ${differences}${more}`, 500),
    next: ['Report this with the version of the GitLab server.'],
    code: 'unexpected-shape',
  });
}
