import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A real bazel-remote on ports of its own. */
export interface RealBazelRemote {
  readonly http: number;
  readonly grpc: number;
  /** Ends the process and starts another on the same ports and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly flags?: readonly string[];
  /** Lines of an htpasswd file. */
  readonly htpasswd?: string;
  readonly certificate?: { readonly key: string; readonly cert: string };
}

export async function startBazelRemote(
  program: string,
  { flags = [], htpasswd, certificate }: StartOptions = {},
): Promise<RealBazelRemote> {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-bazel-'));
  const http = await freePort();
  const grpc = await freePort();
  const argv = ['--dir', join(folder, 'data'), '--max_size', '1', ...flags];
  argv.push('--http_address', `127.0.0.1:${http}`, '--grpc_address', `127.0.0.1:${grpc}`);
  if (htpasswd !== undefined) {
    writeFileSync(join(folder, 'htpasswd'), htpasswd);
    argv.push('--htpasswd_file', join(folder, 'htpasswd'));
  }
  if (certificate !== undefined) {
    for (const [name, text] of Object.entries(certificate)) writeFileSync(join(folder, name), text);
    argv.push('--tls_cert_file', join(folder, 'cert'), '--tls_key_file', join(folder, 'key'));
  }
  let end = await start(program, argv, [http, grpc]);
  return {
    http,
    grpc,
    async restart() {
      await end();
      end = await start(program, argv, [http, grpc]);
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when both ports take connections; gives what ends it. */
async function start(program: string, argv: readonly string[], ports: readonly number[]) {
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (piece) => {
    log += piece;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  for (const port of ports)
    while (!(await takesConnections(port))) {
      if (child.exitCode !== null) throw new Error(`bazel-remote ended: ${log}`);
      await wait(20);
    }
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
