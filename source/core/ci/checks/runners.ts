import { takes } from '../../pipeline/runners.ts';
import { get } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

export const noRunner: Rule = {
  id: 'no-runner',
  severity: 'error',
  summary: 'A job that none of the given runners takes, by its tags or for having none.',
  why: 'It stays pending until GitLab gives it up, and holds back all that waits for it.',
  fix: { text: 'Give the job tags that one runner carries together, or a runner these tags.' },
  *check({ sets, runners }) {
    if (!runners) return;
    const seen = new Set<string>();
    for (const set of sets.values()) {
      for (const { name, tags, definition } of set.jobs) {
        const key = `${definition.name} ${tags.join(' ')}`;
        const isBridge = get(definition.keywords, 'trigger') !== undefined;
        if (isBridge || seen.has(key) || runners.some((runner) => takes(runner, tags))) continue;
        seen.add(key);
        const at = get(definition.keywords, 'tags')?.span ?? definition.at;
        const saw =
          tags.length === 0 ? 'no tags, and no runner takes jobs without' : `tags: ${tags.join(', ')}`;
        yield { at, title: `no runner takes ${name}`, saw };
      }
    }
  },
};
