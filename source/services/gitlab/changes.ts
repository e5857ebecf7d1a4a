import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { Client } from './client.ts';
import { shaped } from './json.ts';
import { branchSchema, commitSchema, mergeRequestSchema } from './shapes/change.ts';
import { lintSchema } from './shapes/lint.ts';
import type { GitLab } from './types.ts';

type Changes = Pick<
  GitLab,
  | 'branch'
  | 'mergeRequests'
  | 'lintContent'
  | 'createCommit'
  | 'deleteBranch'
  | 'openMergeRequest'
  | 'closeMergeRequest'
>;

const role = 'Developer';
const lintTimeout = 30_000;

/** Branches, commits and merge requests. Each write is sent once; after a failure of the connection it may have been done. */
export function createChanges(
  server: string,
  client: Client,
  projectId: (signal?: AbortSignal) => Promise<number>,
): Changes {
  const address = async (path: string, signal?: AbortSignal): Promise<string> =>
    `${server}/api/v4/projects/${await projectId(signal)}/${path}`;
  return {
    async branch(name, signal) {
      const url = await address(`repository/branches/${encodeURIComponent(name)}`, signal);
      try {
        const { json } = await client.json({ method: 'GET', url }, { signal, role: 'Reporter' });
        return shaped(branchSchema, json, 'GET projects/:id/repository/branches/:branch');
      } catch (thrown) {
        if (thrown instanceof Failure && thrown.status === 404) return undefined;
        throw thrown;
      }
    },
    async mergeRequests({ source, target }, signal) {
      const url = new URL(await address('merge_requests', signal));
      url.searchParams.set('source_branch', source);
      url.searchParams.set('target_branch', target);
      url.searchParams.set('state', 'all');
      url.searchParams.set('per_page', '100');
      const { json } = await client.json({ method: 'GET', url: url.href }, { signal, role: 'Reporter' });
      const found = shaped(z.array(mergeRequestSchema), json, 'GET projects/:id/merge_requests');
      return found.filter((one) => one.source === source && one.target === target);
    },
    async lintContent({ content, as }, signal) {
      const url = await address('ci/lint', signal);
      const body = JSON.stringify({
        content,
        include_jobs: true,
        ...(as === undefined ? {} : { dry_run: true, ref: as }),
      });
      const options = { signal, timeout: lintTimeout, isQuery: true, role };
      const { json } = await client.json({ method: 'POST', url, body }, options);
      return shaped(lintSchema, json, 'POST projects/:id/ci/lint');
    },
    async createCommit(grant, { branch, base, message, files }, signal) {
      const url = await address('repository/commits', signal);
      const actions = files.map(({ path, text, lastCommit }) => ({
        action: lastCommit === undefined ? 'create' : 'update',
        file_path: path,
        // Line ends and a byte order mark survive as they are.
        content: Buffer.from(text, 'utf8').toString('base64'),
        encoding: 'base64',
        ...(lastCommit === undefined ? {} : { last_commit_id: lastCommit }),
      }));
      const body = JSON.stringify({ branch, start_sha: base, commit_message: message, actions });
      const { json } = await client.json({ method: 'POST', url, body }, { grant, signal, role });
      return shaped(commitSchema, json, 'POST projects/:id/repository/commits');
    },
    async deleteBranch(grant, name, signal) {
      const url = await address(`repository/branches/${encodeURIComponent(name)}`, signal);
      await client.send({ method: 'DELETE', url }, { grant, signal, role });
    },
    async openMergeRequest(grant, { source, target, title, description }, signal) {
      const url = await address('merge_requests', signal);
      const body = JSON.stringify({
        source_branch: source,
        target_branch: target,
        title,
        description,
        remove_source_branch: true,
      });
      const { json } = await client.json({ method: 'POST', url, body }, { grant, signal, role });
      return shaped(mergeRequestSchema, json, 'POST projects/:id/merge_requests');
    },
    async closeMergeRequest(grant, iid, signal) {
      const url = await address(`merge_requests/${iid}`, signal);
      const body = JSON.stringify({ state_event: 'close' });
      const { json } = await client.json({ method: 'PUT', url, body }, { grant, signal, role });
      return shaped(mergeRequestSchema, json, 'PUT projects/:id/merge_requests/:iid');
    },
  };
}
