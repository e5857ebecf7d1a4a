import type { Configuration, ConfigurationError, JobSet, PipelineContext } from './model.ts';
import { predefinedVariables } from './predefined.ts';
import { resolveConfiguration } from './resolve.ts';
import type { ConditionContext } from './rules/condition.ts';
import { selectJobs } from './selection.ts';
import { validateJobs } from './validate.ts';

export interface ResolvedJobSet extends JobSet {
  readonly configuration: Configuration;
}

/** The jobs that GitLab would create for an event, from the entry file on. */
export function jobSet(entry: string, pipeline: PipelineContext): ResolvedJobSet {
  const assumptions = new Set<string>();
  const conditions = conditionsOf(pipeline, assumptions);
  const configuration = resolveConfiguration(entry, conditions);
  const base = { configuration, jobs: [], stages: [], excluded: [], unresolved: configuration.unresolved };
  const structural =
    configuration.errors.length > 0
      ? configuration.errors
      : elsewhere(configuration, validateJobs(configuration), assumptions);
  if (structural.length > 0) return { ...base, errors: structural, assumptions: [...assumptions] };
  const selected = selectJobs(configuration, pipeline, conditions);
  return { ...base, ...selected, assumptions: [...assumptions] };
}

/** With includes that are not here, a missing job or stage may well exist: it is noted, not reported as an error. */
function elsewhere(
  { unresolved }: Configuration,
  errors: readonly ConfigurationError[],
  assumptions: Set<string>,
): readonly ConfigurationError[] {
  if (unresolved.length === 0) return errors;
  const missing = /undefined (?:need|dependency): |chosen stage .* does not exist|is not defined/;
  for (const { message } of errors)
    if (missing.test(message))
      assumptions.add(`an unresolved include defines what is missing here: ${message}`);
  return errors.filter(({ message }) => !missing.test(message));
}

/** What rules look at. Tags, schedules and pipelines started by hand have nothing to compare with. */
export function conditionsOf(pipeline: PipelineContext, assumptions: Set<string>): ConditionContext {
  const compares = pipeline.event === 'push' || pipeline.event === 'merge_request';
  return {
    variables: { ...predefinedVariables(pipeline), ...pipeline.variables },
    changed: compares ? pipeline.changed : undefined,
    compared: pipeline.isOwnChange ? undefined : pipeline.changed,
    unread: pipeline.unread,
    refs: pipeline.refs,
    files: pipeline.files,
    assume: (text) => void assumptions.add(text),
  };
}
