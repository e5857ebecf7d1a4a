import type { CiFiles } from './ci/model.ts';

/** How a file's text is read for claims about caches. */
export type FileKind = 'nix' | 'script' | 'document';

/** A file that may say something about caches. */
export interface ClaimFile {
  readonly path: string;
  readonly kind: FileKind;
}

/** More than a person writes; longer files are generated or data. */
const longest = 400_000;
const most = 3_000;

const elsewhere = /(?:^|\/)(?:\.git|node_modules|vendor|third_party|dist|build)\//;
const scripts =
  /\.(?:ya?ml|sh|bash|zsh|conf|env|envrc|mk|just|tf)$|(?:^|\/)(?:(?:docker|container)file[^/]*|makefile|justfile|\.envrc|\.env[^/]*|\.bazelrc|nix\.conf)$/i;
const documents = /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)readme[^/]*$/i;

/** The text files in which people write cache addresses, keys and flags: Nix, CI and shell before documents. */
export function claimFiles(files: CiFiles): ClaimFile[] {
  const order: readonly FileKind[] = ['nix', 'script', 'document'];
  return files
    .list()
    .flatMap((path) => {
      const kind = kindOf(path);
      return kind ? [{ path, kind }] : [];
    })
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .slice(0, most);
}

/** A file's text; undefined when there is none, or more of it than a person writes. */
export function readShort(files: CiFiles, path: string): string | undefined {
  const text = files.read(path);
  return text !== undefined && text.length <= longest && !text.includes('\0') ? text : undefined;
}

function kindOf(path: string): FileKind | undefined {
  if (elsewhere.test(path)) return undefined;
  if (path.endsWith('.nix')) return 'nix';
  if (scripts.test(path)) return 'script';
  return documents.test(path) ? 'document' : undefined;
}

/** Line and column, both from 1, of offsets into a text. */
export function createLocator(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** Where a line's comment begins: a `#` at its start or after a space, outside quotes; -1 without one. */
export function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const before = line.charAt(at - 1);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at++;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && !/\w/.test(before)) quote = character;
    else if (character === '#' && (at === 0 || /\s/.test(before))) return at;
  }
  return -1;
}
