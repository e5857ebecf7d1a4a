import { evaluateIf } from '../expression/evaluate.ts';
import type { MappingNode, Node, PipelineContext, Span } from '../model.ts';
import { pipelineSource } from '../predefined.ts';
import { compileRegexp } from '../regexp.ts';
import { get, isNull, textsOf } from '../yaml/node.ts';
import { type ConditionContext, changesHold } from './condition.ts';

/** Why `only` or `except` leaves a job out, and where; undefined when it is in. */
export type PolicyExclusion = { readonly because: string; readonly at: Span } | undefined;

const defaultRefs = ['branches', 'tags'];

/** `only` and `except` of a job without rules. `hasDefault` is false where `workflow:rules` take over. */
export function evaluatePolicies(
  keywords: MappingNode,
  pipeline: PipelineContext,
  context: ConditionContext,
  hasDefault: boolean,
): PolicyExclusion {
  const only = get(keywords, 'only');
  const at = only?.span ?? keywords.span;
  if (only && !isNull(only)) {
    const failed = onlySpecs(only, pipeline, context).find((spec) => !spec.holds());
    if (failed) return { because: `only:${failed.name} does not hold`, at };
  } else if (hasDefault && !refsHold(defaultRefs, pipeline)) {
    return {
      because: 'it has neither rules nor only, so it runs for branches and tags, not for merge requests',
      at,
    };
  }
  const except = get(keywords, 'except');
  if (!except || isNull(except)) return undefined;
  const hit = specs(except, pipeline, context).find((spec) => spec.holds());
  return hit ? { because: `except:${hit.name} holds`, at: except.span } : undefined;
}

interface Spec {
  readonly name: string;
  readonly holds: () => boolean;
}

/** A hash without `refs` keeps the default refs. */
function onlySpecs(only: Node, pipeline: PipelineContext, context: ConditionContext): Spec[] {
  const given = specs(only, pipeline, context);
  if (given.some((spec) => spec.name === 'refs')) return given;
  return [{ name: 'refs', holds: () => refsHold(defaultRefs, pipeline) }, ...given];
}

function specs(node: Node, pipeline: PipelineContext, context: ConditionContext): Spec[] {
  if (node.kind !== 'mapping') return [{ name: 'refs', holds: () => refsHold(textsOf(node), pipeline) }];
  const found: Spec[] = [];
  const add = (name: string, holds: (value: Node) => boolean): void => {
    const value = get(node, name);
    if (value && !isNull(value)) found.push({ name, holds: () => holds(value) });
  };
  add('refs', (value) => refsHold(textsOf(value), pipeline));
  add('variables', (value) => textsOf(value).some((expression) => evaluateIf(expression, context.variables)));
  add('changes', (value) => changesHold(value, context));
  add('kubernetes', () => {
    context.assume('only:kubernetes is taken as false: no cluster is known here');
    return false;
  });
  return found;
}

/** GitLab's `Policy::Refs`: words for kinds and sources of pipelines, names, patterns; `@group/project` limits them. */
function refsHold(patterns: readonly string[], pipeline: PipelineContext): boolean {
  const project = pipeline.known?.CI_PROJECT_PATH;
  return patterns.some((full) => {
    const { pattern, path } = splitPath(full);
    if (path !== undefined && path !== project) return false;
    return refHolds(pattern, pipeline);
  });
}

/** At the first `@`, also within a pattern, as GitLab does. */
function splitPath(full: string): { pattern: string; path: string | undefined } {
  const at = full.indexOf('@');
  return at < 0
    ? { pattern: full, path: undefined }
    : { pattern: full.slice(0, at), path: full.slice(at + 1) };
}

function refHolds(pattern: string, { event, ref }: PipelineContext): boolean {
  const source = pipelineSource(event).replace(/_event$/, '');
  if (pattern === source || pattern === `${source}${/(?:s|sh)$/.test(source) ? 'es' : 's'}`) return true;
  if (event === 'merge_request') return false;
  if (pattern === (event === 'tag' ? 'tags' : 'branches')) return true;
  const [, body, flags = ''] = /^\/(.*)\/([ismU]*)$/s.exec(pattern) ?? [];
  return body === undefined ? pattern === ref : compileRegexp(body, flags).test(ref);
}
