import type { CiFiles } from '../../source/core/ci/model.ts';

/** The files of a checkout, by path. */
export function filesOf(texts: Readonly<Record<string, string>>): CiFiles {
  return { read: (path) => texts[path], list: () => Object.keys(texts) };
}
