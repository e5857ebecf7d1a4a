import { ownSubstituters } from '../../core/caches/attic.ts';
import type { CiFiles } from '../../core/ci/model.ts';
import { claimFiles, readShort } from '../../core/claimFiles.ts';
import { Refused } from '../../core/failure.ts';
import { trustKey, type Wanted } from '../../core/nix/edit.ts';
import { isOf } from '../../core/nix/editRanges.ts';
import type { TitledChange } from '../engine/steps.ts';
import type { Known, Preflight } from '../task.ts';

/** What is to be changed, and what was seen on the way; a line with the state `problem` forbids it. */
export interface KeyChanges {
  readonly changes: readonly TitledChange[];
  readonly preflight: readonly Preflight[];
}

/** The changes that put a key in force in every file that names the cache. */
export function keyChanges(
  { known, files }: { known: Known; files: CiFiles },
  wanted: Wanted,
  documents: boolean,
): KeyChanges {
  const { nix } = known.facts ?? {};
  const isUsed = nix !== undefined && ownSubstituters(nix).some(({ value }) => isOf(value, wanted.url));
  if (!isUsed) return { changes: [], preflight: [unused(wanted)] };
  const changes: TitledChange[] = [];
  const preflight: Preflight[] = [];
  for (const { path, kind } of claimFiles(files)) {
    const text = readShort(files, path);
    if (text === undefined || (kind === 'document' && !text.includes(`${wanted.name}:`))) continue;
    const trusting = trustKey(text, kind, wanted, { documents });
    if ('problem' in trusting) preflight.push(untouched(path, trusting));
    else if (trusting.text !== text)
      changes.push({
        path,
        title: `${kind === 'document' ? 'Name' : 'Trust'} the cache’s key in ${path}`,
        change: (before) => changed(path, before, () => trustKey(before ?? '', kind, wanted, { documents })),
      });
    else if (kind === 'document') {
      const differs = trustKey(text, kind, wanted, { documents: true });
      if ('text' in differs && differs.text !== text) preflight.push(mention(path));
    }
  }
  return { changes, preflight };
}

function changed(path: string, before: string | undefined, trust: () => ReturnType<typeof trustKey>): string {
  if (before === undefined)
    throw new Refused({
      tried: `change ${path}`,
      saw: 'it is not there',
      next: ['Push it first, or change the working tree: --target worktree'],
      code: 'no-file',
    });
  const trusting = trust();
  if ('text' in trusting) return trusting.text;
  throw new Refused({
    tried: `change ${path}`,
    saw: trusting.problem,
    next: trusting.paste.map((line) => `Write by hand: ${line}`),
    code: 'unexpected-shape',
  });
}

function untouched(
  path: string,
  { problem, paste }: { problem: string; paste: readonly string[] },
): Preflight {
  return {
    id: 'file',
    title: path,
    state: 'problem',
    saw: problem,
    fix: `write by hand: ${paste.join(' ')}`,
  };
}

function mention(path: string): Preflight {
  const saw = 'names another key; it is a document, and is left';
  return { id: 'document', title: path, state: 'warning', saw, fix: 'To change it too: documents=yes' };
}

function unused({ url, key }: Wanted): Preflight {
  return {
    id: 'substituter',
    title: 'Substituter',
    state: 'problem',
    saw: `no file uses ${url}, so trusting its key would do nothing`,
    fix: `First the task attic-substituter: extra-substituters = [ "${url}" ]; extra-trusted-public-keys = [ "${key}" ];`,
  };
}
