import type { RemoteAddress } from './remoteAddress.ts';
import { withoutWww } from './server.ts';

/** The project that a remote names. */
export interface RemoteProject {
  /** The server's base address: `https://gitlab.com`, `https://example.com/gitlab`. */
  readonly server: string;
  /** `tinyland/ai/huskycat`. */
  readonly path: string;
}

/**
 * The GitLab project behind a remote. An ssh port says nothing about the API's, so the server of an ssh remote is https
 * on its own port, unless one of `servers` (base addresses that the user configured) has the same host: then it is that one,
 * and its sub-path comes off the project. `altssh.gitlab.com` is GitLab.com's ssh on port 443. Undefined when the path
 * is no group and project.
 */
export function remoteProject(
  address: RemoteAddress,
  servers: readonly string[] = [],
): RemoteProject | undefined {
  const host = address.host === 'altssh.gitlab.com' ? 'gitlab.com' : withoutWww(address.host);
  const isWeb = address.scheme === 'https' || address.scheme === 'http';
  const name = host.includes(':') ? `[${host}]` : host;
  const own = new URL(`${isWeb ? address.scheme : 'https'}://${name}`);
  if (isWeb && address.port !== undefined) own.port = String(address.port);
  const known = servers
    .map((server) => new URL(server))
    .filter((url) => url.hostname === own.hostname && (!isWeb || url.host === own.host))
    .sort((a, b) => b.pathname.length - a.pathname.length);
  for (const url of known) {
    const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
    const path = below(prefix, address.path) ?? (isWeb ? undefined : address.path);
    if (path !== undefined && isProject(path))
      return { server: `${url.protocol}//${url.host}${prefix && `/${prefix}`}`, path };
  }
  return isProject(address.path) ? { server: `${own.protocol}//${own.host}`, path: address.path } : undefined;
}

function below(prefix: string, path: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}

/** Group and project, as GitLab allows their paths. */
function isProject(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.length > 1 &&
    parts.every((part) => /^[\p{L}\p{N}_.][\p{L}\p{N}_.-]*$/u.test(part) && !/^\.\.?$/.test(part))
  );
}
