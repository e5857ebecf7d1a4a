import { type FailureView, viewFailure } from '../../core/datum.ts';
import { Failure, NeedsUser } from '../../core/failure.ts';
import type { Transport } from '../http/types.ts';
import { type GrpcAddress, grpcAddress } from './address.ts';
import { type GrpcOptions, openGrpc } from './grpc.ts';
import { askHealth } from './probes.ts';

interface Wrong {
  readonly failure: FailureView;
}

/** Says so when what was taken for the HTTP port speaks gRPC. */
export async function grpcInsteadOfHttp(http: string, options: GrpcOptions): Promise<Wrong | undefined> {
  const { host, protocol } = new URL(http);
  const client = openGrpc(grpcAddress(`${protocol === 'https:' ? 'grpcs' : 'grpc'}://${host}`), options);
  try {
    await askHealth(client);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return undefined;
  } finally {
    client.close();
  }
  return wrong(
    `GET ${http}/status`,
    'this is the gRPC port: it answers gRPC, not HTTP/1',
    'Set the HTTP port (--http_address, 8080 in the container).',
  );
}

/** Says so when what was taken for the gRPC port speaks HTTP/1. */
export async function httpInsteadOfGrpc(
  { shown, host, isTls }: GrpcAddress,
  transport: Pick<Transport, 'read'>,
  { timeout, signal }: Pick<GrpcOptions, 'timeout' | 'signal'>,
): Promise<Wrong | undefined> {
  const url = `${isTls ? 'https' : 'http'}://${host}/status`;
  try {
    const { status } = await transport.read({ url, timeout, ...(signal ? { signal } : {}) });
    return wrong(
      `${shown}/grpc.health.v1.Health/Check`,
      `this is the HTTP port: GET /status answers ${status}`,
      'Set the gRPC port (--grpc_address, 9092 when it is not given).',
    );
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return undefined;
  }
}

function wrong(tried: string, saw: string, next: string): Wrong {
  return { failure: viewFailure(new NeedsUser({ tried, saw, next: [next], code: 'crossed-ports' })) };
}
