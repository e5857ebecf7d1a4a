import type { Client } from './client.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { lintSchema } from './shapes/lint.ts';
import {
  fileSchema,
  protectedRefs,
  repositories,
  repositorySchema,
  repositoryTags,
} from './shapes/project.ts';
import type { GitLab } from './types.ts';

type RepositoryReads = Pick<
  GitLab,
  'lint' | 'file' | 'protections' | 'registry' | 'registrySize' | 'registryTags'
>;

const lintTimeout = 30_000;

/** Files, what protects their refs, the configuration as GitLab merges it, and the container registry. */
export function createRepositoryReads(
  server: string,
  client: Client,
  route: CallRoute,
  projectId: (signal?: AbortSignal) => Promise<number>,
): RepositoryReads {
  return {
    async lint({ ref, dryRun = false, as = ref }, signal) {
      // Gitbeaker knows only the older names of these parameters.
      const url = new URL(`${server}/api/v4/projects/${await projectId(signal)}/ci/lint`);
      url.searchParams.set('include_jobs', 'true');
      url.searchParams.set('dry_run', String(dryRun));
      if (ref !== undefined) url.searchParams.set('content_ref', ref);
      if (as !== undefined && dryRun) url.searchParams.set('dry_run_ref', as);
      const options = { signal, timeout: lintTimeout, role: 'Reporter' };
      const { json } = await client.json({ method: 'GET', url: url.href }, options);
      return shaped(lintSchema, json, 'GET projects/:id/ci/lint');
    },
    async file(path, ref, signal) {
      const id = await projectId(signal);
      const json = await route(({ files }) => files.show(id, path, ref), { signal, role: 'Reporter' });
      return shaped(fileSchema, json, 'GET projects/:id/repository/files/:path');
    },
    async protections(signal) {
      const id = await projectId(signal);
      const options = { signal, isList: true, role: 'Maintainer' };
      const [branches, tags] = await Promise.all([
        route(({ protectedBranches }) => protectedBranches.all(id), options),
        route(({ protectedTags }) => protectedTags.all(id), options),
      ]);
      return {
        branches: shaped(protectedRefs, branches, 'GET projects/:id/protected_branches'),
        tags: shaped(protectedRefs, tags, 'GET projects/:id/protected_tags'),
      };
    },
    async registry(signal) {
      const query = { projectId: await projectId(signal), tagsCount: true };
      const options = { signal, isList: true, role: 'Reporter' };
      const rows = await route(({ registry }) => registry.allRepositories(query), options);
      return shaped(repositories, rows, 'GET projects/:id/registry/repositories');
    },
    async registrySize(repository, signal) {
      const options = { signal, role: 'Reporter' };
      const json = await route(
        ({ registry }) => registry.showRepository(repository, { size: true }),
        options,
      );
      return shaped(repositorySchema, json, 'GET registry/repositories/:id').size;
    },
    async registryTags(repository, signal) {
      const id = await projectId(signal);
      const options = { signal, isList: true, role: 'Reporter' };
      const rows = await route(({ registry }) => registry.allTags(id, repository), options);
      return shaped(repositoryTags, rows, 'GET projects/:id/registry/repositories/:id/tags');
    },
  };
}
