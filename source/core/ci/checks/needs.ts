import { needsOf } from '../schema/job.ts';
import { get, isNull, textsOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

export const droppedDependencies: Rule = {
  id: 'needs-drop-dependencies',
  severity: 'error',
  summary: '`needs: []` together with `dependencies`.',
  why: 'A job with empty needs starts at once and downloads no artifacts; GitLab does not check dependencies then, and the workspace is silently empty.',
  fix: { text: 'Name the jobs in needs, or remove needs.' },
  *check({ configuration }) {
    for (const job of configuration.jobs.values()) {
      const needs = get(job.keywords, 'needs');
      const dependencies = get(job.keywords, 'dependencies');
      const listed = textsOf(dependencies);
      if (!needs || isNull(needs) || needsOf(job.keywords).length > 0 || listed.length === 0) continue;
      yield {
        at: needs.span,
        title: `${job.name} downloads nothing of ${listed.join(', ')}`,
        saw: `needs: [] and dependencies: [${listed.join(', ')}]`,
      };
    }
  },
};

export const needOnManual: Rule = {
  id: 'need-on-manual',
  severity: 'warning',
  summary: 'A job that starts by itself needs a manual job.',
  why: 'Until somebody plays the manual job, the other is skipped or never starts.',
  fix: { text: 'Make the job manual too, or take the manual job out of its needs.' },
  *check({ sets }) {
    const seen = new Set<string>();
    for (const [event, set] of sets) {
      const manual = new Set(set.jobs.filter(({ when }) => when === 'manual').map(({ name }) => name));
      for (const job of set.jobs) {
        if (job.when === 'manual' || job.when === 'always') continue;
        const waited = (job.needs ?? []).find((need) => manual.has(need.job));
        const key = `${job.definition.name} ${waited?.job ?? ''}`;
        if (!waited || seen.has(key)) continue;
        seen.add(key);
        const at = get(job.definition.keywords, 'needs')?.span ?? job.definition.at;
        yield {
          at,
          title: `${job.name} needs ${waited.job}, which is manual`,
          saw: `so in the pipeline of ${event}`,
        };
      }
    }
  },
};
