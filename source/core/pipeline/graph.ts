import type { PipelineEdges, PipelineJob } from '../gitlab/model.ts';
import { type Adjacency, neighbours, pack, reach, topological } from './adjacency.ts';
import { compareNames, groupName } from './group.ts';

/**
 * A pipeline as a graph. Nodes `0 … jobs.length - 1` are jobs; behind them stands one gate a stage, which opens when every
 * job of the stages before it has ended: stage order then takes one edge a job, not one a pair.
 */
export interface PipelineGraph {
  /** By stage, then by group and name as people count. */
  readonly jobs: readonly PipelineJob[];
  /** In the order they run. */
  readonly stages: readonly string[];
  /** Stage of each job, by its number. */
  readonly stageOf: Int32Array;
  /** Group of each job: the name without what parallel and matrix put behind it. */
  readonly groups: readonly string[];
  /** The job's number; of jobs with equal names the newest. */
  readonly byName: ReadonlyMap<string, number>;
  readonly byId: ReadonlyMap<number, number>;
  /** What each job needs by name, in the order given; null is stage order. */
  readonly needs: readonly (readonly number[] | null)[];
  readonly before: Adjacency;
  readonly after: Adjacency;
  /** All nodes, each after those before it. */
  readonly order: Int32Array;
  /** Who drew the edges; absent when nobody was asked yet and stage order is assumed. */
  readonly source?: PipelineEdges['source'];
  readonly exact: boolean;
  /** Names of jobs whose needs go in a circle; they count as stage-ordered. */
  readonly cyclic: readonly string[];
}

/** Builds the graph in O(jobs log jobs + needs). Needs on jobs that are not in the pipeline fall away, as optional ones do. */
export function pipelineGraph(given: readonly PipelineJob[], edges?: PipelineEdges): PipelineGraph {
  const stages = stageOrder(given, edges?.stages ?? []);
  const position = new Map(stages.map((stage, index) => [stage, index]));
  const keyed = given.map((job) => ({
    job,
    stage: position.get(job.stage) ?? 0,
    group: groupName(job.name),
  }));
  keyed.sort(
    (a, b) =>
      a.stage - b.stage ||
      (a.group === b.group ? 0 : compareNames(a.group, b.group)) ||
      compareNames(a.job.name, b.job.name) ||
      a.job.id - b.job.id,
  );
  const jobs = keyed.map(({ job }) => job);
  const stageOf = Int32Array.from(keyed, ({ stage }) => stage);
  const byName = new Map<string, number>();
  for (const [index, { name, id }] of jobs.entries()) {
    const other = jobs[byName.get(name) ?? -1];
    if (!other || other.id < id) byName.set(name, index);
  }
  const known = edges ? new Map(Object.entries(edges.needs)) : undefined;
  const needs = jobs.map((job, index) => {
    const names = known?.get(job.name);
    if (!names) return null;
    const numbers = names.flatMap((name) => byName.get(name) ?? []).filter((need) => need !== index);
    return [...new Set(numbers)];
  });
  const complete = known !== undefined && jobs.every(({ name }) => known.has(name));
  const linked = link(jobs, stages.length, stageOf, needs);
  return {
    jobs,
    stages,
    stageOf,
    groups: keyed.map(({ group }) => group),
    byName,
    byId: new Map(jobs.map(({ id }, index) => [id, index])),
    ...linked,
    ...(edges ? { source: edges.source } : {}),
    exact: edges?.exact === true && (complete || edges.source === 'stages'),
  };
}

/** The jobs that a job waits for, over any number of steps. */
export function upstream(graph: PipelineGraph, job: number): Set<number> {
  return onlyJobs(graph, reach(graph.before, job));
}

/** The jobs that wait for a job, over any number of steps. */
export function downstream(graph: PipelineGraph, job: number): Set<number> {
  return onlyJobs(graph, reach(graph.after, job));
}

/** The jobs that directly wait for a job by `needs`; those behind its stage are not among them. */
export function dependants(graph: PipelineGraph, job: number): number[] {
  return [...neighbours(graph.after, job)].filter((node) => node < graph.jobs.length);
}

function onlyJobs({ jobs }: PipelineGraph, nodes: Set<number>): Set<number> {
  for (const node of nodes) if (node >= jobs.length) nodes.delete(node);
  return nodes;
}

function link(
  jobs: readonly PipelineJob[],
  stages: number,
  stageOf: Int32Array,
  given: readonly (readonly number[] | null)[],
): Pick<PipelineGraph, 'needs' | 'before' | 'after' | 'order' | 'cyclic'> {
  const nodes = jobs.length + stages;
  const [from, to]: [number[], number[]] = [[], []];
  for (let stage = 1; stage < stages; stage += 1) {
    from.push(jobs.length + stage - 1);
    to.push(jobs.length + stage);
  }
  for (let job = 0; job < jobs.length; job += 1) {
    const stage = stageOf[job] ?? 0;
    if (stage + 1 < stages) {
      from.push(job);
      to.push(jobs.length + stage + 1);
    }
    for (const need of given[job] ?? [jobs.length + stage]) {
      from.push(need);
      to.push(job);
    }
  }
  const [before, after] = [pack(nodes, to, from), pack(nodes, from, to)];
  const order = topological(before, after);
  if (order.length === nodes) return { needs: given, before, after, order, cyclic: [] };
  const placed = new Set(order);
  const isCyclic = (job: number): boolean => !placed.has(job) && given[job] !== null;
  const needs = given.map((list, job) => (isCyclic(job) ? null : list));
  const cyclic = jobs.filter((_, job) => isCyclic(job)).map(({ name }) => name);
  return { ...link(jobs, stages, stageOf, needs), cyclic };
}

/** The stages as known, with those that jobs name beside them by their first job, as GitLab creates jobs stage by stage. */
function stageOrder(jobs: readonly PipelineJob[], known: readonly string[]): string[] {
  const first = new Map<string, number>();
  for (const { stage, id } of jobs) first.set(stage, Math.min(first.get(stage) ?? id, id));
  const rest = [...first].filter(([stage]) => !known.includes(stage)).sort((a, b) => a[1] - b[1]);
  const used = known.filter((stage) => first.has(stage));
  const names = rest.map(([stage]) => stage).filter((stage) => stage !== '.pre' && stage !== '.post');
  const ends = (name: string): string[] => (first.has(name) && !known.includes(name) ? [name] : []);
  return [...ends('.pre'), ...used, ...names, ...ends('.post')];
}
