import type { CiFiles, Configuration, Node } from '../ci/model.ts';
import { get, textOf } from '../ci/yaml/node.ts';
import { buildWords } from './obscure.ts';

/** Where images may be built that this configuration does not hold, a line each. */
export function beyond({ jobs, unresolved }: Configuration, files: CiFiles): string[] {
  const children = [...jobs.values()].flatMap(({ name, keywords }) => {
    const include = get(get(keywords, 'trigger'), 'include');
    const list = include?.kind === 'sequence' ? include.items : include ? [include] : [];
    return list.flatMap((one) => childText(name, one, files));
  });
  const hidden = unresolved.map(({ include }) => `the include ${include} cannot be read here`);
  return [...children, ...hidden];
}

function childText(job: string, include: Node, files: CiFiles): string[] {
  const made = textOf(get(include, 'artifact'));
  const by = textOf(get(include, 'job'));
  if (made !== undefined)
    return [`${job} starts a pipeline from ${made}, which ${by ?? 'a job'} makes anew each time`];
  const local = (textOf(include) ?? textOf(get(include, 'local')))?.replace(/^\//, '');
  const text = local === undefined ? undefined : files.read(local);
  return text !== undefined && buildWords.test(text)
    ? [`${job} starts a pipeline from ${local}, which builds images: write the cache there by hand`]
    : [];
}
