import type { MappingNode, Node } from './model.ts';
import { get, isNull, scalarText, textsOf } from './yaml/node.ts';

/** One of the jobs that a definition becomes. */
export interface Instance {
  /** As GitLab names it: `test 1/3`, `build: [linux, amd64]`, or the definition's own name. */
  readonly name: string;
  /** Variables of a matrix, and CI_NODE_INDEX and CI_NODE_TOTAL. */
  readonly variables: Readonly<Record<string, string>>;
  /** Only the matrix's own, for `$[[ matrix.NAME ]]`. */
  readonly matrix: Readonly<Record<string, string>>;
}

/** The jobs that `parallel` makes of one definition; one of its own name without it. */
export function instancesOf(name: string, keywords: MappingNode): Instance[] {
  const node = get(keywords, 'parallel');
  if (!node || isNull(node)) return [{ name, variables: {}, matrix: {} }];
  if (node.kind === 'mapping') return matrixInstances(name, node);
  const total = Number(node.kind === 'scalar' ? node.value : Number.NaN);
  if (!Number.isInteger(total) || total < 1) return [{ name, variables: {}, matrix: {} }];
  return Array.from({ length: total }, (_, index) => ({
    name: `${name} ${index + 1}/${total}`,
    variables: { CI_NODE_INDEX: String(index + 1), CI_NODE_TOTAL: String(total) },
    matrix: {},
  }));
}

function matrixInstances(name: string, parallel: Node): Instance[] {
  const rows = matrixRows(parallel);
  return rows.map((matrix, index) => ({
    name: matrixName(name, matrix),
    variables: { ...matrix, CI_NODE_INDEX: String(index + 1), CI_NODE_TOTAL: String(rows.length) },
    matrix,
  }));
}

/** GitLab's name of a matrix job: the values in the order of the variables. */
export function matrixName(name: string, row: Readonly<Record<string, string>>): string {
  return `${name}: [${Object.values(row).join(', ')}]`;
}

/** Every combination of a `parallel:matrix`, later variables varying fastest. */
export function matrixRows(
  parallel: Node,
  fill: (text: string) => string[] = (text) => [text],
): Record<string, string>[] {
  const matrix = get(parallel, 'matrix');
  if (matrix?.kind !== 'sequence') return [];
  return matrix.items.flatMap((item) => {
    if (item.kind !== 'mapping') return [];
    let rows: Record<string, string>[] = [{}];
    for (const [variable, { value }] of item.entries) {
      const values = (value.kind === 'sequence' ? textsOf(value) : [scalarText(value) ?? '']).flatMap(fill);
      rows = rows.flatMap((row) => values.map((one) => ({ ...row, [variable]: one })));
    }
    return rows;
  });
}
