import { parseExpression } from '../expression/parser.ts';
import type { Node } from '../model.ts';
import { compileRegexp } from '../regexp.ts';
import { flatItems, get, isNull, scalarText, textOf } from '../yaml/node.ts';
import { ruleNeeds } from './needs.ts';
import { type Check, checkKeys, type Report } from './report.ts';
import { boolean, duration, isString, isStrings, oneOf, week } from './values.ts';
import { jobVariables } from './variables.ts';

const maxPaths = 50;
const maxDepth = 10;

/** An expression that GitLab can parse, its patterns included. */
export function isExpression(node: Node): boolean {
  const text = textOf(node);
  if (text === undefined) return node.kind === 'scalar' && typeof node.value === 'boolean';
  try {
    for (const pattern of patterns(parseExpression(text))) compileRegexp(...pattern);
    return true;
  } catch {
    return false;
  }
}

function patterns(tree: ReturnType<typeof parseExpression>): [string, string][] {
  if (tree.kind === 'pattern') {
    const [, source = '', flags = ''] = /^\/(.+)\/([ismU]*)$/s.exec(tree.text.replaceAll('\\/', '/')) ?? [];
    return [[source, flags]];
  }
  if (tree.kind === 'not') return patterns(tree.of);
  return tree.kind === 'operation' ? [...patterns(tree.left), ...patterns(tree.right)] : [];
}

const condition: Check = (node, place, report) => {
  if (!isExpression(node)) report.add(place, 'invalid expression syntax', node);
};

const pathList: Check = (node, place, report) => {
  if (!isStrings(node)) report.add(place, 'should be an array of strings', node);
  else if (node.kind === 'sequence' && node.items.length > maxPaths) {
    report.add(place, `has too many entries (maximum ${maxPaths})`, node);
  }
};

/** `changes` and `exists`: paths, or a mapping of `paths` or `regexp` and more. */
function pathsOrHash(...others: readonly string[]): Check {
  return (node, place, report) => {
    if (node.kind !== 'mapping') return pathList(node, `${place} config`, report);
    checkKeys(node, place, report, { attributes: { paths: pathList }, others: [...others, 'regexp'] });
    const used = ['paths', 'regexp'].filter((key) => !isNull(get(node, key)));
    if (used.length === 0) report.add(place, 'config missing required keys: paths', node);
    if (used.length > 1) report.add(place, 'config these keys cannot be used together: paths, regexp', node);
    if (!isNull(get(node, 'ref')) && isNull(get(node, 'project')))
      report.add(place, 'config missing required keys: project', node);
    for (const key of [...others, 'regexp']) {
      const value = get(node, key);
      if (value && !isNull(value) && !isString(value))
        report.add(place, `${key.replace('_', ' ')} should be a string`, value);
    }
  };
}

/** `changes` and `exists` of any rule. */
export const conditionEntries = {
  changes: pathsOrHash('compare_to'),
  exists: pathsOrHash('project', 'ref'),
};

/** GitLab's `AllowedValuesValidator`. */
function allowed(words: readonly string[]): Check {
  return (node, place, report) => {
    const text = scalarText(node) ?? '';
    if (!words.includes(text)) report.add(place, `unknown value: ${text}`, node);
  };
}

const whens = ['on_success', 'on_failure', 'always', 'never', 'manual', 'delayed'];

function jobRule(node: Node, place: string, report: Report): void {
  checkKeys(node, place, report, {
    entries: {
      ...conditionEntries,
      variables: jobVariables,
      needs: ruleNeeds,
    },
    attributes: {
      if: condition,
      when: allowed(whens),
      allow_failure: boolean.attribute,
      interruptible: boolean.attribute,
    },
    others: ['start_in', 'auto_cancel'],
  });
  const startIn = get(node, 'start_in');
  if (textOf(get(node, 'when')) !== 'delayed') {
    if (startIn && !isNull(startIn)) report.add(place, 'start in must be blank', startIn);
  } else if (!startIn || isNull(startIn)) report.add(place, "start in can't be blank", node);
  else duration(week)(startIn, `${place} start in`, report);
}

function workflowRule(node: Node, place: string, report: Report): void {
  checkKeys(node, place, report, {
    entries: {
      ...conditionEntries,
      variables: jobVariables,
      auto_cancel: autoCancel,
    },
    attributes: {
      if: condition,
      when: allowed(['always', 'never']),
    },
    others: ['name'],
  });
}

export const autoCancel: Check = (node, place, report) =>
  checkKeys(node, place, report, {
    attributes: {
      on_new_commit: oneOf(
        ['conservative', 'interruptible', 'none'],
        'must be one of: conservative, interruptible, none',
      ),
      on_job_failure: oneOf(['none', 'all'], 'must be one of: none, all'),
    },
  });

function list(rule: (node: Node, place: string, report: Report) => void): Check {
  return (node, place, report) => {
    if (!isRuleList(node, maxDepth)) {
      report.add(place, 'should be an array containing hashes and arrays of hashes', node);
      return;
    }
    for (const item of flatItems(node)) {
      if (item.kind === 'mapping' && item.entries.size === 0)
        report.add(`${place}:rule`, "config can't be blank", item);
      else rule(item, `${place}:rule`, report);
    }
  };
}

function isRuleList(node: Node, depth: number): boolean {
  if (node.kind !== 'sequence' || depth < 0) return false;
  return node.items.every((item) => item.kind === 'mapping' || isRuleList(item, depth - 1));
}

export const rules: Check = list(jobRule);
export const workflowRules: Check = list(workflowRule);
