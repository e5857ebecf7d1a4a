import { expandAll, expandVariables } from './expand.ts';
import type { Variables } from './expression/evaluate.ts';
import { jobVariables } from './jobVariables.ts';
import type {
  Configuration,
  ConfigurationError,
  ExcludedJob,
  Job,
  JobDefinition,
  JobSet,
  Need,
  Node,
  PipelineContext,
  When,
} from './model.ts';
import { expandNeeds } from './needs.ts';
import { type Instance, instancesOf } from './parallel.ts';
import { predefinedVariables } from './predefined.ts';
import { type ConditionContext, ConditionFailure } from './rules/condition.ts';
import { evaluateRules, type RuleResult } from './rules/evaluate.ts';
import { evaluatePolicies } from './rules/policy.ts';
import { needsOf } from './schema/job.ts';
import { needKind } from './schema/needs.ts';
import { stageOf } from './validate.ts';
import { variablesOf } from './variables.ts';
import { get, isNull, textOf, textsOf } from './yaml/node.ts';

/** GitLab's default for `ci_needs_size_limit`. */
const maxNeeds = 50;

const emptyPipeline =
  'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.';

/** What the rules leave of a configuration. */
export type Outcome = Pick<JobSet, 'jobs' | 'stages' | 'excluded' | 'errors'>;

/** A job that is in, its needs not yet checked against what else is in. */
interface Candidate {
  readonly job: Job;
  readonly needs: readonly (Need & { readonly node: Node })[] | null;
}

/** The jobs of a valid configuration that an event gets: its workflow, rules and policies, and the needs that are left. */
export function selectJobs(
  configuration: Configuration,
  pipeline: PipelineContext,
  conditions: ConditionContext,
): Outcome {
  return new Selection(configuration, pipeline, conditions).run();
}

class Selection {
  private readonly errors: ConfigurationError[] = [];
  private readonly excluded: ExcludedJob[] = [];
  /** Names of every visible job, expanded, in or out. */
  private readonly defined = new Set<string>();
  private rootVariables: Variables;
  private readonly configuration: Configuration;
  private readonly pipeline: PipelineContext;
  private readonly conditions: ConditionContext;
  private readonly predefined: Variables;

  constructor(configuration: Configuration, pipeline: PipelineContext, conditions: ConditionContext) {
    this.configuration = configuration;
    this.pipeline = pipeline;
    this.conditions = conditions;
    this.predefined = predefinedVariables(pipeline);
    this.rootVariables = variablesOf(get(configuration.root, 'variables'));
  }

  run(): Outcome {
    const workflow = get(get(this.configuration.root, 'workflow'), 'rules');
    if (workflow && !isNull(workflow) && !this.workflowHolds(workflow)) return this.outcome([]);
    const candidates = [...this.configuration.jobs.values()].flatMap((definition) =>
      this.candidates(definition, workflow === undefined),
    );
    if (this.errors.length > 0) return this.outcome([]);
    for (const { name, keywords } of this.configuration.jobs.values())
      for (const instance of instancesOf(name, keywords)) this.defined.add(instance.name);
    const present = new Set(candidates.map(({ job }) => job.name));
    const jobs = candidates.map((candidate) => this.withNeeds(candidate, present));
    if (this.errors.length === 0 && !jobs.some(({ stage }) => stage !== '.pre' && stage !== '.post')) {
      this.errors.push({ message: emptyPipeline });
    }
    return this.outcome(jobs);
  }

  private outcome(jobs: readonly Job[]): Outcome {
    const kept = this.errors.length > 0 ? [] : jobs;
    const used = new Set(kept.map(({ stage }) => stage));
    return {
      jobs: kept,
      stages: this.configuration.stages.filter((stage) => used.has(stage)),
      excluded: this.excluded,
      errors: this.errors,
    };
  }

  private workflowHolds(rules: Node): boolean {
    const context = {
      ...this.conditions,
      variables: { ...this.predefined, ...this.rootVariables, ...this.pipeline.variables },
    };
    const result = this.attempt(() => evaluateRules(rules, 'always', context), 'workflow', rules);
    if (!result) return false;
    if (result.when === 'never') {
      this.errors.push({
        message: `Pipeline filtered out by workflow rules: ${result.because}`,
        at: result.at,
      });
      return false;
    }
    this.rootVariables = { ...this.rootVariables, ...variablesOf(result.variables) };
    return true;
  }

  private candidates(definition: JobDefinition, hasDefault: boolean): Candidate[] {
    return instancesOf(definition.name, definition.keywords).flatMap((instance) => {
      const found = this.candidate(definition, instance, hasDefault);
      return found ? [found] : [];
    });
  }

  private candidate(
    definition: JobDefinition,
    instance: Instance,
    hasDefault: boolean,
  ): Candidate | undefined {
    const { keywords } = definition;
    const variables = jobVariables(definition, instance, {
      predefined: this.predefined,
      root: this.rootVariables,
      given: this.pipeline.variables,
    });
    const decided = this.decide(definition, instance, { ...this.conditions, variables }, hasDefault);
    if (!decided) return undefined;
    const { when, allowFailure, needs: ruleNeeds, variables: ruleVariables } = decided;
    const all = ruleVariables
      ? { ...variables, ...variablesOf(ruleVariables), ...this.pipeline.variables }
      : variables;
    const own = get(keywords, 'needs');
    const list = ruleNeeds ?? (own && !isNull(own) ? own : undefined);
    const stageOrder = !list || mirrorsOnly(keywords, list);
    const job: Job = {
      name: instance.name,
      definition,
      stage: stageOf(definition),
      when: when === 'never' ? 'on_success' : when,
      allowFailure: allowFailure ?? defaultAllowFailure(keywords),
      tags: expandTags(textsOf(get(keywords, 'tags')), all),
      needs: null,
    };
    return { job, needs: stageOrder ? null : expandNeeds(list, this.configuration.jobs, instance.matrix) };
  }

  private decide(
    definition: JobDefinition,
    instance: Instance,
    context: ConditionContext,
    hasDefault: boolean,
  ): Pick<RuleResult, 'when' | 'allowFailure' | 'needs' | 'variables'> | undefined {
    const { keywords } = definition;
    const when = (textOf(get(keywords, 'when')) as When | undefined) ?? 'on_success';
    const rules = get(keywords, 'rules');
    const exclude = (because: string, at: ExcludedJob['at']): undefined => {
      this.excluded.push({ name: instance.name, because, at });
      return undefined;
    };
    if (rules && !isNull(rules)) {
      const result = this.attempt(() => evaluateRules(rules, when, context), definition.name, rules);
      if (!result) return undefined;
      return result.when === 'never' ? exclude(result.because, result.at) : result;
    }
    // Also `rules: null` does away with the default of branches and tags.
    const out = evaluatePolicies(keywords, this.pipeline, context, hasDefault && rules === undefined);
    return out ? exclude(out.because, out.at) : { when };
  }

  private attempt<T>(evaluate: () => T, name: string, node: Node): T | undefined {
    try {
      return evaluate();
    } catch (thrown) {
      if (!(thrown instanceof ConditionFailure)) throw thrown;
      this.errors.push({ message: `Failed to parse rule for ${name}: ${thrown.message}`, at: node.span });
      return undefined;
    }
  }

  /** A job that no file here defines, while there are includes that are not here. */
  private mayBeIncluded(name: string): boolean {
    if (this.configuration.unresolved.length === 0 || this.defined.has(name)) return false;
    this.conditions.assume(`an unresolved include defines what is missing here: the job ${name}`);
    return true;
  }

  private withNeeds({ job, needs }: Candidate, present: ReadonlySet<string>): Job {
    if (!needs) return job;
    if (needs.length > maxNeeds) {
      this.errors.push({
        message: `${job.name}: one job can only need ${maxNeeds} others, but you have listed ${needs.length}. See needs keyword documentation for more details`,
        at: get(job.definition.keywords, 'needs')?.span ?? job.definition.at,
      });
    }
    const kept: Need[] = [];
    for (const { node, ...need } of needs) {
      if (present.has(need.job) || this.mayBeIncluded(need.job)) kept.push(need);
      else if (!need.optional) {
        this.errors.push({
          message: `'${job.name}' job needs '${need.job}' job, but '${need.job}' does not exist in the pipeline. This might be because of the only, except, or rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional. ('${need.job}' was not added to the pipeline.)`,
          at: node.span,
        });
      }
    }
    return { ...job, needs: kept };
  }
}

function expandTags(tags: readonly string[], variables: Variables): readonly string[] {
  if (!tags.some((tag) => /[$%]/.test(tag))) return tags;
  const expanded = expandAll(variables);
  return tags.map((tag) => expandVariables(tag, expanded));
}

/** A bridge that only mirrors another pipeline keeps stage order. */
function mirrorsOnly(keywords: JobDefinition['keywords'], list: Node): boolean {
  if (list !== get(keywords, 'needs')) return false;
  const kinds = needsOf(keywords).map(needKind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'bridge');
}

/** Manual jobs do not block, unless the job says otherwise; failing exit codes are told apart only at run time. */
function defaultAllowFailure(keywords: JobDefinition['keywords']): boolean {
  const node = get(keywords, 'allow_failure');
  if (node?.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  if (node?.kind === 'mapping') return false;
  return textOf(get(keywords, 'when')) === 'manual';
}
