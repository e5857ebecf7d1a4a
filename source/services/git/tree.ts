/** A file of a commit's tree, by its path from the top. */
export interface TreeEntry {
  readonly kind: 'file' | 'link' | 'submodule';
  /** Object name. */
  readonly name: string;
}

export type Tree = ReadonlyMap<string, TreeEntry>;

/** Reads `git ls-tree -r -z`. */
export function parseTree(text: string): Tree {
  const tree = new Map<string, TreeEntry>();
  for (const record of text.split('\0')) {
    const [, mode, name, path] = /^(\d+) \w+ ([\da-f]+)\t([\s\S]+)$/.exec(record) ?? [];
    if (name === undefined || path === undefined) continue;
    tree.set(path, { kind: mode === '120000' ? 'link' : mode === '160000' ? 'submodule' : 'file', name });
  }
  return tree;
}

/** As many links as Linux follows in one path. */
const mostLinks = 40;

/**
 * The path in a tree that a path leads to when symbolic links are followed, of files and of folders on the way; `target` reads
 * a link. Undefined when a link leads out of the tree, or in circles.
 */
export function followLinks(
  tree: Tree,
  path: string,
  target: (link: TreeEntry) => string | undefined,
): string | undefined {
  let rest = path.split('/');
  let links = 0;
  const walked: string[] = [];
  while (rest.length > 0) {
    const [part = '', ...later] = rest;
    rest = later;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (walked.pop() === undefined) return undefined;
      continue;
    }
    const entry = tree.get([...walked, part].join('/'));
    if (entry?.kind !== 'link') {
      walked.push(part);
      continue;
    }
    const to = target(entry);
    links += 1;
    if (to === undefined || to.startsWith('/') || links > mostLinks) return undefined;
    rest = [...to.split('/'), ...rest];
  }
  return walked.join('/');
}
