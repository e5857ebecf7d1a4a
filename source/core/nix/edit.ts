import type { FileKind } from '../claimFiles.ts';
import { editNix } from './editNix.ts';
import { applyEdits, type Wanted } from './editRanges.ts';
import { editMentions, editText } from './editText.ts';
import { scanNix } from './nixScanner.ts';
import { parsePublicKey } from './publicKey.ts';
import { type FoundValue, settingKind } from './settings.ts';
import { scanText } from './textScanner.ts';

export type { Wanted } from './editRanges.ts';

/** A text with the key in force, the same text when nothing is to be done; or why it was left, and what to write by hand. */
export type Trusting =
  | { readonly text: string }
  | { readonly problem: string; readonly paste: readonly string[] };

/**
 * Trusts a cache's key in one file: a wrong key of its name is replaced in every copy, one that is commented out is put in
 * force, else it is added beside the others. Only the bytes of the key's place change. A document changes in `documents` alone.
 */
export function trustKey(
  text: string,
  kind: FileKind,
  wanted: Wanted,
  { documents = false }: { readonly documents?: boolean } = {},
): Trusting {
  if (kind === 'document') {
    const mentions = { taken: new Set<number>(), inComments: true };
    return { text: documents ? applyEdits(text, editMentions(text, wanted, mentions)) : text };
  }
  const scan = kind === 'nix' ? scanNix : scanText;
  const before = scan(text);
  const edited = kind === 'nix' ? editNix(text, wanted) : editText(text, wanted);
  if ('problem' in edited) return refused(edited.problem, kind, wanted);
  const taken = new Set(before.map(({ at }) => at));
  const mentions = editMentions(text, wanted, { taken, inComments: false });
  const after = applyEdits(text, [...edited.edits, ...mentions]);
  return isAsWanted(before, scan(after), wanted)
    ? { text: after }
    : refused('the edit would not read as it should', kind, wanted);
}

/** Reads the result again: nothing that was in force is lost or changed but keys of this name, and all that is new are keys. */
function isAsWanted(
  before: readonly FoundValue[],
  after: readonly FoundValue[],
  { key, name }: Wanted,
): boolean {
  const inForce = (values: readonly FoundValue[], kind: 'substituter' | 'key'): string[] =>
    values.filter((one) => !one.isCommented && settingKind(one.setting) === kind).map(({ text }) => text);
  const caches = [inForce(before, 'substituter'), inForce(after, 'substituter')];
  if (caches[0]?.join(' ') !== caches[1]?.join(' ')) return false;
  const old = inForce(before, 'key').map((text) => (text.startsWith(`${name}:`) ? key : text));
  const now = inForce(after, 'key');
  for (const one of old) {
    const at = now.indexOf(one);
    if (at < 0) return false;
    now.splice(at, 1);
  }
  return now.every((one) => (one.startsWith(`${name}:`) ? one === key : 'key' in parsePublicKey(one)));
}

function refused(problem: string, kind: FileKind, { key }: Wanted): Trusting {
  return {
    problem,
    paste: [
      kind === 'nix' ? `extra-trusted-public-keys = [ "${key}" ];` : `extra-trusted-public-keys = ${key}`,
    ],
  };
}
