import { type Answer, AnswerError, json, type Request } from '../../http/answer.ts';
import { groups } from '../model/places.ts';
import type { Variable } from '../model/variables.ts';
import { type Context, needRole, notFound, refuse, roles } from './context.ts';
import { flagOf, type Inputs, objectOf, required, textOf } from './inputs.ts';
import { groupOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';

/** `API_Entities_Ci_Variable`. */
function showVariable(variable: Variable) {
  return {
    variable_type: variable.type,
    key: variable.key,
    value: variable.hidden ? null : variable.value,
    hidden: variable.hidden,
    protected: variable.protected,
    masked: variable.masked,
    raw: variable.raw,
    environment_scope: variable.scope,
    description: variable.description,
  };
}

type Owner = (context: Context, id: string | undefined) => Variable[];

/** Of a group only its owners see variables, of a project its maintainers. */
const owners: readonly (readonly [string, Owner])[] = [
  [
    '/groups/:id/variables',
    (context, id) => {
      const group = groupOf(context, id);
      needRole(context, roles.owner);
      return group === groups[0] ? context.world.groupVariables : [];
    },
  ],
  [
    '/projects/:id/variables',
    (context, id) => {
      projectOf(context, id);
      needRole(context, roles.maintainer);
      return context.world.projectVariables;
    },
  ],
];

export const variableRoutes: readonly GitLabRoute[] = [
  ...owners.flatMap(([pattern, list]): GitLabRoute[] => [
    {
      method: 'GET',
      pattern,
      handle: (request, context) => paged(request, context, list(context, request.params.id), showVariable),
    },
    {
      method: 'POST',
      pattern,
      handle: ({ params }, { inputs, ...context }) => {
        const all = list({ ...context, inputs }, params.id);
        return create(all, inputs);
      },
    },
    {
      method: 'GET',
      pattern: `${pattern}/:key`,
      handle: (request, context) =>
        json(showVariable(one(list(context, request.params.id), request, context))),
    },
    {
      method: 'PUT',
      pattern: `${pattern}/:key`,
      handle: (request, context) => {
        const found = one(list(context, request.params.id), request, context);
        const changed = { ...found, ...changes(context.inputs) };
        check(changed);
        Object.assign(found, changed);
        return json(showVariable(found));
      },
    },
    {
      method: 'DELETE',
      pattern: `${pattern}/:key`,
      handle: (request, context) => {
        const all = list(context, request.params.id);
        all.splice(all.indexOf(one(all, request, context)), 1);
        return { status: 204 };
      },
    },
  ]),
  {
    method: 'GET',
    pattern: '/admin/ci/variables',
    handle: () => {
      throw refuse(403, '403 Forbidden');
    },
  },
];

function create(all: Variable[], inputs: Inputs): Answer {
  const key = required(inputs, 'key');
  const hidden = flagOf(inputs.masked_and_hidden) ?? false;
  const made: Variable = {
    key,
    value: required(inputs, 'value'),
    type: 'env_var',
    protected: false,
    masked: hidden,
    raw: false,
    scope: '*',
    description: null,
    ...changes(inputs),
    ...(hidden ? { masked: true } : {}),
    hidden,
  };
  if (!/^\w{1,255}$/.test(key)) throw refuse(400, { key: ["can contain only letters, digits and '_'."] });
  if (all.some((other) => other.key === key && other.scope === made.scope))
    throw refuse(400, { key: [`(${key}) has already been taken`] });
  check(made);
  all.push(made);
  return json(showVariable(made), 201);
}

function changes(inputs: Inputs): Partial<Variable> {
  const [value, type, description, scope] = [
    textOf(inputs.value),
    textOf(inputs.variable_type),
    textOf(inputs.description),
    textOf(inputs.environment_scope),
  ];
  const flags = {
    protected: flagOf(inputs.protected),
    masked: flagOf(inputs.masked),
    raw: flagOf(inputs.raw),
  };
  if (type !== undefined && type !== 'env_var' && type !== 'file')
    throw new AnswerError(json({ error: 'variable_type does not have a valid value' }, 400));
  return {
    ...Object.fromEntries(Object.entries(flags).filter(([, flag]) => flag !== undefined)),
    ...(value === undefined ? {} : { value }),
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** A masked value is one line of 8 characters or more; while it is expanded, of few characters. */
function check({ masked, raw, value }: Variable): void {
  const allowed = raw ? /^\S{8,}$/ : /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
  if (masked && !allowed.test(value)) throw refuse(400, { value: ['is invalid'] });
}

function one(all: readonly Variable[], { params }: Request, { inputs }: Context): Variable {
  const filter = objectOf(inputs.filter);
  const scope = textOf(filter.environment_scope);
  const found = all.filter(
    (variable) => variable.key === params.key && (scope === undefined || variable.scope === scope),
  );
  if (found.length > 1)
    throw refuse(
      409,
      "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    );
  const [first] = found;
  if (!first) throw notFound('Variable');
  return first;
}
