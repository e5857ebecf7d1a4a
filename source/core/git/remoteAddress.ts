/** Where a git remote points, taken apart. */
export interface RemoteAddress {
  readonly scheme: 'ssh' | 'https' | 'http' | 'git';
  /** Lower case; an ssh alias stays an alias; an IPv6 address without brackets. */
  readonly host: string;
  readonly port?: number;
  /** Percent-decoded, without slashes at its ends and without `.git`. */
  readonly path: string;
}

const schemes: Readonly<Record<string, RemoteAddress['scheme']>> = {
  ssh: 'ssh',
  'git+ssh': 'ssh',
  'ssh+git': 'ssh',
  https: 'https',
  http: 'http',
  git: 'git',
};

/** Reads the forms of git's manual, "GIT URLS": a URL, or `[user@]host:path`. Undefined for local paths and other helpers. */
export function parseRemoteAddress(text: string): RemoteAddress | undefined {
  const [, name, authority, path] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/(.*)$/i.exec(text) ?? [];
  if (name !== undefined) {
    const scheme = schemes[name.toLowerCase()];
    const place = /^(?:.*@)?(?:\[([^\]]+)\]|([^:@[\]]+))(?::(\d*))?$/.exec(authority ?? '');
    const host = place?.[1] ?? place?.[2];
    if (!scheme || !host) return undefined;
    return address(scheme, host, path ?? '', place?.[3] ? Number(place[3]) : undefined);
  }
  // `[host:port]:path` is how scp-like addresses write a port, `[::1]:path` how they write IPv6.
  const bracketed = /^(?:[^@/:[\]]+@)?\[([^\]]+)\]:(.+)$/.exec(text);
  if (bracketed) {
    const [, inside = '', rest = ''] = bracketed;
    const [, host, port] = /^([^:]+):(\d+)$/.exec(inside) ?? [];
    return host ? address('ssh', host, rest, Number(port)) : address('ssh', inside, rest);
  }
  const [, host, rest] = /^(?:[^@/:]+@)?([^/:@]+):(?!\/\/|:)(.+)$/.exec(text) ?? [];
  if (host === undefined || rest === undefined || /^[a-z]$/i.test(host)) return undefined;
  return address('ssh', host, rest, undefined, false);
}

function address(
  scheme: RemoteAddress['scheme'],
  host: string,
  path: string,
  port?: number,
  isEncoded = true,
): RemoteAddress | undefined {
  const clean = decoded(path, isEncoded)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
  // A host that begins with a hyphen would be an option to ssh.
  if (clean === '' || /[\0-\x20\x7F]/.test(clean) || !/^[A-Za-z0-9_[:][\w.:%-]*$/.test(host))
    return undefined;
  const inRange = port === undefined || (port > 0 && port < 65_536);
  if (!inRange) return undefined;
  return { scheme, host: host.toLowerCase(), ...(port === undefined ? {} : { port }), path: clean };
}

function decoded(path: string, isEncoded: boolean): string {
  if (!isEncoded) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
