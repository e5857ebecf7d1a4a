import type { Comparison } from '../gitlab/comparison.ts';
import { counted } from '../text/format.ts';
import { type BuildFiles, isDocumentation, isOfContainer, isPython } from './files.ts';
import type { PipelineKind } from './model.ts';

/** What is known of the commit that a pipeline is compared with. */
export type Predecessor =
  /** Nothing was built on the branch before. A merge request has its changes all the same: they choose its jobs. */
  | { readonly is: 'none'; readonly comparison?: Comparison }
  /** It was built before the pipelines that are known. */
  | { readonly is: 'not-known'; readonly comparison?: Comparison }
  /** The same commit was built before. */
  | { readonly is: 'same' }
  | { readonly is: 'commit'; readonly comparison: Comparison | undefined };

export interface Kind {
  readonly kind: PipelineKind;
  readonly because: string;
}

/** What kind of change a pipeline built, or `unknown` and why. */
export function classify(
  { source, isTag }: { readonly source: string; readonly isTag: boolean },
  predecessor: Predecessor,
  files: Pick<BuildFiles, 'copied'>,
): Kind {
  if (isTag) return { kind: 'other', because: 'a tag: it runs the jobs of a release' };
  switch (predecessor.is) {
    case 'none':
      if (isOfDocuments(predecessor.comparison)) return byPaths(predecessor.comparison, files);
      return { kind: 'clean', because: 'the first pipeline of its branch, whose caches are empty' };
    case 'not-known':
      if (isOfDocuments(predecessor.comparison)) return byPaths(predecessor.comparison, files);
      return { kind: 'unknown', because: 'what was built before it is not known' };
    case 'same':
      return {
        kind: 'unknown',
        because: `the same commit again (${source}): whether its caches were cleared is not told`,
      };
    case 'commit':
      return byPaths(predecessor.comparison, files);
  }
}

function byPaths(comparison: Comparison | undefined, files: Pick<BuildFiles, 'copied'>): Kind {
  if (!comparison)
    return { kind: 'unknown', because: 'what it is compared with is gone, or may not be read' };
  const { paths, isWhole } = comparison;
  if (!isWhole) return { kind: 'other', because: 'more changed than GitLab lists' };
  if (paths.length === 0) return { kind: 'unknown', because: 'no file changed' };
  const rest = paths.filter((path) => !isDocumentation(path));
  if (rest.length === 0) return { kind: 'docs', because: summary(paths, 'document') };
  if (rest.every(isPython)) return { kind: 'python', because: summary(rest, 'Python file') };
  const image = rest.find((path) => !isPython(path) && isOfContainer(path, files));
  if (image !== undefined) return { kind: 'container', because: `${image} is part of the image` };
  return { kind: 'other', because: summary(rest, 'file') };
}

/** Whatever the caches hold, only what documents need is run then. */
function isOfDocuments(comparison: Comparison | undefined): boolean {
  return (
    comparison?.isWhole === true && comparison.paths.length > 0 && comparison.paths.every(isDocumentation)
  );
}

function summary([first = '', ...others]: readonly string[], noun: string): string {
  return others.length === 0 ? first : `${first} and ${counted(others.length, `other ${noun}`)}`;
}
