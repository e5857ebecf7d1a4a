import type { Options } from '../services/config/options.ts';

/** Both ports of a bazel-remote: Bazel uses one, people and scrapers the other. */
export interface BazelAddresses {
  /** `http://host:port`. */
  readonly http: string;
  /** `grpc://host:port`. */
  readonly grpc: string;
}

/** The ports of the plan's container. */
const httpPort = 9090;
const grpcPort = 9092;

/**
 * The addresses of an option that may name either port: `http://host:9090`, `grpc://host:9092` or `host`. The other is on the
 * same host at the plan's port, unless it was given. Undefined when nothing names a server.
 */
export function bazelAddresses({ bazelRemote, bazelRemoteGrpc }: Options): BazelAddresses | undefined {
  const given = [bazelRemote?.value, bazelRemoteGrpc?.value].flatMap((text) => parsed(text) ?? []);
  const http = given.find(({ protocol }) => protocol.startsWith('http'));
  const grpc = given.find(({ protocol }) => protocol.startsWith('grpc'));
  const [any] = given;
  if (!any) return undefined;
  const host = any.hostname;
  const isSecure = given.some(({ protocol }) => protocol === 'https:' || protocol === 'grpcs:');
  return {
    http: http ? withoutSlash(http.href) : `http${isSecure ? 's' : ''}://${host}:${httpPort}`,
    grpc: grpc ? withoutSlash(grpc.href) : `grpc${isSecure ? 's' : ''}://${host}:${grpcPort}`,
  };
}

function parsed(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = /^[a-z]+:\/\//.test(text)
    ? text
    : /:\d+$/.test(text)
      ? `grpc://${text}`
      : `http://${text}:${httpPort}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function withoutSlash(href: string): string {
  return href.replace(/\/+$/, '');
}
