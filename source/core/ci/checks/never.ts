import type { CiFiles, Configuration, JobDefinition, Node, PipelineEvent } from '../model.ts';
import { predefinedVariables } from '../predefined.ts';
import { ConditionFailure } from '../rules/condition.ts';
import { evaluateRules } from '../rules/evaluate.ts';
import { flatItems, get, isNull, scalarText } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

/** Variables whose value an event decides alone. */
const ofTheEvent =
  /^CI_(?:PIPELINE_SOURCE|COMMIT_TAG|COMMIT_BRANCH|DEFAULT_BRANCH|MERGE_REQUEST_I?ID|OPEN_MERGE_REQUESTS)$/;

const events: readonly (readonly [PipelineEvent, string])[] = [
  ['push', 'main'],
  ['push', 'change'],
  ['merge_request', 'change'],
  ['tag', 'v1.0.0'],
  ['schedule', 'main'],
  ['web', 'main'],
  ['web', 'change'],
];

export const neverRuns: Rule = {
  id: 'job-never-runs',
  severity: 'warning',
  summary: 'A job whose rules hold for no push, merge request, tag, schedule or pipeline started by hand.',
  why: 'It looks as if it ran; its conditions contradict each other, or the workflow has no such pipeline.',
  fix: {
    text: 'Correct the rule ($CI_COMMIT_BRANCH is not set in merge requests and tags), or remove the job.',
  },
  *check({ configuration, files }) {
    if (configuration.unresolved.length > 0 || configuration.errors.length > 0) return;
    const workflow = get(get(configuration.root, 'workflow'), 'rules');
    if (!isClear(workflow)) return;
    for (const job of configuration.jobs.values()) {
      const rules = get(job.keywords, 'rules');
      if (!rules || isNull(rules) || !isClear(rules) || runsSomewhere(rules, workflow, files)) continue;
      const conditions = flatItems(rules).flatMap((rule) => scalarText(get(rule, 'if')) ?? []);
      yield {
        at: rules.span,
        title: `${job.name} is in no pipeline`,
        saw: conditions.length > 0 ? `if: ${conditions.slice(0, 3).join(' · ')}` : 'when: never',
      };
    }
  },
};

/** Whether the rules hang on nothing but the event: no other variable, no branch by name, no event that is not looked at. */
function isClear(rules: Node | undefined): boolean {
  return flatItems(rules).every((rule) => {
    const text = scalarText(get(rule, 'if')) ?? '';
    const names = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    if (!names.every((name) => ofTheEvent.test(name)) || !isNull(get(rule, 'exists'))) return false;
    const literals = [...text.matchAll(/(\$\w+)\s*(?:==|!=|=~|!~)\s*(["'][^"']*["']|\/)/g)];
    return literals.every(([, name, literal = '']) =>
      name === '$CI_PIPELINE_SOURCE'
        ? /^["'](?:push|merge_request_event|schedule|web)["']$/.test(literal)
        : name === '$CI_COMMIT_TAG'
          ? /^["']["']$/.test(literal)
          : false,
    );
  });
}

function runsSomewhere(rules: Node, workflow: Node | undefined, files: CiFiles): boolean {
  return events.some(([event, ref]) => {
    const variables = predefinedVariables({ event, ref, defaultBranch: 'main', variables: {}, files });
    const context = { variables, changed: undefined, files, assume: () => undefined };
    try {
      const opens =
        !workflow || isNull(workflow) || evaluateRules(workflow, 'on_success', context).when !== 'never';
      return opens && evaluateRules(rules, 'on_success', context).when !== 'never';
    } catch (thrown) {
      if (thrown instanceof ConditionFailure) return true;
      throw thrown;
    }
  });
}

export const noTestJob: Rule = {
  id: 'no-test-runs',
  severity: 'warning',
  summary: 'Neither a push nor a merge request would run any of the test jobs that the configuration has.',
  why: 'A change is merged without a test having seen it, under a green pipeline.',
  fix: { text: 'Give a test job a rule that holds for merge requests or for branches.' },
  *check({ configuration, sets }) {
    const push = sets.get('push');
    const merge = sets.get('merge_request');
    if (!push || !merge || configuration.unresolved.length > 0) return;
    const tests = testJobs(configuration);
    const [first] = tests;
    if (!first || (push.jobs.length === 0 && merge.jobs.length === 0)) return;
    if ([push, merge].some(({ errors }) => errors.some(({ message }) => !/^Pipeline /.test(message)))) return;
    if (!tests.every(({ keywords }) => isClear(get(keywords, 'rules')) && isNull(get(keywords, 'only'))))
      return;
    const names = new Set(tests.map(({ name }) => name));
    if ([...push.jobs, ...merge.jobs].some(({ definition }) => names.has(definition.name))) return;
    yield {
      at: get(first.keywords, 'rules')?.span ?? first.at,
      title: `no push and no merge request runs a test (${[...names].slice(0, 3).join(', ')})`,
      saw: `${merge.jobs.length} jobs in a merge request, ${push.jobs.length} in a push, none of them a test`,
    };
  },
};

/** By name or stage. */
function testJobs({ jobs }: Configuration): JobDefinition[] {
  return [...jobs.values()].filter(({ name, keywords }) =>
    /(?:^|[\W_])tests?(?:$|[\W_])/i.test(`${name} ${scalarText(get(keywords, 'stage')) ?? ''}`),
  );
}
