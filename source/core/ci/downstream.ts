import { expandAll, expandVariables } from './expand.ts';
import type { Variables } from './expression/evaluate.ts';
import { jobVariables } from './jobVariables.ts';
import type { Configuration, Job, JobDefinition, Node, PipelineContext } from './model.ts';
import { instancesOf } from './parallel.ts';
import { predefinedVariables } from './predefined.ts';
import { inheritedVariables, variablesOf } from './variables.ts';
import { flatItems, get, isNull, plain, textOf } from './yaml/node.ts';

/** The pipeline that a bridge starts: a child of the same commit, or one of a project. */
export type Downstream =
  | { readonly kind: 'child'; readonly include: Node }
  | { readonly kind: 'project'; readonly path: string; readonly branch?: string };

/** What a job with `trigger` starts; undefined for any other. */
export function downstreamOf({ keywords }: Pick<JobDefinition, 'keywords'>): Downstream | undefined {
  const trigger = get(keywords, 'trigger');
  const include = get(trigger, 'include');
  if (include && !isNull(include)) return { kind: 'child', include };
  const path = textOf(trigger) ?? textOf(get(trigger, 'project'));
  if (path === undefined) return undefined;
  const branch = textOf(get(trigger, 'branch'));
  return { kind: 'project', path, ...(branch === undefined ? {} : { branch }) };
}

/** Whether the bridge takes its state from the pipeline that it starts (`strategy`), and lasts as long. */
export function isDependent({ keywords }: Pick<JobDefinition, 'keywords'>): boolean {
  return !isNull(get(get(keywords, 'trigger'), 'strategy'));
}

/** Where the includes of a bridge stand in for an entry file. */
const childEntry = '.gitlab-ci.child-pipeline.yml';

/** A pipeline to ask for: its entry file and what it is created for. */
export interface ChildPipeline {
  readonly entry: string;
  readonly context: PipelineContext;
}

/**
 * The child pipeline of a bridge: of the same event, ref and commit, from the files that the bridge includes. Undefined where
 * a job of the parent has to make the configuration first (`include:artifact`), and for what starts no child.
 */
export function childPipeline(
  bridge: Pick<Job, 'name' | 'definition'>,
  configuration: Configuration,
  parent: PipelineContext,
): ChildPipeline | undefined {
  const started = downstreamOf(bridge.definition);
  if (started?.kind !== 'child') return undefined;
  const { include } = started;
  if (flatItems(include).some((item) => !isNull(get(item, 'artifact')))) return undefined;
  const text = JSON.stringify({ include: plain(include) });
  const { files } = parent;
  return {
    entry: childEntry,
    context: {
      ...parent,
      variables: passedVariables(bridge, configuration, parent),
      known: { ...parent.known, CI_PIPELINE_SOURCE: 'parent_pipeline' },
      files: {
        read: (path) => (path === childEntry ? text : files.read(path)),
        list: () => files.list(),
      },
    },
  };
}

/** The variables that a bridge hands on: its own and those it inherits; what was given by hand only where `forward` says so. */
export function passedVariables(
  { name, definition }: Pick<Job, 'name' | 'definition'>,
  configuration: Configuration,
  parent: PipelineContext,
): Variables {
  const { keywords } = definition;
  const forward = get(get(keywords, 'trigger'), 'forward');
  const passes = (key: string, usual: boolean): boolean => {
    const node = get(forward, key);
    return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : usual;
  };
  const given = passes('pipeline_variables', false) ? parent.variables : {};
  const instance = instancesOf(definition.name, keywords).find((one) => one.name === name);
  if (!instance || !passes('yaml_variables', true)) return given;
  const predefined = predefinedVariables(parent);
  const root = variablesOf(get(configuration.root, 'variables'));
  const known = expandAll(jobVariables(definition, instance, { predefined, root, given: parent.variables }));
  const written: Variables = {
    ...inheritedVariables(keywords, root),
    ...variablesOf(get(keywords, 'variables')),
    ...instance.variables,
  };
  const expanded = Object.entries(written).map(([key, value]) => [key, expandVariables(value ?? '', known)]);
  return { ...Object.fromEntries(expanded), ...given };
}
