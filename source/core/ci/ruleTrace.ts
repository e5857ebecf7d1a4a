import type { Variables } from './expression/evaluate.ts';
import { conditionsOf } from './jobSet.ts';
import { jobVariables } from './jobVariables.ts';
import type { Configuration, JobDefinition, Node, PipelineContext, Place } from './model.ts';
import { instancesOf } from './parallel.ts';
import { predefinedVariables } from './predefined.ts';
import { type ConditionContext, ConditionFailure, ruleHolds } from './rules/condition.ts';
import { evaluateRules, ruleText } from './rules/evaluate.ts';
import { variablesOf } from './variables.ts';
import { flatItems, get, isNull, textOf } from './yaml/node.ts';

/** One of a job's rules, held against a pipeline. */
export interface TracedRule {
  /** `if: $CI_COMMIT_TAG, changes`, or `without condition`. */
  readonly text: string;
  /** `on_success`, `manual`, `never`. */
  readonly says: string;
  /** The first that holds decides; what GitLab cannot evaluate is `unclear`. */
  readonly state: 'decides' | 'holds' | 'fails' | 'unclear';
  /** What was taken for granted. */
  readonly assumed: readonly string[];
  readonly at: Place;
}

/** The rules of a job in their order; `name` is the job's own, of a matrix too. Empty for a job without rules. */
export function traceRules(
  { definition, name }: { readonly definition: JobDefinition; readonly name: string },
  configuration: Configuration,
  pipeline: PipelineContext,
): TracedRule[] {
  const { keywords } = definition;
  const rules = get(keywords, 'rules');
  const [first, ...others] = instancesOf(definition.name, keywords);
  if (!rules || isNull(rules) || !first) return [];
  const instance = [first, ...others].find((one) => one.name === name) ?? first;
  const predefined = predefinedVariables(pipeline);
  const root = rootVariables(configuration, pipeline, predefined);
  const variables = jobVariables(definition, instance, { predefined, root, given: pipeline.variables });
  const usual = textOf(get(keywords, 'when')) ?? 'on_success';
  let isDecided = false;
  return flatItems(rules).map((rule) => {
    const assumed = new Set<string>();
    const holds = attempt(rule, { ...conditionsOf(pipeline, assumed), variables });
    const decides = holds === true && !isDecided;
    isDecided ||= decides;
    return {
      text: ruleText(rule),
      says: textOf(get(rule, 'when')) ?? usual,
      state: holds === undefined ? 'unclear' : decides ? 'decides' : holds ? 'holds' : 'fails',
      assumed: [...assumed],
      at: rule.span,
    };
  });
}

/** Undefined where the condition cannot be evaluated. */
function attempt(rule: Node, context: ConditionContext): boolean | undefined {
  try {
    return rule.kind === 'mapping' && ruleHolds(rule, context);
  } catch (thrown) {
    if (thrown instanceof ConditionFailure) return undefined;
    throw thrown;
  }
}

/** Those of the top level, and of the workflow's rule that holds. */
function rootVariables({ root }: Configuration, pipeline: PipelineContext, predefined: Variables): Variables {
  const own = variablesOf(get(root, 'variables'));
  const workflow = get(get(root, 'workflow'), 'rules');
  if (!workflow || isNull(workflow)) return own;
  const variables = { ...predefined, ...own, ...pipeline.variables };
  try {
    const result = evaluateRules(workflow, 'always', { ...conditionsOf(pipeline, new Set()), variables });
    return { ...own, ...variablesOf(result.variables) };
  } catch (thrown) {
    if (thrown instanceof ConditionFailure) return own;
    throw thrown;
  }
}
