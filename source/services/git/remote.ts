/** Where a remote points: `git@gitlab.com:tinyland/ai/huskycat.git`. */
export interface ProjectAddress {
  /** As written: an ssh alias stays an alias. */
  readonly host: string;
  /** Group and project, without `.git`; a sub-path install's prefix is part of it. */
  readonly path: string;
}

/** Reads the address of a git remote: scp-like, ssh, http(s). Undefined for local paths. */
export function parseRemote(url: string): ProjectAddress | undefined {
  const [, host, path] =
    /^(?:ssh|https?|git):\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(url) ??
    /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(url) ??
    [];
  if (host === undefined || path === undefined) return undefined;
  const clean = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return clean.includes('/') ? { host, path: clean } : undefined;
}
