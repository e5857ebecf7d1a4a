import type { JobDefinition, Node } from '../model.ts';
import { needsOf } from '../schema/job.ts';
import { flatItems, get, isNull, textOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

export const needOnChanges: Rule = {
  id: 'need-on-changes',
  severity: 'error',
  summary: 'A need, not optional, on a job that exists only when certain paths change.',
  why: 'A push or merge request that changes none of these paths has the needing job without the needed one: GitLab creates no pipeline at all.',
  fix: {
    text: 'Make the need optional (needs: [{job: …, optional: true}]), or give both jobs the same rules.',
  },
  *check({ configuration, sets }) {
    const together = (a: string, b: string): boolean =>
      (['push', 'merge_request'] as const).some((event) => {
        const names = new Set(sets.get(event)?.jobs.map(({ definition }) => definition.name));
        return names.has(a) && names.has(b);
      });
    for (const job of configuration.jobs.values()) {
      if (dependsOnPaths(job)) continue;
      for (const need of needsOf(job.keywords)) {
        const name = textOf(need) ?? textOf(get(need, 'job')) ?? '';
        const optional = get(need, 'optional');
        const needed = configuration.jobs.get(name);
        if (!needed || (optional?.kind === 'scalar' && optional.value === true) || get(need, 'project'))
          continue;
        if (!onlyOnChanges(needed) || !together(job.name, name)) continue;
        const at = get(needed.keywords, 'rules')?.span;
        yield {
          at: need.span,
          title: `${job.name} needs ${name}, which is absent when no path of its changes is touched`,
          saw: `every rule of ${name} has changes${at ? ` (${at.file}:${at.line})` : ''}, and ${job.name} has none`,
        };
      }
    }
  },
};

/** Whether the job's own presence hangs on paths, or on the older keywords, which are not compared here. */
function dependsOnPaths({ keywords }: JobDefinition): boolean {
  if (!isNull(get(keywords, 'only')) || !isNull(get(keywords, 'except'))) return true;
  return flatItems(get(keywords, 'rules')).some(
    (rule) => !isNull(get(rule, 'changes')) || !isNull(get(rule, 'exists')) || !isNull(get(rule, 'needs')),
  );
}

function onlyOnChanges({ keywords }: JobDefinition): boolean {
  const rules = flatItems(get(keywords, 'rules')).filter(
    (rule: Node) => textOf(get(rule, 'when')) !== 'never',
  );
  return rules.length > 0 && rules.every((rule) => !isNull(get(rule, 'changes')));
}
