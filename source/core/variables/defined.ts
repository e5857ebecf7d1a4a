import type { Configuration, Node } from '../ci/model.ts';
import { get } from '../ci/yaml/node.ts';

/** Set by GitLab, the runner or the shell itself, for every job. */
const predefined =
  /^(?:CI|CI_.*|GITLAB_.*|FF_.*|CHAT_.*|TRIGGER_PAYLOAD|KUBECONFIG|DOCKER_AUTH_CONFIG|DOCKER_ENV_.*|RUNNER_.*|HOME|PATH|PWD|OLDPWD|USER|LOGNAME|SHELL|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|LANG|LC_.*|TERM|UID|EUID|PPID|RANDOM|SECONDS|LINENO|IFS|OPTARG|OPTIND|REPLY|FUNCNAME|TMPDIR|BASH.*|PIPESTATUS|EDITOR|ENV|XDG_.*)$/;

/** A variable that no CI configuration has to set: predefined, or by its lower-case name the shell's own. */
export function isPredefined(key: string): boolean {
  return predefined.test(key) || !/[A-Z]/.test(key);
}

/** Keys that the configuration itself sets somewhere: in `variables`, in a matrix, or by a shell assignment in a script. */
export function definedVariables(configuration: Configuration): Set<string> {
  const keys = new Set<string>();
  const collect = (node: Node | undefined): void => {
    if (!node) return;
    if (node.kind === 'sequence') for (const item of node.items) collect(item);
    else if (node.kind === 'mapping')
      for (const [key, { value }] of node.entries) {
        if (key === 'variables' || key === 'matrix') addKeys(value, keys);
        collect(value);
      }
    else if (node.kind === 'scalar' && typeof node.value === 'string') addAssignments(node.value, keys);
  };
  collect(get(configuration.root, 'variables'));
  addKeys(get(configuration.root, 'variables'), keys);
  for (const name of ['workflow', 'default'] as const) collect(get(configuration.root, name));
  for (const { keywords } of configuration.jobs.values()) collect(keywords);
  return keys;
}

function addKeys(node: Node | undefined, keys: Set<string>): void {
  if (node?.kind === 'sequence') for (const item of node.items) addKeys(item, keys);
  if (node?.kind === 'mapping') for (const key of node.entries.keys()) keys.add(key);
}

const assignments =
  /(?:^|[\s;&|({"'`])(?:export\s+|declare\s+(?:-\w+\s+)*|local\s+|readonly\s+)?([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=|\b(?:for|select|printf\s+-v)\s+([A-Za-z_]\w*)|\b(?:read|mapfile|readarray|local|declare|getopts\s+\S+)((?:[ \t]+(?:-\w+|[A-Za-z_]\w*(?![\w=])))+)/gm;

function addAssignments(text: string, keys: Set<string>): void {
  for (const [, assigned, named, list] of text.matchAll(assignments)) {
    const key = assigned ?? named;
    if (key !== undefined) keys.add(key);
    for (const one of list?.trim().split(/\s+/) ?? []) if (!one.startsWith('-')) keys.add(one);
  }
}
