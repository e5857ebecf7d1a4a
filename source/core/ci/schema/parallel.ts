import type { Node } from '../model.ts';
import { textOf } from '../yaml/node.ts';
import { type Check, checkKeys, requireKeys } from './report.ts';
import { isAlphanumeric, isInteger } from './values.ts';

/** GitLab's `PARALLEL_LIMIT`. */
const maxParallel = 200;

/** `parallel` of a job: a number, or a matrix. */
export const parallel: Check = (node, place, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'number')
    return number(node.value, node, place, report);
  if (node.kind !== 'mapping') return report.add(place, 'should be an integer or a hash', node);
  parallelMatrix(node, place, report);
};

function number(value: number, ...[node, place, report]: Parameters<Check>): void {
  if (!isInteger(node)) report.add(place, 'config must be an integer', node);
  else if (value < 1) report.add(place, 'config must be greater than or equal to 1', node);
  else if (value > maxParallel)
    report.add(place, `config must be less than or equal to ${maxParallel}`, node);
}

/** `parallel` with a matrix only, as of a bridge or a need. */
export const parallelMatrix: Check = (node, place, report) => {
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash', node);
  checkKeys(node, place, report, { entries: { matrix } });
  requireKeys(node, place, report, 'matrix');
};

const matrix: Check = (node, place, report) => {
  if (node.kind !== 'sequence' || !node.items.every((item) => item.kind === 'mapping')) {
    return report.add(place, 'config should be an array of hashes', node);
  }
  if (node.items.length === 0) return report.add(place, 'config requires at least 1 items', node);
  for (const item of node.items) variables(item, `${place}:variables`, report);
  if (matrixSize(node) > maxParallel)
    report.add(place, `config generates too many jobs (maximum is ${maxParallel})`, node);
};

const variables: Check = (node, place, report) => {
  if (node.kind !== 'mapping' || node.entries.size === 0)
    return report.add(place, 'config requires at least 1 items', node);
  const fits = [...node.entries.values()].every(({ value }) =>
    value.kind === 'sequence'
      ? value.items.length > 0 && value.items.every(isAlphanumeric)
      : isAlphanumeric(value) && textOf(value)?.trim() !== '',
  );
  if (!fits) report.add(place, 'config should be a hash of key value pairs, value can be an array', node);
};

/** How many jobs a matrix makes. */
function matrixSize(node: Node): number {
  if (node.kind !== 'sequence') return 0;
  return node.items.reduce((sum, item) => {
    if (item.kind !== 'mapping') return sum;
    const sizes = [...item.entries.values()].map(({ value }) =>
      value.kind === 'sequence' ? value.items.length : 1,
    );
    return sum + sizes.reduce((product, size) => product * size, 1);
  }, 0);
}
