/** Where a download is kept in the package registry: `packages/generic/NAME/VERSION/FILE`. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

const segment = /^v?([0-9]+[0-9A-Za-z]*\.[0-9][0-9A-Za-z.+-]*)$/;
const archive = /\.(?:tar\.[a-z0-9]+|tgz|zip|gz|xz)$/;
const releases = /^(?:github\.com|gitlab\.com|codeberg\.org)$/;

/**
 * The package of a download, from its address alone, so that the tool's own pin is its version; undefined where the address
 * names none: what it gives tomorrow may be something else. The shell form of this is in `keptDownload.ts`.
 */
export function packageOf(url: string): PackageName | undefined {
  const bare = url.replace(/^https?:\/\//, '').replace(/[?#].*$/, '');
  const [host = '', ...parts] = bare.split('/');
  const path = parts.join('/');
  const last = parts.at(-1) ?? '';
  if (host === '' || last === '') return undefined;
  const version =
    parts.map((part) => segment.exec(part.replace(archive, ''))?.[1]).find((found) => found !== undefined) ??
    /^.*[-_]v?([0-9]+\.[0-9.]*[0-9])/.exec(last)?.[1];
  if (version === undefined) return undefined;
  if (releases.test(host) && parts.length > 2)
    return { name: safe(parts[1] ?? ''), version, file: safe(last) };
  return { name: safe(host), version, file: safe(path).slice(-200) };
}

function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_');
}
