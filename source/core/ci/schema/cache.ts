import type { Node } from '../model.ts';
import { get, isNull, textOf } from '../yaml/node.ts';
import { type Check, hash } from './report.ts';
import { boolean, isString, oneOf, strings } from './values.ts';

const maxCaches = 4;
const maxKeyFiles = 10;
const maxFallbackKeys = 5;

const keyFiles: Check = (node, place, report) => {
  strings.entry(node, place, report);
  if (node.kind !== 'sequence') return;
  if (node.items.length === 0) report.add(place, 'config requires at least 1 item', node);
  if (node.items.length > maxKeyFiles)
    report.add(place, `config has too many items (maximum is ${maxKeyFiles})`, node);
};

/** A key becomes part of a path in the cache, also when its `%2F` is decoded. */
const keyText: Check = (node, place, report) => {
  const text = textOf(node);
  if (text === undefined) return report.add(place, 'config should be a string or symbol', node);
  const path = text.replace(/%2f/gi, '/').replace(/%2e/gi, '.');
  if (path.includes('/')) report.add(place, 'config cannot contain the "/" character', node);
  else if (/^\.+$/.test(path)) report.add(place, 'config cannot be "." or ".."', node);
};

const key: Check = (node, place, report) => {
  if (isString(node)) return keyText(node, place, report);
  if (node.kind !== 'mapping') return report.add(place, 'should be a hash, a string or a symbol', node);
  hash({ entries: { files: keyFiles, files_commits: keyFiles, prefix: keyText } })(node, place, report);
  const used = ['files', 'files_commits'].filter((name) => node.entries.has(name));
  if (used.length === 0) report.add(place, 'config missing required keys: files', node);
  if (used.length > 1)
    report.add(place, `config these keys cannot be used together: ${used.join(', ')}`, node);
};

const fallbackKeys: Check = (node, place, report) => {
  strings.entry(node, place, report);
  if (node.kind === 'sequence' && node.items.length > maxFallbackKeys) {
    report.add(place, `config has to many entries (maximum ${maxFallbackKeys})`, node);
  }
};

/** Policy and when may come from a variable. */
function wordOrVariable(words: readonly string[]): Check {
  const check = oneOf(words);
  return (node, place, report) => {
    if (!textOf(node)?.startsWith('$')) check(node, place, report);
  };
}

const one: Check = hash({
  entries: {
    key,
    untracked: boolean.entry,
    unprotect: boolean.entry,
    paths: strings.entry,
    fallback_keys: fallbackKeys,
  },
  attributes: {
    policy: wordOrVariable(['pull-push', 'push', 'pull']),
    when: oneOf(['on_success', 'on_failure', 'always']),
  },
});

export const cache: Check = (node, place, report) => {
  const caches: readonly Node[] = node.kind === 'sequence' ? node.items : [node];
  if (caches.length > maxCaches) {
    report.add(place, `config no more than ${maxCaches} caches can be created`, node);
    return;
  }
  for (const item of caches) one(item, place, report);
};

/** The caches of a job, each a mapping. */
export function cachesOf(keywords: Node): Node[] {
  const node = get(keywords, 'cache');
  if (!node || isNull(node)) return [];
  return node.kind === 'sequence' ? [...node.items] : [node];
}
