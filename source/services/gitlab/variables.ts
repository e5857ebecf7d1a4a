import { Failure } from '../../core/failure.ts';
import type { Variable, VariableListing, VariableOwner } from '../../core/gitlab/model.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { variablesSchema } from './shapes/variable.ts';

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
  const { project } = query;
  const owners: VariableOwner[] = [
    { kind: 'project', path: project.path },
    ...(project.isPersonal ? [] : groupsAbove(project.path)).map((path) => ({
      kind: 'group' as const,
      path,
    })),
  ];
  const looks = await Promise.all(owners.map((owner) => look(query, owner)));
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

type Look =
  | { readonly variables: readonly Variable[] }
  | { readonly owner: VariableOwner; readonly failure: Failure };

async function look({ route, project, hide, signal }: VariableQuery, owner: VariableOwner): Promise<Look> {
  const isProject = owner.kind === 'project';
  const name = `GET ${isProject ? 'projects' : 'groups'}/${owner.path}/variables`;
  try {
    const json = await route(
      ({ projectVariables, groupVariables }) =>
        isProject ? projectVariables.all(project.id) : groupVariables.all(owner.path),
      { signal, isList: true, role: isProject ? 'Maintainer' : 'Owner' },
    );
    return { variables: shaped(variablesSchema(owner, hide), json, name) };
  } catch (thrown) {
    if (thrown instanceof Failure && unreadable.has(thrown.code)) return { owner, failure: thrown };
    throw thrown;
  }
}

/** `a/b/project` → `a/b`, `a`. */
function groupsAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, names.length - index).join('/'));
}
