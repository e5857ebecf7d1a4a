import type { Configuration, ConfigurationError, JobDefinition, Node } from './model.ts';
import { expandNames, expandNeeds, type PlacedNeed } from './needs.ts';
import { instancesOf } from './parallel.ts';
import { flatItems, get, isNull, scalarText, textOf, textsOf } from './yaml/node.ts';

/**
 * What GitLab's `YamlProcessor` refuses in the jobs as a whole, before it looks at any rule: stages, needs, dependencies
 * and environments that point nowhere, needs in a circle.
 */
export function validateJobs(configuration: Configuration): ConfigurationError[] {
  const stages = stagesByInstance(configuration);
  const errors: ConfigurationError[] = [];
  for (const job of configuration.jobs.values()) {
    errors.push(
      ...checkStage(job, configuration),
      ...checkDependencies(job, configuration, stages),
      ...checkNeeds(job, configuration, stages),
      ...checkStop(job, configuration),
    );
  }
  return errors.length > 0 ? errors : checkCircles(configuration);
}

/** The stage that a job names; GitLab's default is `test`. */
export function stageOf(job: JobDefinition): string {
  return scalarText(get(job.keywords, 'stage')) ?? 'test';
}

/** Stage index by expanded job name; -1 for a stage that does not exist. */
function stagesByInstance({ jobs, stages }: Configuration): Map<string, number> {
  const indexes = new Map<string, number>();
  for (const job of jobs.values()) {
    const index = stages.indexOf(stageOf(job));
    indexes.set(job.name, index);
    for (const { name } of instancesOf(job.name, job.keywords)) indexes.set(name, index);
  }
  return indexes;
}

function checkStage(job: JobDefinition, { stages }: Configuration): ConfigurationError[] {
  const stage = stageOf(job);
  if (stages.includes(stage)) return [];
  const at = get(job.keywords, 'stage')?.span ?? job.at;
  const known = stages.join(', ');
  return [
    { message: `${job.name} job: chosen stage ${stage} does not exist; available stages are ${known}`, at },
  ];
}

type Stages = ReadonlyMap<string, number>;

function checkTarget(
  job: JobDefinition,
  target: { name: string; kind: 'need' | 'dependency'; optional: boolean; node: Node },
  stages: Stages,
): ConfigurationError[] {
  const { name, kind, optional, node } = target;
  const index = stages.get(name);
  const at = node.span;
  if (index === undefined)
    return optional ? [] : [{ message: `${job.name} job: undefined ${kind}: ${name}`, at }];
  const own = stages.get(job.name) ?? -1;
  if (index >= 0 && index <= own) return [];
  return [{ message: `${job.name} job: ${kind} ${name} is not defined in current or prior stages`, at }];
}

function checkDependencies(
  job: JobDefinition,
  { jobs }: Configuration,
  stages: Stages,
): ConfigurationError[] {
  const listed = flatItems(get(job.keywords, 'dependencies')).flatMap((node) =>
    expandNames(textOf(node) ?? '', jobs).map((name) => ({
      name,
      kind: 'dependency' as const,
      optional: false,
      node,
    })),
  );
  const includes = get(get(job.keywords, 'trigger'), 'include');
  const generated = (includes?.kind === 'sequence' ? includes.items : includes ? [includes] : []).flatMap(
    (node) => {
      const name = textOf(get(node, 'job'));
      return name === undefined ? [] : [{ name, kind: 'dependency' as const, optional: false, node }];
    },
  );
  return [...listed, ...generated].flatMap((target) => checkTarget(job, target, stages));
}

function checkNeeds(job: JobDefinition, configuration: Configuration, stages: Stages): ConfigurationError[] {
  const lists = [
    get(job.keywords, 'needs'),
    ...flatItems(get(job.keywords, 'rules')).map((rule) => get(rule, 'needs')),
  ];
  return lists.flatMap((list) =>
    list && !isNull(list) ? checkNeedList(job, list, configuration, stages) : [],
  );
}

function checkNeedList(
  job: JobDefinition,
  list: Node,
  { jobs }: Configuration,
  stages: Stages,
): ConfigurationError[] {
  const matrices = instancesOf(job.name, job.keywords).map(({ matrix }) => matrix);
  const found = new Map<string, ConfigurationError>();
  for (const matrix of matrices) {
    const needs = expandNeeds(list, jobs, matrix);
    for (const error of needs.flatMap(({ job: name, ...rest }) =>
      checkTarget(job, { ...rest, name, kind: 'need' }, stages),
    )) {
      found.set(error.message, error);
    }
    const twice = duplicates(needs);
    if (twice.length > 0) {
      const message = `${job.name} has the following needs duplicated: ${twice.join(', ')}.`;
      found.set(message, { message, at: list.span });
    }
  }
  return [...found.values()];
}

function duplicates(needs: readonly PlacedNeed[]): string[] {
  const seen = new Set<string>();
  return [...new Set(needs.map(({ job }) => job).filter((name) => seen.size === seen.add(name).size))];
}

function checkStop(job: JobDefinition, { jobs }: Configuration): ConfigurationError[] {
  const environment = get(job.keywords, 'environment');
  const stop = get(environment, 'on_stop');
  const name = textOf(stop);
  if (!stop || name === undefined) return [];
  const refuse = (problem: string): ConfigurationError[] => [
    { message: `${job.name} job: on_stop job ${name} ${problem}`, at: stop.span },
  ];
  const target = jobs.get(name);
  if (!target) return refuse('is not defined');
  const other = get(target.keywords, 'environment');
  if (!other || isNull(other)) return refuse('does not have environment defined');
  const nameOf = (node: Node | undefined): string | undefined => textOf(node) ?? textOf(get(node, 'name'));
  if (nameOf(other) !== nameOf(environment)) return refuse('have different environment name');
  return textOf(get(other, 'action')) === 'stop' ? [] : refuse('needs to have action stop defined');
}

/** Needs and same-stage order must not lead back to a job. */
function checkCircles({ jobs }: Configuration): ConfigurationError[] {
  const edges = new Map<string, string[]>();
  for (const job of jobs.values()) {
    const list = get(job.keywords, 'needs');
    const targets = list ? textsOfNeeds(list) : [];
    edges.set(job.name, targets);
    if (targets.includes(job.name)) {
      return [
        {
          message: `The pipeline has circular dependencies: self-dependency: ${job.name}`,
          at: list?.span ?? job.at,
        },
      ];
    }
  }
  const circle = findCircle(edges);
  const first = circle === undefined ? undefined : jobs.get(circle[0] ?? '');
  if (!circle || !first) return [];
  return [
    {
      message: `The pipeline has circular dependencies: topological sort failed: ${JSON.stringify(circle)}`,
      at: first.at,
    },
  ];
}

function textsOfNeeds(list: Node): string[] {
  const items = list.kind === 'mapping' ? [list] : flatItems(list);
  return items.flatMap((item) => (item.kind === 'mapping' ? textsOf(get(item, 'job')) : textsOf(item)));
}

/** The names on one circle, or undefined. Depth first without recursion, for long chains. */
function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const path: { name: string; next: number }[] = [{ name: start, next: 0 }];
    const open = new Set([start]);
    while (path.length > 0) {
      const top = path[path.length - 1];
      if (!top) break;
      const target = done.has(top.name) ? undefined : edges.get(top.name)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        done.add(top.name);
        open.delete(top.name);
        path.pop();
      } else if (open.has(target)) {
        return path.slice(path.findIndex(({ name }) => name === target)).map(({ name }) => name);
      } else if (!done.has(target)) {
        path.push({ name: target, next: 0 });
        open.add(target);
      }
    }
  }
  return undefined;
}
