import { AnswerError, json } from '../../http/answer.ts';
import { groups, project } from '../model/places.ts';
import { variablesRoles } from '../model/world.ts';
import { type Context, needRole, refuse, roles } from './context.ts';
import { textOf } from './inputs.ts';
import { groupOf, projectOf } from './lookup.ts';
import { paged, pagedByKey } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { date, showGroup, showProject, showUser, time } from './show.ts';

export const version = { version: '18.6.1-ee', revision: 'a1b2c3d4e5f' } as const;

const isMember = ({ token }: Context): boolean => token.access > 0;

/** Who and what one talks to: version, user, token, projects and groups. */
export const identityRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/version',
    reads: ['api', 'read_api', 'read_user'],
    handle: () => json(version),
  },
  {
    method: 'GET',
    pattern: '/metadata',
    reads: ['api', 'read_api', 'read_user'],
    handle: () =>
      json({
        ...version,
        kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
        enterprise: true,
      }),
  },
  {
    method: 'GET',
    pattern: '/user',
    reads: ['api', 'read_api', 'read_user'],
    handle: (_, context) => {
      const { user } = context.token;
      return json({
        ...showUser(user, context),
        created_at: '2024-05-02T08:00:00.000Z',
        bio: '',
        email: `${user.username}@tinyland.example`,
        public_email: null,
        two_factor_enabled: true,
        external: false,
        private_profile: false,
        is_admin: false,
        bot: false,
      });
    },
  },
  {
    method: 'GET',
    pattern: '/personal_access_tokens/self',
    reads: 'any',
    handle: (_, { token, now }) => {
      if (token.kind !== 'personal')
        throw refuse(400, 'This endpoint requires token type to be a personal access token');
      return json({
        id: token.id,
        name: token.name,
        description: null,
        revoked: false,
        created_at: time(token.createdAt),
        scopes: token.scopes,
        user_id: token.user.id,
        last_used_at: time(now),
        active: true,
        expires_at: date(token.expiresAt),
        last_used_ips: ['127.0.0.1'],
      });
    },
  },
  {
    method: 'GET',
    pattern: '/projects',
    handle: (request, context) => {
      const search = textOf(context.inputs.search) ?? '';
      const found = isMember(context) && project.path.includes(search) ? [project] : [];
      return pagedByKey(request, context, found, () => showProject(context));
    },
  },
  {
    method: 'GET',
    pattern: '/projects/:id',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showProject(context));
    },
  },
  {
    method: 'PUT',
    pattern: '/projects/:id',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.maintainer);
      const { world, inputs } = context;
      const wanted = textOf(inputs.ci_pipeline_variables_minimum_override_role);
      const role = variablesRoles.find((one) => one === wanted);
      if (wanted !== undefined && role === undefined)
        throw new AnswerError(
          json({ error: 'ci_pipeline_variables_minimum_override_role does not have a valid value' }, 400),
        );
      world.variablesRole = role ?? world.variablesRole;
      return json(showProject(context));
    },
  },
  {
    method: 'GET',
    pattern: '/groups',
    handle: (request, context) =>
      paged(request, context, isMember(context) ? groups : [], (group) => showGroup(group, context)),
  },
  {
    method: 'GET',
    pattern: '/groups/:id',
    handle: ({ params }, context) => json(showGroup(groupOf(context, params.id), context)),
  },
  {
    method: 'GET',
    pattern: '/groups/:id/subgroups',
    handle: (request, context) => {
      const { id } = groupOf(context, request.params.id);
      const inside = groups.filter(({ parent }) => parent === id);
      return paged(request, context, inside, (group) => showGroup(group, context));
    },
  },
  {
    method: 'GET',
    pattern: '/groups/:id/projects',
    handle: (request, context) => {
      const { id } = groupOf(context, request.params.id);
      const deep = context.inputs.include_subgroups === 'true';
      const found = id === project.namespace || deep ? [project] : [];
      return paged(request, context, found, () => showProject(context));
    },
  },
];
