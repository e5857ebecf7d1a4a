import { folder } from '../../checkout/objects.ts';
import { json } from '../../http/answer.ts';
import { project } from '../model/places.ts';
import { type Context, needRole, notFound, refuse, roles } from './context.ts';
import { flagOf, required, textOf } from './inputs.ts';
import { commitOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { showBranch, showTag } from './showCommits.ts';

const base = '/projects/:id/repository';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly type: 'tree' | 'blob';
  readonly path: string;
  readonly mode: string;
}

/** Folders and branches and tags: what the repository holds. */
export const repositoryRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: `${base}/tree`,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { inputs } = context;
      const { tree } = commitOf(context, textOf(inputs.ref) ?? project.defaultBranch, 'Tree');
      const path = (textOf(inputs.path) ?? '').replace(/\/$/, '');
      const list = (prefix: string): Entry[] =>
        folder(tree, prefix).entries.flatMap(({ id, name, kind, mode }) => [
          { id, name, type: kind, path: `${prefix}${name}`, mode: mode.padStart(6, '0') },
          ...(kind === 'tree' && flagOf(inputs.recursive) ? list(`${prefix}${name}/`) : []),
        ]);
      const entries = list(path === '' ? '' : `${path}/`);
      if (entries.length === 0) throw notFound('invalid revision or path');
      return paged(request, context, entries, (entry) => entry);
    },
  },
  {
    method: 'GET',
    pattern: `${base}/branches`,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const search = textOf(context.inputs.search) ?? '';
      const names = [...context.world.repository.branches.keys()].filter((name) => name.includes(search));
      return paged(request, context, names.sort(), (name) => showBranch(name, context));
    },
  },
  {
    method: 'GET',
    pattern: `${base}/branches/:branch`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showBranch(branchOf(context, params.branch), context));
    },
  },
  {
    method: 'POST',
    pattern: `${base}/branches`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const { world, inputs, token, now } = context;
      const [name, ref] = [required(inputs, 'branch'), required(inputs, 'ref')];
      if (world.repository.branches.has(name)) throw refuse(400, 'Branch already exists');
      const commit = world.repository.find(ref);
      if (!commit) throw refuse(400, `Invalid reference name: ${ref}`);
      world.repository.branches.set(name, commit.sha);
      world.pushed(name, commit, false, token.user, now);
      return json(showBranch(name, context), 201);
    },
  },
  {
    method: 'DELETE',
    pattern: `${base}/branches/:branch`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const name = branchOf(context, params.branch);
      if (context.world.isProtected(name, false)) throw refuse(403, 'Protected branch cannot be deleted');
      context.world.repository.branches.delete(name);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    pattern: `${base}/tags`,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const names = [...context.world.repository.tags.keys()];
      return paged(request, context, names.toReversed(), (name) => showTag(name, context));
    },
  },
  {
    method: 'GET',
    pattern: `${base}/tags/:tag`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const { tag = '' } = params;
      if (!context.world.repository.tags.has(tag)) throw notFound('Tag');
      return json(showTag(tag, context));
    },
  },
  {
    method: 'POST',
    pattern: `${base}/tags`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const { world, inputs, token, now } = context;
      const [name, ref] = [required(inputs, 'tag_name'), required(inputs, 'ref')];
      if (world.isProtected(name, true)) needRole(context, roles.maintainer);
      if (world.repository.tags.has(name)) throw refuse(400, `Tag ${name} already exists`);
      const commit = world.repository.find(ref);
      if (!commit) throw refuse(400, `Target ${ref} is invalid`);
      world.repository.tags.set(name, commit.sha);
      world.pushed(name, commit, true, token.user, now);
      return json(showTag(name, context), 201);
    },
  },
  {
    method: 'DELETE',
    pattern: `${base}/tags/:tag`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      if (!context.world.repository.tags.delete(params.tag ?? '')) throw notFound('Tag');
      return { status: 204 };
    },
  },
];

function branchOf({ world }: Context, name = ''): string {
  if (!world.repository.branches.has(name)) throw notFound('Branch');
  return name;
}
