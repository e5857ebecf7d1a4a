import { Failure } from '../../core/failure.ts';
import type { Secret } from '../../core/secret.ts';
import type { Transport } from '../http/types.ts';
import { createChanges } from './changes.ts';
import { createClient } from './client.ts';
import { createComparisons } from './comparisons.ts';
import { readEdges } from './edges.ts';
import { createRoutes } from './gitbeaker.ts';
import { createQuery } from './graphql.ts';
import { shaped } from './json.ts';
import { createPipelineReads } from './pipelineReads.ts';
import { createRepositoryReads } from './repositoryReads.ts';
import { readRunners } from './runners.ts';
import { type FoundProject, projectSchema, versionSchema } from './shapes/project.ts';
import { shareWork } from './shared.ts';
import { readToken } from './token.ts';
import { dropPrefix } from './trace.ts';
import type { GitLab } from './types.ts';
import { readUpstream } from './upstream.ts';
import { readVariables, readVariableValue } from './variables.ts';
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
  /** Given the value of each variable that is masked, or is a secret by its key, so that it is never shown. */
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

  const { allBuilds, ...pipelineReads } = createPipelineReads(route, projectId);
  const repositoryReads = createRepositoryReads(server, client, route, projectId);

  return {
    server,
    projectPath,
    rateLimit: client.rateLimit,
    clockOffset: client.clockOffset,
    ...pipelineReads,
    ...repositoryReads,
    ...createWrites(route, projectId),
    ...createChanges(server, client, projectId),
    ...createComparisons(server, client, projectId),
    token: (signal) => readToken({ server, client, route }, signal),
    project: async (signal) => (await readProject(signal)).project,

    async version(signal) {
      try {
        const json = await route(({ metadata }) => metadata.show(), { signal });
        return shaped(versionSchema, json, 'GET metadata');
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
    async variableValue(key, signal) {
      const { project: own, isPersonal } = await project(signal);
      return readVariableValue({ route, project: { ...own, isPersonal }, hide, signal }, key);
    },

    async runners(signal) {
      const { project: own } = await project(signal);
      return readRunners({ query, route, project: own, signal });
    },

    async edges(pipeline, jobs, signal) {
      const { path } = (await project(signal)).project;
      const lint = (sha: string) => repositoryReads.lint({ ref: sha }, signal);
      return readEdges({ query, lint, allBuilds, path, pipeline, jobs, signal });
    },

    async upstream(pipeline, signal) {
      const { path } = (await project(signal)).project;
      return readUpstream({ query, path, pipeline, signal });
    },

    async trace(job, from, signal) {
      const url = `${server}/api/v4/projects/${await projectId(signal)}/jobs/${job}/trace`;
      const { body } = await client.open(url, { signal, role: 'Developer' });
      return dropPrefix(body, from);
    },
  };
}
