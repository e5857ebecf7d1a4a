import { json } from '../../http/answer.ts';
import { type Context, needRole, notFound, refuse, roles } from './context.ts';
import { required } from './inputs.ts';
import { projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';

const maintainers = {
  id: 1,
  access_level: 40,
  access_level_description: 'Maintainers',
  deploy_key_id: null,
  user_id: null,
  group_id: null,
};

interface Kind {
  readonly path: string;
  readonly names: (context: Context) => Set<string>;
  readonly show: (name: string) => unknown;
}

const kinds: readonly Kind[] = [
  {
    path: 'protected_branches',
    names: ({ world }) => world.protectedBranches,
    show: (name) => ({
      id: 501,
      name,
      push_access_levels: [maintainers],
      merge_access_levels: [maintainers],
      unprotect_access_levels: [],
      allow_force_push: false,
      code_owner_approval_required: false,
      inherited: false,
    }),
  },
  {
    path: 'protected_tags',
    names: ({ world }) => world.protectedTags,
    show: (name) => ({ name, create_access_levels: [maintainers] }),
  },
];

/** Protected branches and tags, with their wildcards. */
export const protectionRoutes: readonly GitLabRoute[] = kinds.flatMap(
  ({ path, names, show }): GitLabRoute[] => {
    const pattern = `/projects/:id/${path}`;
    const own = (context: Context, id: string | undefined, role: number): Set<string> => {
      projectOf(context, id);
      needRole(context, role);
      return names(context);
    };
    return [
      {
        method: 'GET',
        pattern,
        handle: (request, context) =>
          paged(request, context, [...own(context, request.params.id, roles.developer)], show),
      },
      {
        method: 'GET',
        pattern: `${pattern}/:name`,
        handle: ({ params }, context) => {
          const name = params.name ?? '';
          if (!own(context, params.id, roles.developer).has(name)) throw notFound();
          return json(show(name));
        },
      },
      {
        method: 'POST',
        pattern,
        handle: ({ params }, context) => {
          const all = own(context, params.id, roles.maintainer);
          const name = required(context.inputs, 'name');
          if (all.has(name))
            throw refuse(
              409,
              `Protected ${path === 'protected_tags' ? 'tag' : 'branch'} '${name}' already exists`,
            );
          all.add(name);
          return json(show(name), 201);
        },
      },
      {
        method: 'DELETE',
        pattern: `${pattern}/:name`,
        handle: ({ params }, context) => {
          if (!own(context, params.id, roles.maintainer).delete(params.name ?? '')) throw notFound();
          return { status: 204 };
        },
      },
    ];
  },
);
