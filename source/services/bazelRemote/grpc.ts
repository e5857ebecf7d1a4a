import { type ClientHttp2Session, connect } from 'node:http2';
import { Failure, Unavailable } from '../../core/failure.ts';
import type { Secret } from '../../core/secret.ts';
import type { Activity } from '../activity.ts';
import { abortError, connectionFailure, timeoutFailure, tooLargeFailure } from '../http/errors.ts';
import { type Trust, trusting } from '../http/trust.ts';
import type { GrpcAddress } from './address.ts';
import { decodeMessage, encodeMessage } from './grpcFraming.ts';
import { checkStatus, type GrpcHeaders } from './grpcStatus.ts';

export interface GrpcCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly message: Uint8Array;
}

export interface GrpcOptions {
  readonly authorization: Secret | undefined;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly activity?: Activity;
  readonly trust?: Trust;
}

/** One connection that reads with unary calls (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export interface GrpcClient {
  call(call: GrpcCall): Promise<Uint8Array>;
  close(): void;
}

const longest = 1024 * 1024;

/** Connects at the first call. A failure of the connection is the failure of every call. */
export function openGrpc({ shown, host, isTls }: GrpcAddress, options: GrpcOptions): GrpcClient {
  const { authorization, timeout, signal } = options;
  let session: ClientHttp2Session | undefined;
  let broken: unknown;
  const open = (): ClientHttp2Session => {
    const tls = isTls && options.trust ? trusting(options.trust) : {};
    session ??= connect(`${isTls ? 'https' : 'http'}://${host}`, tls).on('error', (error) => {
      broken = error;
    });
    return session;
  };

  const exchange = (call: GrpcCall, tried: string): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortError(signal));
      const stream = open().request({
        ':method': 'POST',
        ':path': call.path,
        ':scheme': isTls ? 'https' : 'http',
        te: 'trailers',
        'content-type': 'application/grpc',
        ...(authorization ? { authorization: authorization.reveal() } : {}),
      });
      const pieces: Buffer[] = [];
      let bytes = 0;
      let headers: GrpcHeaders | undefined;
      let trailers: GrpcHeaders | undefined;
      let error: unknown;
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        stream.destroy();
      }, timeout);
      const abort = (): void => void stream.destroy();
      signal?.addEventListener('abort', abort, { once: true });
      stream
        .on('response', (came) => {
          headers = came;
        })
        .on('trailers', (came) => {
          trailers = came;
        })
        .on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > longest) stream.close();
          else pieces.push(piece);
        })
        .on('error', (thrown) => {
          error = thrown;
        })
        .on('close', () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          try {
            if (signal?.aborted) throw abortError(signal);
            if (isLate) throw timeoutFailure({ tried, isWrite: false }, timeout, headers ? bytes : undefined);
            if (!headers) throw unanswered(tried, causeOf(error) ?? broken ?? error);
            if (bytes > longest) throw tooLargeFailure({ tried, isWrite: false }, longest);
            checkStatus(headers, trailers, tried);
            resolve(decodeMessage(Buffer.concat(pieces), tried));
          } catch (thrown) {
            reject(thrown);
          }
        });
      stream.end(encodeMessage(call.message));
    });

  return {
    async call(call) {
      const tried = `${shown}${call.path}`;
      const activity = options.activity?.begin('http', tried);
      try {
        const message = await exchange(call, tried);
        activity?.end(`OK, ${message.length} bytes`);
        return message;
      } catch (thrown) {
        activity?.end(thrown instanceof Failure ? thrown.saw : 'stopped', true);
        throw thrown;
      }
    },
    close: () => session?.destroy(),
  };
}

/** A stream that falls with its connection holds the error of the connection. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** Nothing of gRPC came back: the connection failed, was cut, or another protocol is spoken there. */
function unanswered(tried: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error === undefined || code === 'ERR_HTTP2_STREAM_CANCEL' || code === 'ERR_HTTP2_SESSION_ERROR')
    return new Unavailable({
      tried,
      saw: 'the connection was closed without an answer',
      next: [
        'Look whether gRPC is off (--grpc_address none), the server still reads its index, or it wants TLS (grpcs://).',
      ],
      code: 'reset',
    });
  const failure = connectionFailure(error, { tried, isWrite: false });
  if (failure.code !== 'tls' || !failure.saw.includes('does not speak TLS')) return failure;
  const { saw } = failure;
  return new Unavailable({ tried, saw, next: ['Use grpc:// here.'], code: 'tls' });
}
