/** A value of a Nix setting as a scanner finds it, before it is judged. */
export interface FoundValue {
  /** The setting's name: `extra-substituters`. */
  readonly setting: string;
  /** As written. */
  readonly text: string;
  /** Offset of the value in the file's text. */
  readonly at: number;
  /** In a comment. */
  readonly isCommented: boolean;
}

/** Settings of nix.conf, and their names before Nix 2.0, that name caches or keys. */
const substituters = /^(?:extra-|trusted-)?(?:substituters|binary-caches)$/;
const keys = /^(?:extra-)?(?:trusted-public-keys|binary-cache-public-keys)$/;

/** What a setting of this name holds; undefined for every other setting. */
export function settingKind(name: string): 'substituter' | 'key' | undefined {
  if (substituters.test(name)) return 'substituter';
  return keys.test(name) ? 'key' : undefined;
}

/** True when prose in a comment is unlikely to look so: an address, a reference, or `name:something`. */
export function looksLikeValue(kind: 'substituter' | 'key', text: string): boolean {
  if (text.startsWith('$')) return true;
  return kind === 'substituter' ? /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) : /^[\w.+-]+:\S+$/.test(text);
}
