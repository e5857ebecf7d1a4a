import { type Failure, NeedsUser, Refused } from '../../core/failure.ts';
import { isObject } from '../../core/jwt.ts';
import type { AtticToken } from '../../core/nix/atticToken.ts';
import { plain } from '../../core/text/safe.ts';
import { type AnswerText, answerText, parseJson, passingFailure } from '../http/answerText.ts';
import type { HttpAnswer, HttpRequest } from '../http/types.ts';

/** What came back with 200. */
export interface AtticAnswer extends AnswerText {
  readonly latency: number;
  /** The address that answered, after redirects. */
  readonly url: string;
}

/** What was asked, as far as the words of a refusal need it. */
export interface Asked {
  readonly tried: string;
  readonly request: HttpRequest;
  /** What the token that was sent says of itself; absent without one. */
  readonly token: AtticToken | undefined;
}

/** The answer when it is a 200 of Attic's, and the failure for everything else. */
export function accepted(answer: HttpAnswer, asked: Asked): AtticAnswer {
  const said = answerText(answer);
  if (answer.status === 200 && !said.isHtml) return { ...said, latency: answer.latency, url: answer.url };
  throw failureOf(answer, said, asked);
}

/** What axum rejects before Attic sees it comes as plain text. */
const plainRejections: ReadonlySet<number> = new Set([400, 415, 422]);

function failureOf(answer: HttpAnswer, said: AnswerText, { tried, token }: Asked): Failure {
  const { status } = answer;
  const { name, message } = errorOf(said.text);
  const saw = name === undefined ? said.saw : `${status} ${name}: ${message}`;
  const needs = (code: string, next: string[]): NeedsUser =>
    new NeedsUser({ tried, saw, status, next, code });
  const passing = passingFailure(answer, tried, saw);
  if (passing) return passing;
  const isOwn = name !== undefined || (!said.isHtml && plainRejections.has(status));
  if (!isOwn)
    return needs('not-attic', [
      'Check the address: another server, or the sign-in page of a proxy or VPN, answers there.',
    ]);
  if (status === 401)
    return token === undefined
      ? needs('token-wanted', [
          'Give a token that may pull (ATTIC_TOKEN), if the cache is private.',
          'Check the name of the cache: Attic answers in the same way when there is none.',
        ])
      : needs('token-not-accepted', [
          token.problem === undefined
            ? 'Make a new token: this one is of another server, or the server’s secret has changed.'
            : `Make a new token: ${token.problem}.`,
          'Check the name of the cache: Attic answers in the same way when there is none.',
        ]);
  if (status === 403) return needs('no-right', ['Use a token that may pull from this cache.']);
  if (name === 'NoSuchCache') return needs('no-such-cache', ['Check the name of the cache, or create it.']);
  if (name === 'NoSuchObject') return needs('not-in-cache', ['Push the path, or ask for one that is there.']);
  if (status === 400 && /host/i.test(`${message ?? ''} ${said.text}`))
    return needs('bad-host', [
      'Name this host and port in allowed-hosts of the server’s configuration, in the same case.',
    ]);
  return new Refused({
    tried,
    saw,
    status,
    next: ['Check the address and the server’s version.'],
    code: 'rejected',
  });
}

/** Attic's error body: `{"code":401,"error":"Unauthorized","message":"Unauthorized."}`. */
function errorOf(text: string): { name?: string; message?: string } {
  const body = parseJson(text);
  if (!isObject(body) || typeof body.error !== 'string' || typeof body.code !== 'number') return {};
  const message = typeof body.message === 'string' ? body.message : '';
  return { name: plain(body.error, 60), message: plain(message, 200) };
}
