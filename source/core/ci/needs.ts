import type { JobDefinition, Need, Node } from './model.ts';
import { instancesOf, matrixName, matrixRows } from './parallel.ts';
import { needKind } from './schema/needs.ts';
import { flatItems, get, textOf } from './yaml/node.ts';

/** A need as written, by expanded name, with where it is written. */
export interface PlacedNeed extends Need {
  readonly node: Node;
}

/**
 * The needs on jobs of the same pipeline, parallel jobs expanded. `matrix` are the needing job's own matrix values, which
 * `$[[ matrix.NAME ]]` may use.
 */
export function expandNeeds(
  node: Node,
  jobs: ReadonlyMap<string, JobDefinition>,
  matrix: Readonly<Record<string, string>>,
): PlacedNeed[] {
  const items = node.kind === 'mapping' ? [node] : flatItems(node);
  return items.flatMap((item) => {
    if (needKind(item) !== 'job') return [];
    const name = textOf(item) ?? textOf(get(item, 'job')) ?? '';
    const artifacts = flag(item, 'artifacts', true);
    const optional = flag(item, 'optional', false);
    return namesOf(name, item, jobs, matrix).map((job) => ({ job, artifacts, optional, node: item }));
  });
}

/** Job names of a list such as `dependencies`, parallel jobs expanded. */
export function expandNames(name: string, jobs: ReadonlyMap<string, JobDefinition>): string[] {
  const definition = jobs.get(name);
  return definition ? instancesOf(name, definition.keywords).map((instance) => instance.name) : [name];
}

function namesOf(
  name: string,
  item: Node,
  jobs: ReadonlyMap<string, JobDefinition>,
  matrix: Readonly<Record<string, string>>,
): string[] {
  const parallel = get(item, 'parallel');
  if (parallel?.kind !== 'mapping') return expandNames(name, jobs);
  return matrixRows(parallel, (text) => [fillMatrix(text, matrix)]).map((row) => matrixName(name, row));
}

/** GitLab's matrix expressions: `$[[ matrix.NAME ]]` in a need is the needing job's own value. */
function fillMatrix(text: string, matrix: Readonly<Record<string, string>>): string {
  return text.replace(/\$\[\[\s*matrix\.(\w+)\s*\]\]/g, (whole, name: string) =>
    Object.hasOwn(matrix, name) ? (matrix[name] ?? '') : whole,
  );
}

function flag(node: Node, key: string, fallback: boolean): boolean {
  const value = get(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'boolean' ? value.value : fallback;
}
