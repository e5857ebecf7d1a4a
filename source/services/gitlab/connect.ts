import type { AllPipelinesOptions, PipelineStatus } from '@gitbeaker/rest';
import { Failure } from '../../core/failure.ts';
import type { Secret } from '../../core/secret.ts';
import type { Transport } from '../http/types.ts';
import { createClient } from './client.ts';
import { readEdges } from './edges.ts';
import { createRoutes } from './gitbeaker.ts';
import { createQuery } from './graphql.ts';
import { shaped } from './json.ts';
import { known } from './known.ts';
import { readRunners } from './runners.ts';
import { bridgesSchema, jobSchema, jobsSchema } from './shapes/job.ts';
import { lintSchema } from './shapes/lint.ts';
import { pipelineSchema, pipelineSummaries } from './shapes/pipeline.ts';
import {
  type FoundProject,
  fileSchema,
  projectSchema,
  protectedRefs,
  repositories,
  repositoryTags,
  versionSchema,
} from './shapes/project.ts';
import { shareWork } from './shared.ts';
import { readToken } from './token.ts';
import { dropPrefix } from './trace.ts';
import type { GitLab } from './types.ts';
import { readVariables } from './variables.ts';
import { createWrites } from './writes.ts';

export interface GitLabOptions {
  /** With scheme, port and sub-path: `https://gitlab.com`. */
  readonly server: string;
  /** `tinyland/ai/huskycat`. */
  readonly projectPath: string;
  readonly token: Secret | undefined;
  /** How the token is sent; `bearer` when absent: personal, project, group and OAuth tokens. */
  readonly tokenKind?: 'bearer' | 'job';
  readonly transport: Transport;
  readonly redact: (text: string) => string;
  /** Given each masked variable's value, so that it is never shown. */
  readonly hide: (value: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

/** Connects nothing yet: the first call does, and loads what it needs. */
export function connectGitLab(options: GitLabOptions): GitLab {
  const {
    projectPath,
    transport,
    token,
    tokenKind = 'bearer',
    redact,
    hide,
    now,
    random = Math.random,
  } = options;
  const server = options.server.replace(/\/+$/, '');
  const client = createClient({ transport, token, tokenKind, redact, now, random });
  const route = createRoutes(server, client);
  const query = createQuery(server, client, redact);

  // A renamed project keeps its number, and a number needs no encoding that a proxy may undo.
  let found: FoundProject | undefined;
  const readProject = shareWork(async (signal) => {
    const name = found?.project.id ?? projectPath;
    try {
      const json = await route(({ projects }) => projects.show(name), { signal });
      found = shaped(projectSchema, json, `GET projects/${name}`);
      return found;
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.status === 404) found = undefined;
      throw thrown;
    }
  });
  const project = async (signal?: AbortSignal): Promise<FoundProject> => found ?? readProject(signal);
  const projectId = async (signal?: AbortSignal): Promise<number> => (await project(signal)).project.id;

  const lint: GitLab['lint'] = async ({ ref, dryRun = false }, signal) => {
    const url = new URL(`${server}/api/v4/projects/${await projectId(signal)}/ci/lint`);
    url.searchParams.set('include_jobs', 'true');
    url.searchParams.set('dry_run', String(dryRun));
    if (ref !== undefined) url.searchParams.set('content_ref', ref);
    if (ref !== undefined && dryRun) url.searchParams.set('dry_run_ref', ref);
    const { json } = await client.json(
      { method: 'GET', url: url.href },
      { signal, timeout: 30_000, role: 'Reporter' },
    );
    return shaped(lintSchema, json, 'GET projects/:id/ci/lint');
  };

  return {
    server,
    projectPath,
    rateLimit: client.rateLimit,
    clockOffset: client.clockOffset,
    token: (signal) => readToken({ server, client, route }, signal),
    project: async (signal) => (await readProject(signal)).project,
    lint,

    async version(signal) {
      try {
        return shaped(
          versionSchema,
          await route(({ metadata }) => metadata.show(), { signal }),
          'GET metadata',
        );
      } catch (thrown) {
        if (!(thrown instanceof Failure) || thrown.status !== 404) throw thrown;
        const { json } = await client.json({ method: 'GET', url: `${server}/api/v4/version` }, { signal });
        return shaped(versionSchema, json, 'GET version');
      }
    },

    async variables(signal) {
      const { project: own, isPersonal } = await project(signal);
      return readVariables({ route, project: { ...own, isPersonal }, hide, signal });
    },

    async protections(signal) {
      const id = await projectId(signal);
      const [branches, tags] = await Promise.all([
        route(({ protectedBranches }) => protectedBranches.all(id), { signal, isList: true }),
        route(({ protectedTags }) => protectedTags.all(id), {
          signal,
          isList: true,
          role: 'Maintainer',
        }),
      ]);
      return {
        branches: shaped(protectedRefs, branches, 'GET projects/:id/protected_branches'),
        tags: shaped(protectedRefs, tags, 'GET projects/:id/protected_tags'),
      };
    },

    async runners(signal) {
      const { project: own } = await project(signal);
      return readRunners({ query, route, project: own, signal });
    },

    async pipelines({ ref, limit, status }, signal) {
      const id = await projectId(signal);
      const filter: AllPipelinesOptions = known({ ref, status: status as PipelineStatus | undefined });
      const rows = await route(({ pipelines }) => pipelines.all(id, filter), {
        signal,
        isList: true,
        limit,
      });
      return shaped(pipelineSummaries, rows, 'GET projects/:id/pipelines');
    },

    async pipeline(pipeline, signal) {
      const id = await projectId(signal);
      const json = await route(({ pipelines }) => pipelines.show(id, pipeline), { signal });
      return shaped(pipelineSchema, json, 'GET projects/:id/pipelines/:id');
    },

    async jobs(pipeline, signal) {
      const id = await projectId(signal);
      const [builds, bridges] = await Promise.all([
        route(({ jobs }) => jobs.all(id, { pipelineId: pipeline }), { signal, isList: true }),
        route(({ jobs }) => jobs.allPipelineBridges(id, pipeline), { signal, isList: true }),
      ]);
      return [
        ...shaped(jobsSchema, builds, 'GET projects/:id/pipelines/:id/jobs'),
        ...shaped(bridgesSchema, bridges, 'GET projects/:id/pipelines/:id/bridges'),
      ].sort((a, b) => a.id - b.id);
    },

    async job(job, signal) {
      const id = await projectId(signal);
      const json = await route(({ jobs }) => jobs.show(id, job), { signal });
      return shaped(jobSchema, json, 'GET projects/:id/jobs/:id');
    },

    async edges(pipeline, jobs, signal) {
      const { project: own } = await project(signal);
      return readEdges({
        query,
        lint: (sha) => lint({ ref: sha }, signal),
        async allJobs(pipelineId) {
          const options = { pipelineId, includeRetried: true };
          const rows = await route(({ jobs: all }) => all.all(own.id, options), { signal, isList: true });
          return shaped(jobsSchema, rows, 'GET projects/:id/pipelines/:id/jobs');
        },
        path: own.path,
        pipeline,
        jobs,
        signal,
      });
    },

    async trace(job, from, signal) {
      const url = `${server}/api/v4/projects/${await projectId(signal)}/jobs/${job}/trace`;
      const { body } = await client.open(url, { signal, role: 'Developer' });
      return dropPrefix(body, from);
    },

    async file(path, ref, signal) {
      const id = await projectId(signal);
      const json = await route(({ files }) => files.show(id, path, ref), { signal, role: 'Reporter' });
      return shaped(fileSchema, json, 'GET projects/:id/repository/files/:path');
    },

    async registry(signal) {
      const id = await projectId(signal);
      const rows = await route(
        ({ registry }) => registry.allRepositories({ projectId: id, tagsCount: true }),
        {
          signal,
          isList: true,
        },
      );
      return shaped(repositories, rows, 'GET projects/:id/registry/repositories');
    },

    async registryTags(repository, signal) {
      const id = await projectId(signal);
      const rows = await route(({ registry }) => registry.allTags(id, repository), {
        signal,
        isList: true,
      });
      return shaped(repositoryTags, rows, 'GET projects/:id/registry/repositories/:id/tags');
    },

    ...createWrites(route, projectId),
  };
}
