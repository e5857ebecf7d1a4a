import { deflateSync } from 'node:zlib';
import { type Commit, commitBytes, folder, objectId, type Tree } from '../checkout/objects.ts';
import type { Repository } from '../checkout/repository.ts';
import { type Answer, type Request, text } from '../http/answer.ts';
import { project } from './model/places.ts';
import type { World } from './model/world.ts';

const prefix = `/${project.path}.git`;

/** Whether a request asks for the repository by git's own address. */
export function isGit({ path }: Pick<Request, 'path'>): boolean {
  return path.startsWith(`${prefix}/`);
}

/**
 * Serves the repository for `git clone`, `fetch` and `pull`, by git's "dumb" HTTP protocol: refs and loose objects as files. The
 * token is the password, whatever the user's name; a push is refused.
 */
export function createGitServer(world: World): (request: Request) => Answer {
  const objects = new Map<string, () => Buffer>();
  const known = new Set<string>();
  return ({ method, path, headers, query }) => {
    if (!mayRead(world, headers.authorization)) return unauthorized;
    if (method !== 'GET' || query.get('service') === 'git-receive-pack')
      return text('The sandbox takes changes over its API only.\n', 403);
    const asked = path.slice(prefix.length);
    if (asked === '/info/refs') return text(refs(world.repository));
    if (asked === '/HEAD') return text(`ref: refs/heads/${project.defaultBranch}\n`);
    const [, start, rest] = /^\/objects\/([0-9a-f]{2})\/([0-9a-f]{38})$/.exec(asked) ?? [];
    if (start === undefined || rest === undefined) return text('Not Found', 404);
    for (const commit of world.repository.commits.values())
      if (!known.has(commit.sha)) {
        known.add(commit.sha);
        addCommit(objects, commit);
      }
    const object = objects.get(`${start}${rest}`);
    const type = { 'Content-Type': 'application/x-git-loose-object' };
    return object ? { status: 200, headers: type, body: object() } : text('Not Found', 404);
  };
}

const unauthorized: Answer = text('HTTP Basic: Access denied\n', 401, {
  'WWW-Authenticate': 'Basic realm="GitLab"',
});

/** A token of a member that may read repositories, as the password of basic authentication. */
function mayRead({ tokens, clock }: World, header = ''): boolean {
  const [, basic = ''] = /^Basic (\S+)$/i.exec(header) ?? [];
  const given = Buffer.from(basic, 'base64').toString();
  const value = given.slice(given.indexOf(':') + 1);
  const token = Object.values(tokens).find((one) => one.value === value);
  if (!token || token.access === 0 || token.expiresAt <= clock.now()) return false;
  return token.scopes.includes('api') || token.scopes.includes('read_repository');
}

/** The refs with their commits, as `git update-server-info` writes them. */
function refs({ branches, tags }: Repository): string {
  const all = [
    ...[...branches].map(([name, sha]) => [`refs/heads/${name}`, sha] as const),
    ...[...tags].map(([name, sha]) => [`refs/tags/${name}`, sha] as const),
  ];
  return all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sha]) => `${sha}\t${name}\n`)
    .join('');
}

function addCommit(objects: Map<string, () => Buffer>, commit: Commit): void {
  objects.set(commit.sha, () => loose('commit', commitBytes(commit)));
  addFolder(objects, commit.tree, '');
}

function addFolder(objects: Map<string, () => Buffer>, tree: Tree, path: string): void {
  const { id, entries, bytes } = folder(tree, path);
  if (objects.has(id)) return;
  objects.set(id, () => loose('tree', bytes));
  for (const entry of entries) {
    const below = `${path}${entry.name}`;
    if (entry.kind === 'tree') addFolder(objects, tree, `${below}/`);
    else {
      const content = tree.get(below)?.content;
      if (content) objects.set(objectId('blob', content), () => loose('blob', content));
    }
  }
}

function loose(kind: 'blob' | 'tree' | 'commit', content: Buffer): Buffer {
  return deflateSync(Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]));
}
