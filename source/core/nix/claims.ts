import type { CiFiles, Place } from '../ci/model.ts';
import { type ClaimFile, claimFiles, createLocator, readShort } from '../claimFiles.ts';
import { plain } from '../text/safe.ts';
import { scanMentions } from './mentions.ts';
import { scanNix } from './nixScanner.ts';
import { type PublicKey, parsePublicKey, showKey } from './publicKey.ts';
import { type FoundValue, settingKind } from './settings.ts';
import { scanText } from './textScanner.ts';

/** `active`: a setting in force. `commented`: the same, commented out. `mentioned`: a variable, a document, prose. */
export type ClaimState = 'active' | 'commented' | 'mentioned';

/** A cache address or key that a file names; the place is where the value begins. */
export interface NixClaim extends Place {
  /** As written, made safe; credentials and secret keys in it are masked. */
  readonly value: string;
  readonly state: ClaimState;
  /** The setting that holds it: `extra-substituters`; absent for mentions elsewhere. */
  readonly setting?: string;
  /** The value is or holds a `$VARIABLE`, so it is not known from the files. */
  readonly isReference: boolean;
}

export interface NixKeyClaim extends NixClaim {
  readonly key?: PublicKey;
  /** Why the value is no key; absent for keys and references. */
  readonly problem?: string;
}

export interface NixClaims {
  readonly substituters: readonly NixClaim[];
  readonly keys: readonly NixKeyClaim[];
}

/** Every Nix substituter and trusted public key that the files of a checkout name, in force, commented out or mentioned. */
export function nixClaims(files: CiFiles): NixClaims {
  const substituters: NixClaim[] = [];
  const keys: NixKeyClaim[] = [];
  const texts: (ClaimFile & { text: string; taken: Set<number> })[] = [];
  for (const file of claimFiles(files)) {
    const text = readShort(files, file.path);
    if (text === undefined) continue;
    const found = file.kind === 'nix' ? scanNix(text) : scanText(text, file.kind === 'document');
    texts.push({ ...file, text, taken: new Set(found.map(({ at }) => at)) });
    if (found.length === 0) continue;
    const locate = createLocator(text);
    for (const one of found) {
      const state: ClaimState =
        file.kind === 'document' ? 'mentioned' : one.isCommented ? 'commented' : 'active';
      const place = { file: file.path, ...locate(one.at) };
      if (settingKind(one.setting) === 'key') keys.push(keyClaim(one, place, state));
      else substituters.push(addressClaim(one, place, state));
    }
  }
  for (const { path, text, at, kind } of scanMentions(texts, substituters)) {
    const place = { file: path, ...at };
    if (kind === 'key') keys.push(keyClaim({ text }, place, 'mentioned'));
    else substituters.push(addressClaim({ text }, place, 'mentioned'));
  }
  return { substituters: substituters.sort(byPlace), keys: keys.sort(byPlace) };
}

type Value = Pick<FoundValue, 'text'> & Partial<Pick<FoundValue, 'setting'>>;

function addressClaim({ text, setting }: Value, place: Place, state: ClaimState): NixClaim {
  const value = plain(text.replace(/(:\/\/)[^\s/@]*@/, '$1[MASKED]@'), 500);
  return { ...place, value, state, isReference: text.includes('$'), ...(setting ? { setting } : {}) };
}

function keyClaim({ text, setting }: Value, place: Place, state: ClaimState): NixKeyClaim {
  const isReference = text.includes('$');
  const claim = { ...place, value: showKey(text), state, isReference, ...(setting ? { setting } : {}) };
  return isReference ? claim : { ...claim, ...parsePublicKey(text) };
}

function byPlace(a: Place, b: Place): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
