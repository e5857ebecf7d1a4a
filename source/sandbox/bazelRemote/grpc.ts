import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { protobufFields } from '../../core/bazel/protobuf.ts';
import { bytesOf } from './protobuf.ts';
import { type BazelRemoteProcess, count } from './server.ts';

/** ServerCapabilities: SHA256, updates, symlinks, zstd, 2^63-1 bytes a blob, splice, API 2.0 to 2.3. */
const capabilities = Buffer.from(
  '0a1f0a0101120208011a020a0028023201013a010140ffffffffffffffff7f5001220208022a0408021003',
  'hex',
);
const serving = Buffer.from('0801', 'hex');

/** Health knows the server as a whole, and by this odd name. */
const knownServices = ['', '/grpc.health.v1.Health/Check'];

/** The gRPC port: health and capabilities, over HTTP/2 without TLS. */
export function createGrpc(server: BazelRemoteProcess): Http2Server {
  const http2 = createServer();
  http2.on('stream', (stream, headers) => {
    const path = headers[':path'] ?? '';
    const parts: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const code = answer(stream, path, Buffer.concat(parts).subarray(5));
      const [, service = '', method = ''] = path.split('/');
      const labels = `grpc_code="${code}",grpc_method="${method}",grpc_service="${service}",grpc_type="unary"`;
      if (code !== 'Unimplemented') count(server.grpcCalls, `{${labels}}`);
    });
  });
  return http2;
}

function answer(stream: ServerHttp2Stream, path: string, message: Buffer): string {
  if (path === '/build.bazel.remote.execution.v2.Capabilities/GetCapabilities')
    return reply(stream, capabilities);
  if (path !== '/grpc.health.v1.Health/Check') {
    const [, service = ''] = path.split('/');
    return refuse(stream, 12, 'Unimplemented', `unknown service ${service}`);
  }
  const service = Buffer.from(bytesOf(protobufFields(message) ?? [], 1) ?? []).toString('utf8');
  if (knownServices.includes(service)) return reply(stream, serving);
  return refuse(stream, 5, 'NotFound', 'unknown service');
}

function reply(stream: ServerHttp2Stream, message: Buffer): string {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': '' }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([prefix, message]));
  return 'OK';
}

/** An error stands in the headers: there are no trailers then. */
function refuse(stream: ServerHttp2Stream, status: number, code: string, text: string): string {
  const headers = { 'grpc-status': String(status), 'grpc-message': text };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { endStream: true });
  return code;
}
