import { type Failure, NeedsUser, Refused, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';

/** Headers or trailers, names in lower case. */
export type GrpcHeaders = Readonly<Record<string, string | string[] | number | undefined>>;

const names = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

const passing: ReadonlySet<string> = new Set([
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
  'UNAVAILABLE',
]);

/** Throws unless the call ended well. The status is in the trailers, or in the headers of an answer without a body. */
export function checkStatus(headers: GrpcHeaders, trailers: GrpcHeaders | undefined, tried: string): void {
  const http = Number(headers[':status']);
  const type = String(headers['content-type'] ?? '');
  const written = trailers?.['grpc-status'] ?? headers['grpc-status'];
  if (written === '0' && http === 200) return;
  if (written === undefined && (http !== 200 || !type.startsWith('application/grpc')))
    throw new NeedsUser({
      tried,
      saw: plain(`HTTP ${http} with ${type || 'no type'}, no gRPC`, 200),
      ...(Number.isFinite(http) ? { status: http } : {}),
      next: ['Check the host and port: a web server or a proxy answers there.'],
      code: 'not-grpc',
    });
  const message = trailers?.['grpc-message'] ?? headers['grpc-message'];
  throw failureOf(written, typeof message === 'string' ? message : '', tried);
}

function failureOf(written: GrpcHeaders[string], message: string, tried: string): Failure {
  const name = written === undefined ? undefined : names[Number(written)];
  if (name === undefined)
    return new Unavailable({
      tried,
      saw:
        written === undefined ? 'the answer was cut: it has no status' : plain(`gRPC status ${written}`, 60),
      next: ['Try again; a proxy between may cut connections.'],
      code: 'reset',
    });
  const saw = plain(`gRPC ${written} ${name}${message === '' ? '' : `: ${decoded(message)}`}`, 300);
  if (name === 'UNAUTHENTICATED')
    return new NeedsUser({ tried, saw, next: ['Give the login of the cache.'], code: 'login-wanted' });
  if (name === 'PERMISSION_DENIED')
    return new NeedsUser({ tried, saw, next: ['Use a login that may read.'], code: 'no-right' });
  if (name === 'UNIMPLEMENTED')
    return new NeedsUser({
      tried,
      saw,
      next: ['Check the host and port: it speaks gRPC, but is no remote cache of Bazel.'],
      code: 'unimplemented',
    });
  const next = ['Look at the server’s log.'];
  return passing.has(name)
    ? new Unavailable({ tried, saw, next, code: 'server-error' })
    : new Refused({ tried, saw, next, code: 'rejected' });
}

/** Messages are percent-encoded. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
