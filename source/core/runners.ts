import type { CheckoutFacts } from './checkout/facts.ts';
import type { Finding } from './evidence.ts';
import type { Runner, TokenInfo } from './gitlab/model.ts';

/** Jobs whose tags no runner in use carries together: they stay pending. Nothing is said when tags are not known. */
export function runnerFindings(
  runners: readonly Runner[] | undefined,
  facts: CheckoutFacts | undefined,
): Finding[] {
  if (!runners || !facts || runners.some(({ tags }) => tags === undefined)) return [];
  const usable = runners.filter(({ status, paused }) => status === 'online' && !paused);
  const jobs = new Map(
    [...facts.sets.values()].flatMap(({ jobs: list }) =>
      list.map((job) => [job.definition.name, job] as const),
    ),
  );
  return [...jobs.values()].flatMap(({ definition, tags, name }) => {
    const isTaken = usable.some(({ tags: own = [], runUntagged }) =>
      tags.length === 0 ? runUntagged === true : tags.every((tag) => own.includes(tag)),
    );
    const isBridge = definition.keywords.entries.has('trigger');
    if (isTaken || isBridge) return [];
    const { file, line, column } = definition.at;
    const wanted = tags.length === 0 ? 'no tags' : `the tags ${tags.join(', ')}`;
    return [
      {
        id: `no-runner-online:${definition.name}`,
        rule: 'no-runner-online',
        severity: 'error',
        title: `No runner in use takes ${name}`,
        where: { file, line, column },
        saw: `${wanted}; online: ${usable.map(({ description, tags: own }) => `${description} (${own?.join(', ') || 'no tags'})`).join('; ') || 'none'}`,
        why: 'The job stays pending until GitLab gives it up, and holds back all that waits for it.',
        fix: { text: 'Bring the runner back, or give the job tags that a runner in use carries.' },
      } as const,
    ];
  });
}

const soon = 14 * 86_400_000;

/** A token that ends soon, or may not read what the screen shows. */
export function tokenFindings(token: TokenInfo | undefined, now: number): Finding[] {
  if (!token) return [];
  const findings: Finding[] = [];
  const where = { object: `GitLab token ${token.name ?? ''}`.trim() };
  const ends = token.expiresAt === undefined ? Number.NaN : Date.parse(token.expiresAt);
  if (token.kind === 'personal' && ends - now < soon)
    findings.push({
      id: 'token-expires',
      rule: 'token-expires',
      severity: 'warning',
      title: 'The GitLab token expires soon',
      where,
      saw: `expires ${token.expiresAt}`,
      why: 'After that nothing of GitLab can be read.',
      fix: { text: 'Make a new personal access token with the scope read_api (or api, to change anything).' },
    });
  if (
    token.scopes &&
    !token.scopes.some((scope) => scope === 'api' || scope === 'read_api' || scope === 'granular')
  )
    findings.push({
      id: 'token-scope',
      rule: 'token-scope',
      severity: 'error',
      title: 'The GitLab token may not read the API',
      where,
      saw: `scopes ${token.scopes.join(', ') || 'none'}`,
      why: 'Projects, variables and pipelines need the scope read_api.',
      fix: { text: 'Make a personal access token with the scope read_api.' },
    });
  return findings;
}
