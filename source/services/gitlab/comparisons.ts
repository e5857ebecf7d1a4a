import { Failure } from '../../core/failure.ts';
import type { Client } from './client.ts';
import { shaped } from './json.ts';
import { comparisonSchema, mergeBaseSchema, mergeRequestBaseSchema } from './shapes/comparison.ts';
import type { GitLab } from './types.ts';

/** What changed between commits. A comparison comes whole in one answer: GitLab does not page it. */
export function createComparisons(
  server: string,
  client: Client,
  projectId: (signal?: AbortSignal) => Promise<number>,
): Pick<GitLab, 'compare' | 'mergeRequestBase' | 'mergeBase'> {
  const address = async (path: string, signal?: AbortSignal): Promise<URL> =>
    new URL(`${server}/api/v4/projects/${await projectId(signal)}/${path}`);
  const found = async <T>(read: () => Promise<T>, gone = [404]): Promise<T | undefined> => {
    try {
      return await read();
    } catch (thrown) {
      if (thrown instanceof Failure && gone.includes(thrown.status ?? 0)) return undefined;
      throw thrown;
    }
  };
  return {
    async compare({ from, to, straight = false }, signal) {
      const url = await address('repository/compare', signal);
      url.searchParams.set('from', from);
      url.searchParams.set('to', to);
      if (straight) url.searchParams.set('straight', 'true');
      const json = await found(async () => {
        const answer = await client.json({ method: 'GET', url: url.href }, { signal, role: 'Reporter' });
        return answer.json;
      });
      return json === undefined
        ? undefined
        : shaped(comparisonSchema, json, 'GET projects/:id/repository/compare');
    },
    async mergeRequestBase(iid, signal) {
      const url = await address(`merge_requests/${iid}`, signal);
      const json = await found(async () => {
        const answer = await client.json({ method: 'GET', url: url.href }, { signal, role: 'Reporter' });
        return answer.json;
      });
      return json === undefined
        ? undefined
        : shaped(mergeRequestBaseSchema, json, 'GET projects/:id/merge_requests/:iid');
    },
    async mergeBase(refs, signal) {
      const url = await address('repository/merge_base', signal);
      for (const ref of refs) url.searchParams.append('refs[]', ref);
      // A ref that is not there any more is a bad request to GitLab.
      const json = await found(async () => {
        const answer = await client.json({ method: 'GET', url: url.href }, { signal, role: 'Reporter' });
        return answer.json;
      }, [400, 404]);
      return json === undefined || json === null
        ? undefined
        : shaped(mergeBaseSchema, json, 'GET projects/:id/repository/merge_base');
    },
  };
}
