import { createHash } from 'node:crypto';
import { actionEntry, blobEntry, isSameAction } from '../../../core/bazelRemote/entries.ts';
import { asFailure, isAbort, Unavailable } from '../../../core/failure.ts';
import { plain } from '../../../core/text/safe.ts';
import { runChanging, runReading } from '../../../services/process/run.ts';
import type { Workspace } from '../../../services/workspace.ts';
import type { ReadinessProbe } from '../../engine/wait.ts';
import type { Stored } from '../store.ts';
import { kubectl } from './cluster.ts';

/** Settings of the step that waits. */
export interface ClusterReady extends Record<string, string> {
  /** Of kubectl; empty for its own. */
  context: string;
  namespace: string;
  name: string;
}

/** Ready is a rollout that is complete, and entries that come back through the API server’s proxy. */
export const clusterReady: ReadinessProbe = async (workspace, given, signal) => {
  const { context, namespace, name } = given as ClusterReady;
  const call = (...args: string[]): [string, ...string[]] => kubectl(context || undefined, ...args);
  const rollout = await runReading(
    call('rollout', 'status', `deployment/${name}`, `--namespace=${namespace}`, '--watch=false'),
    { timeout: 20_000, ...(signal ? { signal } : {}) },
  );
  const said = plain(`${rollout.stdout}${rollout.stderr}`.trim().split('\n').at(-1) ?? '', 300);
  if (rollout.code !== 0 || !/successfully rolled out/.test(said)) return { isReady: false, saw: said };
  const { isStored, saw } = await storeInCluster(workspace, { context, namespace, name }, signal);
  return { isReady: isStored, saw: isStored ? `${said}; ${saw}` : saw };
};

/** Stores both entries in a write of the gate, and reads them back; `kubectl replace --raw` is a PUT. */
export async function storeInCluster(
  { gate }: Workspace,
  { context, namespace, name }: ClusterReady,
  signal?: AbortSignal,
): Promise<Stored> {
  const base = `/api/v1/namespaces/${namespace}/services/${name}:http/proxy`;
  const call = (...args: string[]): [string, ...string[]] => kubectl(context || undefined, ...args);
  const given = signal ? { signal } : {};
  const entries = [blobEntry, actionEntry];
  const put = (path: string) => call('replace', `--raw=${base}${path}`, '-f', '-');
  if (gate.refusal('remote') === undefined) {
    try {
      await gate.perform(
        {
          title: 'Store a blob and an action result',
          effect: 'remote',
          target: `service ${name} in ${namespace}`,
          detail: entries.map(({ path, body }) => `${put(path).join(' ')}\n${body}`).join('\n'),
          undo: { text: 'They stay: bazel-remote deletes nothing on request. They are always the same two.' },
          task: 'bazel-remote',
          perform: async (grant) => {
            for (const { path, body } of entries) {
              const { code, stderr } = await runChanging(grant, put(path), { input: body, ...given });
              if (code !== 0) throw notStored(`PUT ${path} through the API server`, stderr);
            }
          },
        },
        signal,
      );
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      return { isStored: false, saw: asFailure(thrown, 'PUT through the API server').message };
    }
  }
  const read = async (path: string): Promise<string> =>
    (await runReading(call('get', `--raw=${base}${path}`), given)).stdout;
  if (hash(await read(blobEntry.path)) !== hash(blobEntry.body))
    return { isStored: false, saw: 'the blob does not come back through the API server' };
  if (!isSameAction(await read(actionEntry.path)))
    return { isStored: false, saw: 'the action result does not come back through the API server' };
  return {
    isStored: true,
    saw: 'a blob and an action result come back as they were stored, through the API server',
  };
}

function notStored(tried: string, said: string): Unavailable {
  return new Unavailable({
    tried,
    saw: plain(said.trim(), 300) || 'it failed, and said nothing',
    next: ['Look at the pod: kubectl logs, kubectl describe'],
    code: 'not-stored',
  });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
