import type * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { LintResult, PipelineEdges, PipelineJob, PipelineSummary } from '../../core/gitlab/model.ts';
import { numberOf, type Query } from './graphql.ts';
import { type EdgeNode, edgesPage } from './shapes/edges.ts';
import { declaredStages, stageOrder } from './stageOrder.ts';

export interface EdgeQuery {
  readonly query: Query;
  /** The merged configuration at a commit, with the needs of its jobs. */
  readonly lint: (sha: string) => Promise<LintResult>;
  /** All jobs, with those that were retried: they keep the age of their stage. */
  readonly allBuilds: (
    pipeline: number,
    signal: AbortSignal | undefined,
  ) => Promise<readonly Pick<PipelineJob, 'id' | 'stage'>[]>;
  readonly path: string;
  readonly pipeline: Pick<PipelineSummary, 'id' | 'iid' | 'sha'>;
  readonly jobs: readonly PipelineJob[];
  readonly signal: AbortSignal | undefined;
}

/** What each job waits for: by GraphQL, else by the linted configuration, else by the order of the stages. */
export async function readEdges(query: EdgeQuery): Promise<PipelineEdges> {
  const seen = await settle(overGraphql(query));
  if (!(seen instanceof Failure) && seen !== undefined && !seen.isUnsure) return seen.edges;
  const linted = await settle(query.lint(query.pipeline.sha));
  if (!(seen instanceof Failure) && seen !== undefined)
    return linted instanceof Failure ? seen.edges : settled(seen.edges, linted);
  if (!(linted instanceof Failure) && linted.jobs.length > 0) return fromLint(query.jobs, linted);
  // Stage order would be kept for good: what may answer in a minute is asked again instead.
  for (const tried of [seen, linted])
    if (tried instanceof Failure && tried.kind === 'unavailable') throw tried;
  const all = await query.allBuilds(query.pipeline.id, query.signal);
  return {
    source: 'stages',
    exact: false,
    stages: stageOrder([...all, ...query.jobs], []),
    needs: Object.fromEntries(query.jobs.map(({ name }) => [name, null])),
  };
}

interface Seen {
  readonly edges: PipelineEdges;
  /** A server that does not tell `needs: []` from no `needs`. */
  readonly isUnsure: boolean;
}

async function overGraphql(query: EdgeQuery): Promise<Seen | undefined> {
  if (query.pipeline.iid === 0) return undefined;
  const asked = await pages(query, true).catch((thrown: unknown) => {
    if (thrown instanceof Failure && thrown.code === 'unknown-field') return pages(query, false);
    throw thrown;
  });
  if (!asked) return undefined;
  const { nodes, stages, usesNeeds, isWhole } = asked;
  const byId = new Map(nodes.map((node) => [numberOf(node.id), node]));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const present = new Set(query.jobs.map(({ name }) => name));
  let missing = 0;
  let unsure = 0;
  const needs = query.jobs.map(({ id, name }) => {
    const node = byId.get(id) ?? byName.get(name);
    const told = (node?.needs?.nodes ?? []).flatMap((need) => (need ? [need.name] : []));
    const isDag = node?.schedulingType === 'dag' || told.length > 0;
    if (!node) missing++;
    else if (!isDag && !node.schedulingType && usesNeeds !== false) unsure++;
    return [name, isDag ? told.filter((need) => present.has(need)) : null] as const;
  });
  const exact = isWhole && missing === 0 && unsure === 0;
  const edges: PipelineEdges = { source: 'graphql', exact, stages, needs: Object.fromEntries(needs) };
  return { edges, isUnsure: unsure > 0 };
}

async function pages(query: EdgeQuery, withType: boolean) {
  const document = documentOf(withType);
  const nodes: EdgeNode[] = [];
  let isWhole = true;
  for (let after: string | null = null; ; ) {
    const variables: Record<string, string | null> = {
      path: query.path,
      iid: String(query.pipeline.iid),
      after,
    };
    const { project }: z.output<typeof edgesPage> = await query.query(
      document,
      variables,
      edgesPage,
      query.signal,
    );
    const pipeline = project?.pipeline;
    if (!pipeline?.jobs) return undefined;
    for (const node of pipeline.jobs.nodes) {
      if (node) nodes.push(node);
      else isWhole = false;
    }
    const { hasNextPage, endCursor } = pipeline.jobs.pageInfo;
    if (hasNextPage && endCursor && endCursor !== after) {
      after = endCursor;
      continue;
    }
    const told = (pipeline.stages?.nodes ?? []).flatMap((stage) => (stage ? [stage.name] : []));
    return { nodes, stages: stageOrder(query.jobs, told), usesNeeds: pipeline.usesNeeds, isWhole };
  }
}

function documentOf(withType: boolean): string {
  return `query Dag($path: ID!, $iid: ID!, $after: String) { project(fullPath: $path) { pipeline(iid: $iid) {
  usesNeeds stages(first: 100) { nodes { name } }
  jobs(first: 100, after: $after, retried: false) { pageInfo { hasNextPage endCursor }
    nodes { id name ${withType ? 'schedulingType ' : ''}needs(first: 100) { nodes { name } } } } } } }`;
}

/** Linted needs are those before rules and variables of the run: never exact. */
function fromLint(jobs: readonly PipelineJob[], linted: LintResult): PipelineEdges {
  const byName = new Map(linted.jobs.map((job) => [job.name, job]));
  const present = new Set(jobs.map(({ name }) => name));
  const needs = jobs.map(({ name }) => {
    const told = byName.get(name)?.needs;
    return [name, told ? told.filter((need) => present.has(need)) : null] as const;
  });
  return {
    source: 'lint',
    exact: false,
    stages: stageOrder(jobs, declaredStages(linted.mergedYaml)),
    needs: Object.fromEntries(needs),
  };
}

/** GraphQL's edges, with the linted configuration's word on which of the empty ones start at once. */
function settled(edges: PipelineEdges, linted: LintResult): PipelineEdges {
  const startsAtOnce = new Set(
    linted.jobs.filter(({ needs }) => needs?.length === 0).map(({ name }) => name),
  );
  const needs = Object.entries(edges.needs).map(
    ([name, told]) => [name, told === null && startsAtOnce.has(name) ? [] : told] as const,
  );
  return { ...edges, needs: Object.fromEntries(needs) };
}

async function settle<T>(work: Promise<T>): Promise<T | Failure> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}
