import { type AddressInfo, connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { BazelRemoteServer } from '../../bazelRemote/start.ts';

/** In PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** The same server with TLS before both its ports. Throws what `listen` throws, with the port. */
export async function withTls(
  plain: BazelRemoteServer,
  tls: TlsPair,
  ports: { readonly http: number; readonly grpc: number | 'none' },
): Promise<BazelRemoteServer> {
  const ends: (() => Promise<void>)[] = [() => plain.stop()];
  const open = async (target: string, port: number, protocols: string[]): Promise<string> => {
    const server = await terminate(Number(target.split(':').at(-1)), port, { tls, protocols });
    ends.unshift(server.stop);
    return `127.0.0.1:${server.port}`;
  };
  const stop = async (): Promise<void> => {
    for (const end of ends) await end();
  };
  try {
    const http = `https://${await open(plain.http, ports.http, ['http/1.1'])}`;
    const grpc = ports.grpc === 'none' ? plain.grpc : `grpcs://${await open(plain.grpc, ports.grpc, ['h2'])}`;
    return { http, grpc, store: plain.store, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

interface Terminated {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

function terminate(
  target: number,
  port: number,
  { tls, protocols }: { readonly tls: TlsPair; readonly protocols: string[] },
): Promise<Terminated> {
  const sockets = new Set<TLSSocket>();
  const server = createServer({ ...tls, ALPNProtocols: protocols, minVersion: 'TLSv1.2' }, (socket) => {
    sockets.add(socket);
    const inner = connect(target, '127.0.0.1');
    const end = (): void => {
      sockets.delete(socket);
      socket.destroy();
      inner.destroy();
    };
    for (const one of [socket, inner]) one.on('error', end).on('close', end);
    socket.pipe(inner).pipe(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const stop = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          for (const socket of sockets) socket.destroy();
        });
      resolve({ port: (server.address() as AddressInfo).port, stop });
    });
  });
}
