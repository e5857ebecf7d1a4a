import { needsOf } from '../schema/job.ts';
import { get, isNull, textOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

export const heldBack: Rule = {
  id: 'advisory-holds-stages',
  severity: 'info',
  summary: 'A job that may fail and that nothing needs, in a stage that stage-ordered jobs wait for.',
  why: 'Jobs without needs wait for every job of all earlier stages, also for those whose result is of no account.',
  fix: { text: 'Move it to the last stage with needs: [], where nothing waits for it.' },
  *check({ configuration, sets }) {
    const needed = new Set<string>();
    for (const { keywords } of configuration.jobs.values())
      for (const need of needsOf(keywords)) needed.add(textOf(need) ?? textOf(get(need, 'job')) ?? '');
    const seen = new Set<string>();
    for (const set of sets.values()) {
      const order = new Map(set.stages.map((stage, index) => [stage, index]));
      const place = (stage: string): number => order.get(stage) ?? -1;
      const byStage = set.jobs.filter(({ needs, when }) => needs === null && when !== 'manual');
      const last = byStage.reduce((most, { stage }) => Math.max(most, place(stage)), -1);
      for (const { definition, stage, needs, allowFailure, when } of set.jobs) {
        const { name, keywords } = definition;
        if (needs?.length !== 0 || !allowFailure || when === 'manual' || needed.has(name) || seen.has(name))
          continue;
        if (place(stage) >= last || !isNull(get(keywords, 'artifacts'))) continue;
        seen.add(name);
        const waiting = byStage.filter((job) => place(job.stage) > place(stage)).map((job) => job.name);
        yield {
          at: (get(keywords, 'needs') ?? keywords).span,
          title: `${name} may fail, and holds back ${waiting.slice(0, 3).join(', ')}${waiting.length > 3 ? ` and ${waiting.length - 3} more` : ''}`,
          saw: `needs: [] in the stage ${stage}, allow_failure: true`,
        };
      }
    }
  },
};
