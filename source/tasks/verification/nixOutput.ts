/** What `nix build` said that it did. */
export interface NixOutput {
  /** Paths copied, by where they came from, without a trailing slash. */
  readonly copied: ReadonlyMap<string, number>;
  readonly built: number;
  /** Paths that a cache had and nix passed over, since it does not trust their signature. */
  readonly ignored: number;
  /** The first error. */
  readonly error?: string;
}

/** As older versions of nix say it; newer ones say that they ignore the substitute. */
const unsigned = /the substitute for '([^'\s]+)' from '[^'\s]+' is not signed by any of the keys/;

/** The lines that say it. */
export const nixLines =
  /copying path '|building '|ignoring substitute|not signed by any of the keys|error:|(?:builder for|[Cc]annot build) '/;

/** Reads the log that nix writes to standard error, without a terminal; each path and derivation once. */
export function parseNixOutput(text: string): NixOutput {
  const paths = new Map<string, string>();
  const built = new Set<string>();
  const ignored = new Set<string>();
  let error: string | undefined;
  for (const line of text.split('\n')) {
    const [, path, from] = /copying path '([^'\s]+)' from '([^'\s]+)'/.exec(line) ?? [];
    const [, derivation] = /building '([^'\s]+\.drv)'/.exec(line) ?? [];
    const [, passed] = /ignoring substitute for '([^'\s]+)'/.exec(line) ?? unsigned.exec(line) ?? [];
    const [, broken] = /(?:builder for|[Cc]annot build) '([^'\s]+\.drv)'/.exec(line) ?? [];
    if (path !== undefined && from !== undefined) paths.set(path, from.replace(/\/+$/, ''));
    if (derivation !== undefined) built.add(derivation);
    if (broken !== undefined) built.delete(broken);
    if (passed !== undefined) ignored.add(passed);
    error ??= /^\s*error:\s*(\S.*)$/.exec(line)?.[1];
  }
  const copied = new Map<string, number>();
  for (const from of paths.values()) copied.set(from, (copied.get(from) ?? 0) + 1);
  return { copied, built: built.size, ignored: ignored.size, ...(error === undefined ? {} : { error }) };
}
