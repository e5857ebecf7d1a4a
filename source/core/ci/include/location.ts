import { expandVariables } from '../expand.ts';
import type { Variables } from '../expression/evaluate.ts';
import type { CiFiles, Node } from '../model.ts';
import { get, isNull, plain, scalarText, textsOf } from '../yaml/node.ts';

/** Where an include points, variables expanded. */
export type Location =
  | { readonly kind: 'local'; readonly path: string; readonly node: Node }
  | { readonly kind: 'unresolved'; readonly include: string; readonly because: string; readonly node: Node }
  | { readonly kind: 'invalid'; readonly message: string; readonly node: Node };

const subkeys = ['local', 'project', 'remote', 'template', 'component', 'artifact'] as const;
const listed = '`local`, `project`, `remote`, `template`, `component`';

const reasons = {
  project: 'it is in another project',
  remote: 'it is on another server',
  template: 'it ships with the GitLab server',
  component: 'it is in the CI/CD catalog',
  artifact: 'a job of the pipeline makes it',
} as const;

/** Reads one entry of `include`. */
export function locate(node: Node, variables: Variables): Location {
  const text = scalarText(node);
  if (node.kind === 'scalar' && text !== undefined) {
    const path = expandVariables(text, variables);
    return /^https?:\/\//.test(path)
      ? { kind: 'unresolved', include: `remote: ${path}`, because: reasons.remote, node }
      : { kind: 'local', path, node };
  }
  if (node.kind !== 'mapping')
    return { kind: 'invalid', message: 'Include config should be hash or string', node };
  const used = subkeys.filter((key) => !isNull(get(node, key)));
  const [kind] = used;
  if (kind === undefined) {
    const shown = JSON.stringify(plain(node));
    return {
      kind: 'invalid',
      message: `\`${shown}\` does not have a valid subkey for include. Valid subkeys are: ${listed}`,
      node,
    };
  }
  if (used.length > 1 && !(used.length === 2 && used.includes('artifact'))) {
    return { kind: 'invalid', message: `Each include must use only one of: ${listed}`, node };
  }
  const target = expandVariables(scalarText(get(node, kind)) ?? '', variables);
  if (kind === 'local') return { kind: 'local', path: target, node };
  if (kind === 'project' && isNull(get(node, 'file'))) {
    return {
      kind: 'invalid',
      message: `Included project \`${target}\`: the \`file\` to include is not given`,
      node,
    };
  }
  const files = kind === 'project' ? ` file: ${textsOf(get(node, 'file')).join(', ')}` : '';
  return { kind: 'unresolved', include: `${kind}: ${target}${files}`, because: reasons[kind], node };
}

/** The files that a local include names, one for each match of a wildcard; GitLab's `search_files_by_wildcard_path`. */
export function localPaths(path: string, files: CiFiles): string[] {
  const relative = path.replace(/^\//, '');
  if (!relative.includes('*')) return [relative];
  const source = relative
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  const pattern = new RegExp(`^${source}$`, 's');
  return files.list().filter((file) => pattern.test(file));
}
