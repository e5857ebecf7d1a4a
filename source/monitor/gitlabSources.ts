import { Failure, NeedsUser } from '../core/failure.ts';
import type {
  PipelineSummary,
  Project,
  Protections,
  RunnerListing,
  TokenInfo,
  Upstream,
  VariableListing,
} from '../core/gitlab/model.ts';
import { isSigningJob, type SigningJob } from '../core/signing/jobs.ts';
import { readSigningLog } from '../core/signing/log.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import type { Connected } from '../services/workspace.ts';
import type { PipelineView } from './snapshot.ts';
import type { SourceDefinition } from './source.ts';

const second = 1_000;
const minute = 60 * second;
const listed = 20;
/** Pipelines that are searched for signing jobs, newest first. */
const searched = 4;
/** Bytes of a signing job's log that are read: its end holds what went wrong. */
const logBytes = 256 * 1_024;
const active = new Set(['created', 'pending', 'running', 'preparing', 'waiting_for_resource', 'canceling']);

const startedByBridges = new Set(['parent_pipeline', 'pipeline']);

/** What is asked of GitLab, and how often; an idle dashboard stays below 20 requests a minute. */
export interface GitLabSources {
  readonly project: SourceDefinition<Project>;
  readonly token: SourceDefinition<TokenInfo>;
  readonly variables: SourceDefinition<VariableListing>;
  readonly protections: SourceDefinition<Protections>;
  readonly runners: SourceDefinition<RunnerListing>;
  readonly pipelines: SourceDefinition<readonly PipelineSummary[]>;
  readonly pipeline: SourceDefinition<PipelineView>;
  readonly signingJobs: SourceDefinition<readonly SigningJob[]>;
}

/** `lookedAt` gives the id of the pipeline that is looked at; undefined follows the newest. */
export function gitlabSources(gitlab: Connected<GitLab>, lookedAt: () => number | undefined): GitLabSources {
  const off = 'off' in gitlab ? { off: gitlab.off } : {};
  const ask = <T>(run: (service: GitLab) => Promise<T>): Promise<T> => {
    if ('off' in gitlab) return Promise.reject(new Error(gitlab.off));
    return run(gitlab.service);
  };
  return {
    project: {
      ...off,
      shown: 10 * minute,
      hidden: 10 * minute,
      fetch: (signal) => ask((service) => service.project(signal)),
    },
    token: {
      ...off,
      shown: 30 * minute,
      hidden: 30 * minute,
      fetch: (signal) => ask((service) => service.token(signal)),
    },
    variables: {
      ...off,
      shown: 5 * minute,
      hidden: 15 * minute,
      fetch: (signal) => ask((service) => service.variables(signal)),
    },
    protections: {
      ...off,
      shown: 10 * minute,
      hidden: 30 * minute,
      fetch: (signal) => ask((service) => service.protections(signal)),
    },
    runners: {
      ...off,
      shown: minute,
      hidden: 5 * minute,
      fetch: (signal) => ask((service) => service.runners(signal)),
    },
    pipelines: {
      ...off,
      shown: 20 * second,
      hidden: minute,
      fetch: (signal) => ask((service) => service.pipelines({ limit: listed }, signal)),
    },
    pipeline: {
      ...off,
      shown: (view) => (view && !active.has(view.pipeline.status) ? minute : lookAgainIn(view)),
      fetch: (signal, previous) => ask((service) => viewPipeline(service, lookedAt(), previous, signal)),
    },
    signingJobs: {
      ...off,
      shown: 5 * minute,
      hidden: 15 * minute,
      fetch: (signal) => ask((service) => signingJobs(service, signal)),
    },
  };
}

/** A page of a hundred jobs is a request: a pipeline of thousands is looked at less often, so that a minute has at most 15. */
function lookAgainIn(view: PipelineView | undefined): number {
  return Math.max(12 * second, Math.ceil((view?.jobs.length ?? 0) / 100) * 4 * second);
}

/** The pipeline with its jobs; what they wait for never changes and is asked once. */
async function viewPipeline(
  gitlab: GitLab,
  wanted: number | undefined,
  previous: PipelineView | undefined,
  signal: AbortSignal,
): Promise<PipelineView> {
  const id = wanted ?? (await gitlab.pipelines({ limit: 1 }, signal))[0]?.id;
  if (id === undefined) throw noPipeline(gitlab);
  const isSame = previous?.pipeline.id === id;
  const [pipeline, jobs] = await Promise.all([gitlab.pipeline(id, signal), gitlab.jobs(id, signal)]);
  const known = isSame && previous.edges?.source === 'graphql' ? previous.edges : undefined;
  const isCovered = known && jobs.every(({ name }) => name in known.needs);
  const [edges, upstream] = await Promise.all([
    isCovered ? known : gitlab.edges(pipeline, jobs, signal),
    (isSame ? previous.upstream : undefined) ?? upstreamOf(gitlab, pipeline, signal),
  ]);
  return { pipeline, jobs, edges, ...(upstream ? { upstream } : {}) };
}

/** What started a pipeline; where GitLab does not tell, the pipeline is shown without it. */
async function upstreamOf(
  gitlab: GitLab,
  pipeline: PipelineSummary,
  signal: AbortSignal,
): Promise<Upstream | undefined> {
  if (!startedByBridges.has(pipeline.source)) return undefined;
  try {
    return await gitlab.upstream(pipeline, signal);
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  }
}

function noPipeline({ server, projectPath }: GitLab): NeedsUser {
  return new NeedsUser({
    tried: `find the newest pipeline of ${projectPath} on ${server}`,
    saw: 'the project has no pipeline yet',
    next: ['Push a commit, or start one: Build, Pipelines, New pipeline.'],
    code: 'no-pipeline',
  });
}

/** The last run of each signing job on each ref, among the newest pipelines; tags before branches. */
async function signingJobs(gitlab: GitLab, signal: AbortSignal): Promise<readonly SigningJob[]> {
  const pipelines = await gitlab.pipelines({ limit: listed }, signal);
  const refs = Map.groupBy(pipelines, ({ ref }) => ref);
  const newest = [...refs.values()].flatMap(([first]) => first ?? []);
  const isTag = ({ ref }: PipelineSummary): boolean => /^v?\d+\.\d/.test(ref);
  const chosen = newest.sort((a, b) => Number(isTag(b)) - Number(isTag(a)) || b.id - a.id).slice(0, searched);
  const found = await Promise.all(
    chosen.map(async (pipeline) => {
      const jobs = (await gitlab.jobs(pipeline.id, signal)).filter(({ name }) => isSigningJob(name));
      return jobs.map((job) => ({ job, pipeline }));
    }),
  );
  return Promise.all(found.flat().map((one) => withVerdict(gitlab, one, signal)));
}

async function withVerdict(
  gitlab: GitLab,
  { job, pipeline }: SigningJob,
  signal: AbortSignal,
): Promise<SigningJob> {
  const isOver = job.status === 'failed' || job.status === 'success';
  if (!isOver) return { job, pipeline };
  const verdict = await endOfLog(gitlab, job.id, signal).then(readSigningLog, () => undefined);
  signal.throwIfAborted();
  return { job, pipeline, ...(verdict ? { verdict } : {}) };
}

async function endOfLog(gitlab: GitLab, job: number, signal: AbortSignal): Promise<string> {
  let end = Buffer.alloc(0);
  for await (const piece of await gitlab.trace(job, 0, signal))
    end = Buffer.concat([end, piece]).subarray(-logBytes);
  return end.toString('utf8');
}
