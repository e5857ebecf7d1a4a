import { asFailure, isAbort } from '../../../core/failure.ts';
import { plain } from '../../../core/text/safe.ts';
import { runReading } from '../../../services/process/run.ts';
import type { Workspace } from '../../../services/workspace.ts';
import type { ReadinessProbe } from '../../readiness.ts';
import { readEntries, type Stored, storeEntries } from '../store.ts';
import { type ClusterReady, kubectl } from './cluster.ts';
import { throughProxy } from './proxy.ts';
import { troublesIn } from './troubles.ts';

/** Ready is a rollout that is complete, and entries that come back through the API server’s proxy. */
export const clusterReady: ReadinessProbe = async (workspace, given, signal) => {
  const { context, namespace, name } = given as ClusterReady;
  const call = (...args: string[]): [string, ...string[]] => kubectl(context || undefined, ...args);
  const rollout = await runReading(
    call('rollout', 'status', `deployment/${name}`, `--namespace=${namespace}`, '--watch=false'),
    { timeout: 20_000, ...(signal ? { signal } : {}) },
  );
  const said = plain(`${rollout.stdout}${rollout.stderr}`.trim().split('\n').at(-1) ?? '', 300);
  if (rollout.code !== 0 || !/successfully rolled out/.test(said)) {
    const why = await whyNot(call, namespace, name, signal);
    return { isReady: false, saw: [said, ...why].join('; ') };
  }
  const { isStored, saw } = await storeInCluster(workspace, { context, namespace, name }, signal);
  return { isReady: isStored, saw: isStored ? `${said}; ${saw}, through the API server` : saw };
};

/** What keeps pods from being made, placed or started, in the words of the cluster. */
async function whyNot(
  call: (...args: string[]) => [string, ...string[]],
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const argv = call(
    'get',
    'deployments,pods',
    `--selector=app.kubernetes.io/name=${name}`,
    `--namespace=${namespace}`,
    '--output=json',
  );
  const { stdout } = await runReading(argv, { timeout: 20_000, ...(signal ? { signal } : {}) });
  return troublesIn(stdout).slice(0, 2);
}

/** Stores both entries in a write of the gate, where it may, and reads them back. */
async function storeInCluster(
  workspace: Workspace,
  ready: ClusterReady,
  signal?: AbortSignal,
): Promise<Stored> {
  const mayWrite = workspace.gate.refusal('remote') === undefined;
  try {
    return await throughProxy(
      ready,
      (http) => (mayWrite ? storeEntries : readEntries)(workspace, http, signal),
      signal,
    );
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { isStored: false, saw: asFailure(thrown, 'kubectl proxy').message };
  }
}
