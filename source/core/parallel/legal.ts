import { expandNames } from '../ci/needs.ts';
import { get, textsOf } from '../ci/yaml/node.ts';
import { alwaysWith, immovable, type Wait, type Waits, type WrittenNeed, whensOf } from './waits.ts';
import type { World } from './world.ts';

/** GitLab's default for `ci_needs_size_limit`. */
const mostNeeds = 50;

/** Why GitLab would refuse what jobs are to wait for, or a job would never start; of the jobs that change. */
export function legalProblems(world: World, waits: Waits): string[] {
  return [...waits].flatMap(([name, wait]) => {
    const before = world.waits.get(name);
    return before && wait !== before ? problemsOf(world, waits, name, before, wait) : [];
  });
}

function problemsOf(world: World, waits: Waits, name: string, before: Wait, after: Wait): string[] {
  const { configuration, stageIndex } = world;
  const job = configuration.jobs.get(name);
  if (!job) return [];
  const fixed = immovable(job);
  if (fixed !== undefined) return [`${name} stays as it is: ${fixed}`];
  const problems: string[] = [];
  const indexOf = (stage = ''): number => stageIndex.get(stage) ?? 0;
  const isMoved = before.stage !== after.stage;
  if (isMoved && whensOf(job).has('manual'))
    problems.push(`${name} is started by hand, and would hold back the stages behind ${after.stage}`);
  const known = new Set(before.needs?.map((need) => need.job));
  for (const need of after.needs ?? []) {
    const stage = waits.get(need.job)?.stage;
    if (stage !== undefined && indexOf(stage) > indexOf(after.stage))
      problems.push(`${name} in ${after.stage} cannot need ${need.job}, which is in ${stage}`);
    if (!known.has(need.job)) problems.push(...newNeedProblems(world, name, need));
  }
  const kept = new Set(after.needs?.map((need) => need.job));
  for (const { job: need, optional } of before.needs ?? [])
    if (!kept.has(need) && !optional && world.refused.length > 0 && !alwaysWith(configuration, need, name))
      problems.push(
        `GitLab refuses pipelines for ${world.refused.join(', ')} today, and without the need of ${name} on ${need} would create them`,
      );
  const listed = (after.needs ?? []).flatMap((need) => expandNames(need.job, configuration.jobs));
  if (listed.length > mostNeeds)
    problems.push(`${name} would need ${listed.length} jobs; GitLab allows ${mostNeeds}`);
  const lost = textsOf(get(job.keywords, 'dependencies')).filter((other) => !kept.has(other));
  if (after.needs && lost.length > 0)
    problems.push(`${name} names ${lost.join(', ')} in dependencies, which must be among its needs`);
  return problems;
}

function newNeedProblems({ configuration }: World, name: string, need: WrittenNeed): string[] {
  const job = configuration.jobs.get(need.job);
  if (!job) return [`${name} would need ${need.job}, which is not defined here`];
  const whens = whensOf(job);
  const found = ['manual', 'on_failure'].find((when) => whens.has(when));
  if (found === undefined) return [];
  const how = found === 'manual' ? 'is started by hand' : 'runs only when others fail';
  return [`${name} would wait for ${need.job}, which ${how}`];
}
