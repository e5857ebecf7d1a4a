import type { BazelRemoteState } from '../../core/caches/model.ts';
import type { Part } from '../../core/datum.ts';
import type { Secret } from '../../core/secret.ts';
import type { Activity } from '../activity.ts';
import { withRetries } from '../http/retry.ts';
import type { Trust } from '../http/trust.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../http/types.ts';
import { asPart } from '../part.ts';
import { grpcAddress, httpAddress } from './address.ts';
import { grpcInsteadOfHttp, httpInsteadOfGrpc } from './crossed.ts';
import { openGrpc } from './grpc.ts';
import { askCapabilities, askHealth, readMetrics, readStatus } from './probes.ts';
import type { BazelRemote } from './types.ts';

export interface BazelRemoteOptions {
  /** `http://host:9090`. */
  readonly http: string;
  /** `grpc://host:9092`, `grpcs://…` with TLS, or `host:port`. */
  readonly grpc: string;
  /** Value of the header: `Basic …`. */
  readonly authorization?: Secret;
  readonly transport: Pick<Transport, 'read'>;
  /** For a server whose certificate no machine trusts by itself; the transport must trust it too. */
  readonly trust?: Trust;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Shows the gRPC calls; those over HTTP are the transport's. */
  readonly activity?: Activity;
  /** Milliseconds for each request; 10 s when absent. */
  readonly timeout?: number;
}

/** Reads one bazel-remote on both its ports. Throws `NeedsUser` for an address that is none. */
export function connectBazelRemote(options: BazelRemoteOptions): BazelRemote {
  const { transport, authorization, now, timeout = 10_000 } = options;
  const http = httpAddress(options.http);
  const address = grpcAddress(options.grpc);
  const grpc = address.shown;

  return {
    http,
    grpc,
    async look(signal): Promise<BazelRemoteState> {
      const ask: Ask = (path, read) => {
        const request: HttpRequest = {
          url: `${http}${path}`,
          headers: authorization ? { authorization: authorization.reveal() } : {},
          timeout,
          maxBytes: 8 * 1024 * 1024,
          ...(signal ? { signal } : {}),
        };
        const tried = `GET ${request.url}`;
        const attempt = async () => {
          const answer = await transport.read(request);
          return { read: read(answer, tried), latency: answer.latency };
        };
        return asPart(withRetries(attempt, { signal, random: Math.random }), tried);
      };
      const grpcOptions = {
        authorization,
        timeout,
        signal,
        ...(options.activity ? { activity: options.activity } : {}),
        ...(options.trust ? { trust: options.trust } : {}),
      };
      const client = openGrpc(address, grpcOptions);
      try {
        const [status, metrics, health, capabilities] = await Promise.all([
          ask('/status', readStatus),
          ask('/metrics', (answer, tried) => readMetrics(answer, now(), tried)),
          asPart(askHealth(client), `${grpc} health`),
          asPart(askCapabilities(client), `${grpc} capabilities`),
        ]);
        const wrongHttp = isOdd(status) ? await grpcInsteadOfHttp(http, grpcOptions) : undefined;
        const wrongGrpc = isOdd(health)
          ? await httpInsteadOfGrpc(address, transport, { timeout, signal })
          : undefined;
        return {
          http,
          grpc,
          ...('value' in status ? { latency: status.value.latency } : {}),
          status: wrongHttp ?? withoutLatency(status),
          metrics: wrongHttp ?? withoutLatency(metrics),
          health: wrongGrpc ?? health,
          capabilities: wrongGrpc ?? capabilities,
        };
      } finally {
        client.close();
      }
    },
  };
}

interface Timed<T> {
  readonly read: T;
  readonly latency: number;
}

type Ask = <T>(path: string, read: (answer: HttpAnswer, tried: string) => T) => Promise<Part<Timed<T>>>;

function withoutLatency<T>(part: Part<Timed<T>>): Part<T> {
  return 'value' in part ? { value: part.value.read } : part;
}

/** Something answered, and it was not what was asked: perhaps the other port. */
function isOdd(part: Part<unknown>): boolean {
  return 'failure' in part && /^(?:garbled|reset|not-grpc)$/.test(part.failure.code);
}
