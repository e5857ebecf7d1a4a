import type { Variables } from './expression/evaluate.ts';
import type { JobDefinition } from './model.ts';
import type { Instance } from './parallel.ts';
import { slugify } from './predefined.ts';
import { stageOf } from './validate.ts';
import { environmentVariables, inheritedVariables, variablesOf } from './variables.ts';
import { get } from './yaml/node.ts';

/** Where a job's variables come from, the later ones first to win. */
export interface VariableSources {
  readonly predefined: Variables;
  /** Of the top level, with those of the workflow's rule. */
  readonly root: Variables;
  /** Given by hand. */
  readonly given: Variables;
}

/** What the rules of a job see. */
export function jobVariables(
  definition: JobDefinition,
  instance: Instance,
  { predefined, root, given }: VariableSources,
): Variables {
  const { keywords } = definition;
  const own: Variables = {
    ...predefined,
    CI_JOB_NAME: instance.name,
    CI_JOB_NAME_SLUG: slugify(instance.name),
    CI_JOB_STAGE: stageOf(definition),
    ...inheritedVariables(keywords, root),
    ...variablesOf(get(keywords, 'variables')),
    ...instance.variables,
    ...given,
  };
  return { ...own, ...environmentVariables(keywords, own) };
}
