import { plain } from './text/safe.ts';

/** What the operating system would not do, in the terms of a failure that the user can mend. */
export interface SystemRefusal {
  readonly saw: string;
  readonly next: string;
  readonly code: string;
}

/** Reads an error of Node that holds an errno; undefined for what no user can mend, and for every other thrown value. */
export function systemRefusal(thrown: unknown): SystemRefusal | undefined {
  if (!isSystemError(thrown)) return undefined;
  const program = thrown.code === 'ENOENT' ? /^spawn (.+)$/.exec(thrown.syscall)?.[1] : undefined;
  if (program !== undefined) return missing(plain(program));
  const known = refusals[thrown.code];
  return known && { saw: plain(thrown.message), ...known };
}

type Known = Pick<SystemRefusal, 'next' | 'code'>;

const denied: Known = {
  next: 'Make it yours to read and write, or name another place: TMPDIR, XDG_STATE_HOME, XDG_CONFIG_HOME.',
  code: 'no-access',
};
const full: Known = { next: 'Make room on that disk, then try again.', code: 'disk-full' };
const tooMany: Known = {
  next: 'Raise the limit of open files (ulimit -n), then try again.',
  code: 'open-files',
};

/** By Node's words for errno, as errno(3) tells them. */
const refusals: Readonly<Record<string, Known>> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: denied,
  ENOSPC: full,
  EDQUOT: full,
  EMFILE: tooMany,
  ENFILE: tooMany,
};

function missing(program: string): SystemRefusal {
  return {
    saw: `${program} is not installed, or not on the PATH`,
    next: `Install ${program}, or put its folder on the PATH.`,
    code: 'program-missing',
  };
}

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
}

function isSystemError(thrown: unknown): thrown is SystemError {
  if (!(thrown instanceof Error)) return false;
  const { code, syscall } = thrown as Partial<SystemError>;
  return typeof code === 'string' && typeof syscall === 'string';
}
