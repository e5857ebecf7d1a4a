import type { Server } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import type { WorldClock } from '../types.ts';
import { createGrpc } from './grpc.ts';
import { createHttpCache } from './http.ts';
import { type BazelRemoteProcess, commitOf } from './server.ts';
import { createStore, type Store } from './store.ts';
import { startTraffic } from './traffic.ts';

export interface BazelRemoteOptions {
  readonly clock?: WorldClock;
  /** Free ones when absent. */
  readonly httpPort?: number;
  /** `none` listens to no gRPC. */
  readonly grpcPort?: number | 'none';
  /** An address of loopback; 127.0.0.1 when absent. */
  readonly address?: string;
  /** Bytes; 50 GiB when absent. */
  readonly maxSize?: number;
  readonly version?: string;
  /** `--enable_endpoint_metrics`; true when absent. */
  readonly hasMetrics?: boolean;
  /** Builds use it all the time; needs a clock. */
  readonly hasTraffic?: boolean;
  /** `--htpasswd_file`; everybody reads and writes when absent. HTTP alone: nothing is written over gRPC here. */
  readonly admits?: BazelRemoteProcess['admits'];
  /** What was stored before this process started. */
  readonly store?: Store;
}

export interface BazelRemoteServer {
  /** `http://127.0.0.1:PORT`. */
  readonly http: string;
  /** `grpc://127.0.0.1:PORT`. */
  readonly grpc: string;
  readonly store: Store;
  stop(): Promise<void>;
}

const gibibyte = 1024 ** 3;

/** Starts a bazel-remote in memory. Throws what `listen` throws, and then nothing is left running. */
export async function startBazelRemote(options: BazelRemoteOptions = {}): Promise<BazelRemoteServer> {
  const { clock, httpPort = 0, grpcPort = 0, address = '127.0.0.1', version = 'v2.6.2' } = options;
  const now = clock?.now ?? Date.now;
  const { store = createStore() } = options;
  const server: BazelRemoteProcess = {
    store,
    now,
    startedAt: now(),
    maxSize: options.maxSize ?? 50 * gibibyte,
    version,
    commit: commitOf(version),
    hasMetrics: options.hasMetrics ?? true,
    ...(options.admits ? { admits: options.admits } : {}),
    httpRequests: new Map(),
    grpcCalls: new Map(),
  };
  const http = createHttpCache(server);
  const sessions = new Set<ServerHttp2Session>();
  const grpc = createGrpc(server);
  grpc.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  const httpAt = await listen(http, httpPort, address);
  const grpcAt =
    grpcPort === 'none'
      ? 0
      : await listen(grpc, grpcPort, address).catch(async (cause) => {
          await close(http);
          throw cause;
        });
  const stopTraffic = clock && options.hasTraffic ? startTraffic(store, clock) : () => {};
  return {
    http: `http://${address}:${httpAt}`,
    grpc: `grpc://${address}:${grpcAt}`,
    store,
    async stop() {
      stopTraffic();
      for (const session of sessions) session.destroy();
      await Promise.all([close(http), ...(grpcPort === 'none' ? [] : [close(grpc)])]);
    },
  };
}

async function listen(server: TcpServer, port: number, address: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function close(server: TcpServer | Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
