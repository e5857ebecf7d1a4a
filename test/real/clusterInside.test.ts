import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { sealPlan } from '../../source/core/plan/fingerprint.ts';
import type { Plan } from '../../source/core/plan/plan.ts';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { applied, undone } from '../tasks/bazelRemote/sandbox.ts';
import { bazelRemoteWorld, planIn } from '../tasks/bazelRemote/world.ts';

interface Cluster {
  readonly kubeconfig: string;
  /** Folder of kubectl. */
  readonly path: string;
  /** While this file is there, no pod gets ready. */
  readonly stuck: string;
}

const described = process.env.HUSKYCAT_TEST_CLUSTER_UP;

/** Run by cluster.test.ts, within the network namespace of an API server. */
describe.skipIf(!described)('a cache in a cluster, with a real API server', () => {
  const cluster = JSON.parse(described ?? '{}') as Cluster;
  const kubectl = (...args: string[]) => spawnSync('kubectl', args, { encoding: 'utf8' });
  const names = () =>
    kubectl('get', 'deployment,service,pvc', '--namespace=bazel-cache', '--output=name')
      .stdout.trim()
      .split('\n');
  const open = () => {
    const world = bazelRemoteWorld('nowhere', {}, true);
    onTestFinished(() => world.remove());
    const plan = (settings: Readonly<Record<string, string>> = {}) => world.plan(settings, 'kubernetes');
    const refusal = async (settings: Readonly<Record<string, string>>) => {
      const planned = await plan(settings);
      return 'refused' in planned ? planned.refused : 'planned';
    };
    return { ...world, plan, refusal };
  };

  beforeEach(() => {
    vi.stubEnv('KUBECONFIG', cluster.kubeconfig);
    vi.stubEnv('PATH', `${cluster.path}${delimiter}${process.env.PATH}`);
  });
  afterEach(() => {
    rmSync(cluster.stuck, { force: true });
    kubectl('delete', 'namespace', 'bazel-cache', '--ignore-not-found', '--timeout=60s');
    vi.unstubAllEnvs();
  });

  test('from nothing to proven, nothing to do, a change, and back; the claim stays', async () => {
    const world = open();
    await applied(world, await world.plan({ memory: '4g', cpus: '1.5' }));
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(planIn(await world.plan()).steps).toEqual([]);
    const memory = () =>
      kubectl(
        'get',
        'deployment/bazel-cache',
        '--namespace=bazel-cache',
        '--output=jsonpath={.spec.template.spec.containers[0].resources.limits.memory}',
      ).stdout;
    expect(memory()).toBe('4Gi');
    await applied(world, await world.plan({ memory: '8g', service: 'NodePort' }));
    expect(memory()).toBe('8Gi');
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    await undone(world);
    expect(memory()).toBe('4Gi');
    expect(planIn(await world.plan()).steps).toEqual([]);
    await undone(world);
    expect(names()).toEqual(['persistentvolumeclaim/bazel-cache']);
    expect(world.bazelrc()).toBe(bazelrc);
  });

  test('the claim, and the namespace that was made, go when asked', async () => {
    const world = open();
    await applied(world, await world.plan({ claim: 'remove', size: '10' }));
    await undone(world);
    expect(kubectl('get', 'namespace', 'bazel-cache').stderr).toMatch(/not found/);
  });

  test('its pods are let in where the namespace lets in the restricted alone', async () => {
    kubectl('create', 'namespace', 'bazel-cache');
    kubectl('label', 'namespace', 'bazel-cache', 'pod-security.kubernetes.io/enforce=restricted');
    const world = open();
    await applied(world, await world.plan());
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    await undone(world);
  });

  test('a rollout that does not end is said, is taken up again, and taken back', async () => {
    writeFileSync(cluster.stuck, '');
    const world = open();
    const plan = planIn(await world.plan());
    const failed = await world.apply(soon(plan));
    expect(failed).toMatchObject({ outcome: 'failed', failure: { code: 'not-ready' } });
    expect(failed.failure?.saw).toMatch(/0 of 1 updated replicas are available/);
    rmSync(cluster.stuck);
    expect(await world.resume()).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    await undone(world);
  });

  test('pods that a quota keeps out are said to be', async () => {
    kubectl('create', 'namespace', 'bazel-cache');
    kubectl('create', 'quota', 'none', '--hard=pods=0', '--namespace=bazel-cache');
    const hard = () =>
      kubectl('get', 'quota', 'none', '--namespace=bazel-cache', '--output=jsonpath={.status.hard}').stdout;
    await expect.poll(hard, { timeout: 20_000 }).toContain('pods');
    const world = open();
    const failed = await world.apply(soon(planIn(await world.plan())));
    expect(failed.failure?.saw).toMatch(/exceeded quota: none/);
    await undone(world);
    expect(names()).toEqual(['persistentvolumeclaim/bazel-cache']);
  });

  test('what somebody else has changed meanwhile is not overwritten without a word', async () => {
    const world = open();
    await applied(world, await world.plan({ memory: '4g' }));
    kubectl('set', 'resources', 'deployment/bazel-cache', '--limits=memory=5Gi', '--namespace=bazel-cache');
    const plan = planIn(await world.plan({ memory: '8g' }));
    await expect(world.apply(plan)).rejects.toThrow(/conflict with "kubectl-set"/);
  });

  test('what is in the way is said before anything is done', async () => {
    const { refusal } = open();
    expect(await refusal({ context: 'nowhere' })).toMatch(/refused/);
    expect(await refusal({ context: 'gone' })).toMatch(/context "?gone"? does not exist/);
    expect(await refusal({ context: 'viewer' })).toMatch(/you may not create deployments\.apps/);
    expect(await refusal({ 'storage-class': 'fast' })).toMatch(/there is no fast; there are: local/);
    kubectl('create', 'namespace', 'bazel-cache');
    kubectl('create', 'service', 'clusterip', 'bazel-cache', '--tcp=80', '--namespace=bazel-cache');
    expect(await refusal({})).toMatch(/service bazel-cache: it is there and was not made here/);
  });
});

/** The plan with ten seconds to wait in place of minutes. */
function soon(plan: Plan): Plan {
  return sealPlan({
    ...plan,
    steps: plan.steps.map((step) =>
      step.action.kind === 'wait' ? { ...step, action: { ...step.action, timeout: 10 } } : step,
    ),
  });
}
