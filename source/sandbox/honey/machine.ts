/** A mounted file system. */
export interface Mount {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number;
}

/** Something that listens on a TCP port of honey, beside its containers. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly process: string;
  readonly pid: number;
}

/** The mount that a path is on. */
export function mountOf({ mounts }: { readonly mounts: readonly Mount[] }, path: string): Mount | undefined {
  const within = mounts.filter(
    (mount) => mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`),
  );
  return within.sort((a, b) => b.path.length - a.path.length)[0];
}
