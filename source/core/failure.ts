import { systemRefusal } from './systemRefusal.ts';

/** Who must act: the user (with next steps), nobody but time (the outside is away), nobody (we refuse), or the programmers. */
export type FailureKind = 'needs-user' | 'unavailable' | 'refused' | 'bug';

export interface FailureDetails {
  /** What was tried: `GET https://gitlab.com/api/v4/user`. Never holds a secret. */
  readonly tried: string;
  /** What came back: `401 invalid_token: Token is expired`. Outside text is already made safe and redacted. */
  readonly saw: string;
  /** What to do next, one step an entry; never empty. */
  readonly next: readonly string[];
  /** A stable word for programs and tests: `token-expired`, `dns`, `timeout`, `not-a-checkout`. */
  readonly code: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** When to try again, in milliseconds from now, where the other side said so. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An error with what was tried, what came back and what to do next. The message is `tried: saw`. */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
  readonly tried: string;
  readonly saw: string;
  readonly next: readonly string[];
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;

  constructor(details: FailureDetails) {
    super(
      `${details.tried}: ${details.saw}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.tried = details.tried;
    this.saw = details.saw;
    this.next = details.next;
    this.code = details.code;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
  }
}

/** The user can mend it: a token, a scope, a configuration file, a host key to accept. */
export class NeedsUser extends Failure {
  override readonly name = 'NeedsUser';
  readonly kind = 'needs-user';
}

/** The outside does not answer now: refused, timed out, 5xx, 429. */
export class Unavailable extends Failure {
  override readonly name = 'Unavailable';
  readonly kind = 'unavailable';
}

/** We, or the other side, will not do it: read-only, a stale plan, a changed host key. */
export class Refused extends Failure {
  override readonly name = 'Refused';
  readonly kind = 'refused';
}

/** An answer or a state that the program does not understand; says what came. */
export class Bug extends Failure {
  override readonly name = 'Bug';
  readonly kind = 'bug';
}

/** Any thrown value as a Failure, `Bug` unless the system names what the user can mend; aborts stay aborts for the caller to rethrow. */
export function asFailure(thrown: unknown, tried: string): Failure {
  if (thrown instanceof Failure) return thrown;
  const refused = systemRefusal(thrown);
  if (refused) return new NeedsUser({ ...refused, tried, next: [refused.next], cause: thrown });
  const saw = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new Bug({
    tried,
    saw,
    next: ['Report this with the text above: it is not your mistake.'],
    code: 'unexpected',
    cause: thrown,
  });
}

/** True for the error an aborted call ends with. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
