import type { ConfigurationError, Node } from '../model.ts';
import { createReport } from '../schema/report.ts';
import { conditionEntries, isExpression } from '../schema/rules.ts';
import { get, isNull, scalarText, textOf } from '../yaml/node.ts';

const keys = new Set(['if', 'exists', 'when', 'changes']);

/** What GitLab refuses in `include:rules`. */
export function checkIncludeRules(rules: Node): ConfigurationError[] {
  if (rules.kind !== 'sequence')
    return [{ message: 'include:rules config should be an array of hashes', at: rules.span }];
  return rules.items.flatMap((rule): ConfigurationError[] => {
    if (rule.kind !== 'mapping')
      return [{ message: 'include:rules:rule config should be a hash', at: rule.span }];
    const unknown = [...rule.entries.keys()].filter((key) => !keys.has(key));
    if (unknown.length > 0) {
      return [
        { message: `include:rules:rule config contains unknown keys: ${unknown.join(', ')}`, at: rule.span },
      ];
    }
    if (rule.entries.size === 0)
      return [{ message: "include:rules:rule config can't be blank", at: rule.span }];
    const condition = get(rule, 'if');
    if (condition && !isNull(condition) && !isExpression(condition))
      return [{ message: 'include:rules:rule if invalid expression syntax', at: condition.span }];
    const when = get(rule, 'when');
    const report = createReport();
    for (const [key, check] of Object.entries(conditionEntries)) {
      const value = get(rule, key);
      if (value && !isNull(value)) check(value, `include:rules:rule:${key}`, report);
    }
    if (report.errors.length > 0) return report.errors;
    if (when === undefined || isNull(when) || ['never', 'always'].includes(textOf(when) ?? '')) return [];
    return [{ message: `include:rules:rule when unknown value: ${scalarText(when) ?? ''}`, at: when.span }];
  });
}
