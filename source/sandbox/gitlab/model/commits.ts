import type { Blob, Commit, Person, Tree } from '../../checkout/objects.ts';
import type { User } from './runs.ts';
import type { World } from './world.ts';

/** One change of a commit made over the API. */
export interface Action {
  readonly action: string;
  readonly path: string;
  readonly previousPath?: string;
  readonly content?: Buffer;
  readonly isExecutable?: boolean;
  /** The newest commit of the file that the author has seen. */
  readonly lastCommit?: string;
}

export interface CommitRequest {
  readonly branch: string;
  readonly message: string;
  readonly actions: readonly Action[];
  /** A branch, tag or commit that a new branch starts at. */
  readonly start?: string;
  readonly force?: boolean;
  readonly author?: Partial<Person>;
}

/** Why there is no commit, in GitLab's words. */
export class NotCommitted extends Error {}

/** All actions or none, on a branch that is made when `start` says where; a pipeline follows, as after a push. */
export function makeCommit(world: World, request: CommitRequest, user: User, at: number): Commit {
  const { repository } = world;
  const { branch, message, actions, author } = request;
  const base = baseOf(world, request);
  let tree: Tree = base.tree;
  for (const action of actions) tree = applied(world, base, tree, action);
  const commit = repository.commit({
    parents: [base.sha],
    author: {
      name: author?.name ?? user.name,
      email: author?.email ?? `${user.username}@tinyland.example`,
    },
    at: Math.floor(at / 1000),
    message: message.endsWith('\n') ? message : `${message}\n`,
    tree,
  });
  repository.branches.set(branch, commit.sha);
  world.pushed(branch, commit, false, user, at);
  return commit;
}

function baseOf({ repository }: World, { branch, start, force }: CommitRequest): Commit {
  const exists = repository.branches.has(branch);
  if (start === undefined) {
    const head = exists ? repository.find(branch) : undefined;
    if (!head) throw new NotCommitted('You can only create or edit files when you are on a branch');
    return head;
  }
  if (exists && !force && start !== branch)
    throw new NotCommitted(
      `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
    );
  const base = repository.find(start);
  if (!base) throw new NotCommitted(`Cannot find start branch '${start}'`);
  return base;
}

function applied({ repository }: World, base: Commit, tree: Tree, action: Action): Tree {
  const { path, previousPath = path, lastCommit } = action;
  const source = action.action === 'move' ? previousPath : path;
  const present = tree.get(source);
  if (action.action === 'create' && present) throw new NotCommitted('A file with this name already exists');
  if (action.action !== 'create' && !present) throw new NotCommitted("A file with this name doesn't exist");
  if (lastCommit !== undefined && present && repository.lastChange(base, source).sha !== lastCommit)
    throw new NotCommitted(`The file has changed since you started editing it: ${path}`);
  const next = new Map(tree);
  const mode: Blob['mode'] =
    action.isExecutable === undefined
      ? (present?.mode ?? '100644')
      : action.isExecutable
        ? '100755'
        : '100644';
  const content = action.content ?? present?.content ?? Buffer.alloc(0);
  if (action.action === 'delete' || action.action === 'move') next.delete(source);
  if (action.action !== 'delete') next.set(path, { content, mode });
  return next;
}
