import { NeedsUser } from '../../core/failure.ts';

/** Where a server's gRPC is. */
export interface GrpcAddress {
  /** `grpc://host:port` or `grpcs://host:port`. */
  readonly shown: string;
  readonly host: string;
  readonly isTls: boolean;
}

/** Takes what Bazel takes for `--remote_cache`, and `host:port`. */
export function grpcAddress(address: string): GrpcAddress {
  const [, scheme = 'grpc', host = ''] = /^(?:(grpcs?):\/\/)?([^/?#@\s]+)\/?$/i.exec(address.trim()) ?? [];
  if (host === '' || !URL.canParse(`http://${host}`))
    throw badAddress('the address is no host and port of gRPC', 'Set it as grpc://host:9092.');
  const isTls = scheme.toLowerCase() === 'grpcs';
  const withPort = /:\d+$/.test(host) ? host : `${host}:${isTls ? 443 : 9092}`;
  return { shown: `${isTls ? 'grpcs' : 'grpc'}://${withPort}`, host: withPort, isTls };
}

/** Without a slash at the end. */
export function httpAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw badAddress(
      'the address is not http or https, or it holds a login',
      'Set it as http://host:8080, the login apart from it.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function badAddress(saw: string, next: string): NeedsUser {
  return new NeedsUser({ tried: 'connect to bazel-remote', saw, next: [next], code: 'bad-address' });
}
