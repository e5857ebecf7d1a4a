import { type Failure, NeedsUser, Refused, Unavailable } from '../../core/failure.ts';
import type { HttpAnswer } from '../http/types.ts';
import { type ErrorBody, readErrorBody } from './errorBody.ts';
import { retryAfter } from './limits.ts';

/** What was asked, as far as the words of a refusal need it. */
export interface Asked {
  /** `GET https://host/api/v4/…`, safe to show. */
  readonly tried: string;
  readonly isWrite: boolean;
  /** The role that the route needs. */
  readonly role: string | undefined;
  readonly token: 'bearer' | 'job' | undefined;
  readonly redact: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The failure for an answer that is no success. */
export function answerFailure(answer: Omit<HttpAnswer, 'latency' | 'url'>, asked: Asked): Failure {
  const { status, headers } = answer;
  const body = readErrorBody(answer.body, headers.get('content-type') ?? '');
  const words = asked.redact(body.text.startsWith(`${status}`) ? body.text : `${status} ${body.text}`.trim());
  const saw = body.isHtml ? `${words} (a web page, not GitLab's API)` : words;
  const details = { tried: asked.tried, saw, status };
  if (status === 401) return unauthorized(body, details, asked);
  if (status === 403) return forbidden(body, details, asked);
  if (status === 404) return new NeedsUser({ ...details, next: notFound(asked), code: 'not-found' });
  if (status === 429) {
    const wait = retryAfter(headers, asked.now);
    return new Unavailable({
      ...details,
      next: [wait === undefined ? 'Wait a minute.' : `Wait ${Math.ceil(wait / 1000)} s.`],
      code: 'rate-limited',
      ...(wait === undefined ? {} : { retryAfter: wait }),
    });
  }
  if (status >= 500) {
    const wait = retryAfter(headers, asked.now);
    const next = asked.isWrite
      ? ['It may have been done all the same: look before you send it again.']
      : ['Try again later; see the status page of the server.'];
    return new Unavailable({
      ...details,
      next,
      code: 'server-error',
      ...(wait === undefined ? {} : { retryAfter: wait }),
    });
  }
  if (status >= 300 && status < 400)
    return new NeedsUser({
      ...details,
      saw: `${status}: GitLab answers at another address`,
      next: ['Set the address of the server and the path of the project as they are now.'],
      code: 'moved',
    });
  return new Refused({ ...details, next: ['Change what GitLab names, then try again.'], code: 'rejected' });
}

interface Seen {
  readonly tried: string;
  readonly saw: string;
  readonly status: number;
}

function unauthorized(body: ErrorBody, details: Seen, { token }: Asked): NeedsUser {
  if (token === undefined)
    return new NeedsUser({
      ...details,
      next: ['Give a token with the scope read_api: huskycat-tui login.'],
      code: 'no-token',
    });
  const next =
    token === 'job'
      ? ['A job token ends with its job: use a personal access token with the scope read_api.']
      : ['Make a new token with the scope read_api, then: huskycat-tui login.'];
  const code = /expired/i.test(body.text)
    ? 'token-expired'
    : /revoked/i.test(body.text)
      ? 'token-revoked'
      : 'token-invalid';
  return new NeedsUser({ ...details, next, code });
}

function forbidden(body: ErrorBody, details: Seen, { token, role, isWrite }: Asked): Failure {
  if (body.error === 'insufficient_scope') {
    const scopes = body.scope?.split(/[\s,]+/).filter(Boolean) ?? [];
    const least = scopes.find((one) => one === 'read_api') ?? scopes[0] ?? (isWrite ? 'api' : 'read_api');
    const any = scopes.length > 0 ? scopes.join(' or ') : least;
    return new NeedsUser({
      ...details,
      saw: `${details.saw} (needs the scope ${any})`,
      next: [`Make a token with the scope ${least}, then: huskycat-tui login.`],
      code: 'missing-scope',
    });
  }
  if (body.error === 'insufficient_granular_scope')
    return new NeedsUser({
      ...details,
      next: ['Give the fine-grained token the permission that GitLab names, or use one with read_api.'],
      code: 'missing-scope',
    });
  const reason = body.isHtml ? '' : body.text.replace(/^403\s*(?:Forbidden)?[\s:-]*/i, '');
  if (isWrite && reason !== '')
    return new Refused({
      ...details,
      next: ['Look at its state again: GitLab names the reason.'],
      code: 'rejected',
    });
  const who = token === 'job' ? 'Use a personal access token: a job token may read little.' : undefined;
  return new NeedsUser({
    ...details,
    saw: role === undefined ? details.saw : `${details.saw}: needs the role ${role}`,
    next: [
      who ??
        (role === undefined
          ? 'Ask an owner of the project for a higher role.'
          : `Ask an owner for the role ${role}, or use a token of someone who has it.`),
    ],
    code: 'forbidden',
  });
}

/** GitLab hides what a token may not see behind the same 404. */
function notFound({ token, tried }: Asked): string[] {
  return [
    'Check its name: it is not there, or this token may not see it (GitLab answers both alike).',
    ...(token === undefined ? ['Without a token only public projects are seen: huskycat-tui login.'] : []),
    ...(token === 'job' ? ['A job token sees only its own project and those that allow it.'] : []),
    ...(tried.includes('%2F') ? ['A proxy that decodes %2F in paths also makes GitLab answer so.'] : []),
  ];
}
