/** What a store path holds. */
export type StoreFile =
  | { readonly kind: 'file'; readonly content: string | Uint8Array; readonly executable?: boolean }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'directory'; readonly entries: Readonly<Record<string, StoreFile>> };

/** A Nix archive (NAR), as section 5.2 of Dolstra's thesis defines it: strings with a 64-bit length, padded to 8 bytes. */
export function narOf(file: StoreFile): Buffer {
  return Buffer.concat([...strings(['nix-archive-1']), ...node(file)]);
}

function node(file: StoreFile): Buffer[] {
  switch (file.kind) {
    case 'symlink':
      return strings(['(', 'type', 'symlink', 'target', file.target, ')']);
    case 'file': {
      const mark = file.executable ? ['executable', ''] : [];
      return strings(['(', 'type', 'regular', ...mark, 'contents', file.content, ')']);
    }
    case 'directory': {
      const names = Object.entries(file.entries).sort(([a], [b]) => (a < b ? -1 : 1));
      const entries = names.flatMap(([name, entry]) => [
        ...strings(['entry', '(', 'name', name, 'node']),
        ...node(entry),
        ...strings([')']),
      ]);
      return [...strings(['(', 'type', 'directory']), ...entries, ...strings([')'])];
    }
  }
}

function strings(values: readonly (string | Uint8Array)[]): Buffer[] {
  return values.flatMap((value) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    return [length, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)];
  });
}
