import { Failure } from '../../core/failure.ts';
import type { Variable, VariableListing, VariableOwner } from '../../core/gitlab/model.ts';
import { Secret } from '../../core/secret.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { valueIn, variablesSchema } from './shapes/variable.ts';

export interface VariableQuery {
  readonly route: CallRoute;
  readonly project: { readonly id: number; readonly path: string; readonly isPersonal: boolean };
  /** Remembers a secret value, so that it is never shown. */
  readonly hide: (value: string) => void;
  readonly signal: AbortSignal | undefined;
}

const unreadable: ReadonlySet<string> = new Set(['forbidden', 'not-found', 'missing-scope']);

/** Variables of the project and of every group above it; GitLab's lists hold no inherited ones. */
export async function readVariables(query: VariableQuery): Promise<VariableListing> {
  const looks = await Promise.all(ownersOf(query).map((owner) => look(query, owner)));
  const [first] = looks;
  // One owner that hides is a matter of roles; a scope that is missing for all of them is the token's.
  if (
    first &&
    'failure' in first &&
    first.failure.code === 'missing-scope' &&
    looks.every((one) => 'failure' in one)
  )
    throw first.failure;
  return {
    variables: looks.flatMap((one) => ('variables' in one ? one.variables : [])),
    unreadable: looks.flatMap((one) =>
      'failure' in one ? [{ owner: one.owner, because: one.failure.saw }] : [],
    ),
  };
}

/** The value that a variable has for the project, of the nearest owner that has it; undefined where none can be read. */
export async function readVariableValue(query: VariableQuery, key: string): Promise<Secret | undefined> {
  for (const owner of ownersOf(query)) {
    try {
      const value = valueIn(await list(query, owner), key, `GET ${owner.path}/variables`);
      if (value === undefined) continue;
      query.hide(value);
      return new Secret(value);
    } catch (thrown) {
      if (!(thrown instanceof Failure && unreadable.has(thrown.code))) throw thrown;
    }
  }
  return undefined;
}

function ownersOf({ project }: VariableQuery): VariableOwner[] {
  const groups = project.isPersonal ? [] : groupsAbove(project.path);
  return [
    { kind: 'project', path: project.path },
    ...groups.map((path) => ({ kind: 'group' as const, path })),
  ];
}

type Look =
  | { readonly variables: readonly Variable[] }
  | { readonly owner: VariableOwner; readonly failure: Failure };

async function look(query: VariableQuery, owner: VariableOwner): Promise<Look> {
  const name = `GET ${owner.kind === 'project' ? 'projects' : 'groups'}/${owner.path}/variables`;
  try {
    const json = await list(query, owner);
    return { variables: shaped(variablesSchema(owner, query.hide), json, name) };
  } catch (thrown) {
    if (thrown instanceof Failure && unreadable.has(thrown.code)) return { owner, failure: thrown };
    throw thrown;
  }
}

function list({ route, project, signal }: VariableQuery, owner: VariableOwner): Promise<unknown> {
  const isProject = owner.kind === 'project';
  return route(
    ({ projectVariables, groupVariables }) =>
      isProject ? projectVariables.all(project.id) : groupVariables.all(owner.path),
    { signal, isList: true, role: isProject ? 'Maintainer' : 'Owner' },
  );
}

/** `a/b/project` → `a/b`, `a`. */
function groupsAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, names.length - index).join('/'));
}
