import type { Commit, Tree } from '../../checkout/objects.ts';
import type { Repository } from '../../checkout/repository.ts';
import { mergeBase } from './merge.ts';
import { project } from './places.ts';
import { developer, owner } from './tokens.ts';

/** What a colleague's commit is about: the plan's table tells these apart. */
export type Topic = 'python' | 'documents' | 'image';

/** Lines of a list that grows, and loses its oldest. */
const kept = 12;

interface Work {
  readonly path: string;
  readonly message: string;
  /** The file's next text, from its last one. */
  change(text: string, turn: number): string;
}

const works: Readonly<Record<Topic, Work>> = {
  python: {
    path: 'src/huskycat/hints.py',
    message: 'Hint at what is wrong most often',
    change: (text, turn) => {
      const lines = text.split('\n').filter((line) => line.startsWith('    "'));
      const hints = [...lines, `    "HC${String(100 + turn)}: run huskycat validate --all before a push",`];
      const list = hints.slice(-kept).join('\n');
      return `"""What to try first, the newest at the end."""\n\nHINTS = [\n${list}\n]\n`;
    },
  },
  documents: {
    path: 'CHANGELOG.md',
    message: 'Say in the notes what is coming',
    change: (text, turn) => `${text.trimEnd()}\n- Preview ${turn} of the next release\n`,
  },
  image: {
    path: 'ContainerFile',
    message: 'Label the image with its revision',
    change: (text, turn) =>
      `${text
        .split('\n')
        .filter((line) => !line.startsWith('LABEL org.opencontainers.image.revision='))
        .join('\n')
        .trimEnd()}\nLABEL org.opencontainers.image.revision="${turn}"\n`,
  },
};

/** A commit on the default branch, as a colleague makes one; undefined without the branch. `at` in milliseconds since the epoch. */
export function work(repository: Repository, topic: Topic, turn: number, at: number): Commit | undefined {
  const head = repository.find(project.defaultBranch);
  if (!head) return undefined;
  const { path, message, change } = works[topic];
  const old = head.tree.get(path);
  const content = Buffer.from(change(old?.content.toString('utf8') ?? '', turn));
  const tree = new Map(head.tree).set(path, { content, mode: old?.mode ?? '100644' });
  const author = { name: owner.name, email: `${owner.username}@tinyland.example` };
  const commit = repository.commit({
    parents: [head.sha],
    author,
    at: Math.floor(at / 1000),
    message: `${message}\n`,
    tree,
  });
  repository.branches.set(project.defaultBranch, commit.sha);
  return commit;
}

/**
 * Puts a branch on the default branch as it is now, in one commit, as somebody does who rebases and squashes. Gives its newest
 * commit: the old one where it is up to date, or where both sides changed a file.
 */
export function bringUpToDate(repository: Repository, branch: string, at: number): Commit | undefined {
  const [own, head] = [repository.find(branch), repository.find(project.defaultBranch)];
  if (!own || !head) return own;
  const base = mergeBase(repository, head, own);
  if (!base || base.sha === head.sha || base.sha === own.sha) return own;
  const paths = repository.changes(own, base);
  const theirs = new Set(repository.changes(head, base));
  if (paths.some((path) => theirs.has(path))) return own;
  const commit = repository.commit({
    parents: [head.sha],
    author: { name: developer.name, email: `${developer.username}@tinyland.example` },
    at: Math.floor(at / 1000),
    message: own.message,
    tree: taken(head.tree, own.tree, paths),
  });
  repository.branches.set(branch, commit.sha);
  return commit;
}

/** A tree with some paths as another one has them. */
function taken(tree: Tree, from: Tree, paths: readonly string[]): Tree {
  const next = new Map(tree);
  for (const path of paths) {
    const blob = from.get(path);
    if (blob) next.set(path, blob);
    else next.delete(path);
  }
  return next;
}
