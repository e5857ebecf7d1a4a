import { plain } from '../text/safe.ts';

/** What a binary cache says of itself in `nix-cache-info`. */
export interface CacheInfo {
  readonly storeDir: string;
  readonly wantMassQuery: boolean;
  /** Lower is asked first; 50 when the cache does not say, as Nix takes it. */
  readonly priority: number;
}

/** Reads `nix-cache-info`; undefined when the text is something else, such as a proxy's page. */
export function parseCacheInfo(text: string): CacheInfo | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n').slice(0, 100)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const storeDir = fields.get('StoreDir');
  if (storeDir === undefined || !storeDir.startsWith('/')) return undefined;
  const priority = Number(fields.get('Priority') ?? 50);
  return {
    storeDir: plain(storeDir, 200),
    wantMassQuery: fields.get('WantMassQuery') === '1',
    priority: Number.isInteger(priority) ? priority : 50,
  };
}
