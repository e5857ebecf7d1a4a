import type { Node } from '../model.ts';
import { compileRegexp } from '../regexp.ts';
import { flatItems, scalarText, textOf } from '../yaml/node.ts';
import { type Check, checkKeys } from './report.ts';
import { isExpression } from './rules.ts';
import { isStrings } from './values.ts';

/** A ref of `only` or `except`: a word, or a pattern with its slashes that RE2 can compile. */
function isRefPattern(node: Node): boolean {
  const text = textOf(node);
  if (text === undefined) return false;
  const [, source, flags = ''] = /^\/(.*)\/([ismU]*)$/s.exec(text) ?? [];
  if (source === undefined) return true;
  try {
    compileRegexp(source, flags);
    return true;
  } catch {
    return false;
  }
}

const refs: Check = (node, place, report) => {
  if (node.kind !== 'sequence' || !node.items.every(isRefPattern)) {
    report.add(place, 'config should be an array of strings or regular expressions', node);
  }
};

/** `only` and `except`. */
export const policy: Check = (node, place, report) => {
  if (node.kind === 'sequence') return refs(node, place, report);
  if (node.kind !== 'mapping')
    return report.add(place, 'has to be either an array of conditions or a hash', node);
  if (node.entries.size === 0) report.add(place, "config can't be blank", node);
  checkKeys(node, place, report, {
    attributes: {
      refs: (value, at, to) => {
        if (value.kind !== 'sequence' || !value.items.every(isRefPattern))
          to.add(at, 'should be an array of strings or regular expressions', value);
      },
      kubernetes: (value, at, to) => {
        const text = scalarText(value) ?? '';
        if (text !== 'active') to.add(at, `unknown value: ${text}`, value);
      },
      variables: (value, at, to) => {
        if (!isStrings(value)) to.add(at, 'should be an array of strings', value);
        else if (!flatItems(value).every(isExpression)) to.add(at, 'invalid expression syntax', value);
      },
      changes: (value, at, to) => {
        if (!isStrings(value)) to.add(at, 'should be an array of strings', value);
      },
    },
  });
};
