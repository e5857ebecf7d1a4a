import { partValue } from '../../core/datum.ts';
import type { Planning } from '../task.ts';
import { findProgram, outputOf } from './programs.ts';

/** As many as are asked for before the cache counts as empty. */
const most = 8;

/** Store paths that the cache may have: the one that was set; else one that CI logs name, and those of the last build here. */
export async function storePaths(
  planning: Pick<Planning, 'workspace' | 'known' | 'signal'>,
  set: string | undefined,
): Promise<readonly string[]> {
  if (set !== undefined) return [set];
  const seen = partValue(planning.known.attic.value?.narinfo)?.storePath;
  return [...new Set([...(seen === undefined ? [] : [seen]), ...(await builtHere(planning))])].slice(0, most);
}

/** The closure of `result`, as `nix build` leaves it in the checkout. */
async function builtHere(planning: Pick<Planning, 'workspace' | 'known' | 'signal'>): Promise<string[]> {
  const root = planning.known.checkout.value?.root;
  const nix = await findProgram(planning, 'nix');
  if (root === undefined || nix === undefined) return [];
  const features = ['--extra-experimental-features', 'nix-command'];
  const said = await outputOf(
    [nix, ...features, 'path-info', '--recursive', `${root}/result`],
    planning.signal,
  );
  return (said?.stdout ?? '')
    .split('\n')
    .filter((line) => line.startsWith('/nix/store/'))
    .reverse();
}
