import type { ResolvedJobSet } from '../jobSet.ts';
import type { Job } from '../model.ts';
import { needsOf } from '../schema/job.ts';
import { flatItems, get, isNull, scalarText, textOf } from '../yaml/node.ts';
import type { CheckInput, Rule } from './rule.ts';

/** Jobs of later stages that wait for a job by their stage alone. */
function waitingFor({ stages, jobs }: ResolvedJobSet): (job: Job) => Job[] {
  const order = new Map(stages.map((stage, index) => [stage, index]));
  const place = ({ stage }: Job): number => order.get(stage) ?? -1;
  const byStage = jobs.filter(({ needs, when }) => needs === null && when !== 'manual');
  return (job) => byStage.filter((other) => place(other) > place(job));
}

/** Each job of a set that others wait for by their stage, once over all sets. */
function* holders(
  { sets }: CheckInput,
  holds: (job: Job) => boolean,
): Iterable<{ job: Job; waiting: string }> {
  const seen = new Set<string>();
  for (const set of sets.values()) {
    const waiting = waitingFor(set);
    for (const job of set.jobs) {
      const { name } = job.definition;
      if (seen.has(name) || !holds(job)) continue;
      const held = [...new Set(waiting(job).map((one) => one.definition.name))].filter((one) => one !== name);
      if (held.length === 0) continue;
      seen.add(name);
      const more = held.length > 3 ? ` and ${held.length - 3} more` : '';
      yield { job, waiting: `${held.slice(0, 3).join(', ')}${more}` };
    }
  }
}

export const heldBack: Rule = {
  id: 'advisory-holds-stages',
  severity: 'info',
  summary: 'A job that may fail and that nothing needs, in a stage that stage-ordered jobs wait for.',
  why: 'Jobs without needs wait for every job of all earlier stages, also for those whose result is of no account.',
  fix: {
    text: 'Move it to the last stage and keep its needs (needs: [] where it has none), where nothing waits for it.',
  },
  *check(input) {
    const needed = new Set<string>();
    for (const { keywords } of input.configuration.jobs.values())
      for (const need of needsOf(keywords)) needed.add(textOf(need) ?? textOf(get(need, 'job')) ?? '');
    const found = holders(
      input,
      ({ needs, allowFailure, when, definition: { name, keywords } }) =>
        needs !== null &&
        allowFailure &&
        when !== 'manual' &&
        !needed.has(name) &&
        isNull(get(keywords, 'artifacts')) &&
        isNull(get(keywords, 'trigger')),
    );
    for (const { job, waiting } of found)
      yield {
        at: (get(job.definition.keywords, 'needs') ?? job.definition.keywords).span,
        title: `${job.definition.name} may fail, and holds back ${waiting}`,
        saw: `its own needs, in the stage ${job.stage}, allow_failure: true`,
      };
  },
};

export const delayHolds: Rule = {
  id: 'delay-holds-stages',
  severity: 'info',
  summary: 'A delayed job in a stage that stage-ordered jobs wait for.',
  why: 'Jobs without needs wait for every job of all earlier stages: all of them begin after the delay.',
  fix: { text: 'Move it to the last stage with needs of its own, or give the others needs.' },
  *check(input) {
    for (const { job, waiting } of holders(input, ({ when }) => when === 'delayed'))
      yield {
        at: job.definition.at,
        title: `${job.definition.name} starts late, and holds back ${waiting}`,
        saw: `when: delayed, in the stage ${job.stage}`,
      };
  },
};

export const manualHolds: Rule = {
  id: 'manual-holds-stages',
  severity: 'info',
  summary: 'A job that `rules` make manual, with nothing said of allow_failure, that later stages wait for.',
  why: 'Under rules a manual job must be played before any later stage starts (without rules it need not): the pipeline stays blocked until somebody does.',
  fix: {
    text: 'Say what is meant: allow_failure: true where the others need not wait, allow_failure: false where they should.',
  },
  *check(input) {
    const found = holders(
      input,
      ({ when, allowFailure, definition: { keywords } }) =>
        when === 'manual' &&
        !allowFailure &&
        isNull(get(keywords, 'allow_failure')) &&
        flatItems(get(keywords, 'rules')).some(
          (rule) => isManual(rule) && isNull(get(rule, 'allow_failure')),
        ),
    );
    for (const { job, waiting } of found) {
      const rules = flatItems(get(job.definition.keywords, 'rules'));
      yield {
        at: (rules.find(isManual) ?? job.definition.keywords).span,
        title: `${job.definition.name} blocks ${waiting} until somebody plays it`,
        saw: 'when: manual in rules, without allow_failure',
      };
    }
  },
};

function isManual(rule: Parameters<typeof get>[0]): boolean {
  return scalarText(get(rule, 'when')) === 'manual';
}
