import type { Node, Span, When } from '../model.ts';
import { flatItems, get, isNull, scalarText, textOf } from '../yaml/node.ts';
import { type ConditionContext, ruleHolds } from './condition.ts';

/** What a list of rules decides. */
export interface RuleResult {
  readonly when: When | 'never';
  readonly allowFailure?: boolean;
  readonly needs?: Node;
  readonly variables?: Node;
  /** Why it is out; where the deciding rule, or the list, stands. */
  readonly because: string;
  readonly at: Span;
}

/** The first rule that holds decides; when none does the job, or the pipeline, is out. Throws `ConditionFailure`. */
export function evaluateRules(rules: Node, fallback: When, context: ConditionContext): RuleResult {
  const list = flatItems(rules);
  for (const [index, rule] of list.entries()) {
    if (rule.kind !== 'mapping' || !ruleHolds(rule, context)) continue;
    const when = (textOf(get(rule, 'when')) as RuleResult['when'] | undefined) ?? fallback;
    const allowFailure = get(rule, 'allow_failure');
    const needs = get(rule, 'needs');
    const variables = get(rule, 'variables');
    return {
      when,
      ...(allowFailure?.kind === 'scalar' && typeof allowFailure.value === 'boolean'
        ? { allowFailure: allowFailure.value }
        : {}),
      ...(needs && !isNull(needs) ? { needs } : {}),
      ...(variables && !isNull(variables) ? { variables } : {}),
      because: `rule ${index + 1} of ${list.length} (${ruleText(rule)}) says ${when}`,
      at: rule.span,
    };
  }
  const because =
    list.length === 0
      ? 'its rules are empty'
      : list.length === 1
        ? `its only rule does not hold: ${ruleText(list[0])}`
        : `none of its ${list.length} rules holds`;
  return { when: 'never', because, at: rules.span };
}

/** The conditions of a rule in one line; paths are left out. */
export function ruleText(rule: Node | undefined): string {
  const parts: string[] = [];
  const condition = scalarText(get(rule, 'if'));
  if (condition !== undefined) parts.push(`if: ${condition.trim()}`);
  for (const key of ['changes', 'exists']) if (!isNull(get(rule, key))) parts.push(key);
  return parts.length === 0 ? 'without condition' : parts.join(', ');
}
