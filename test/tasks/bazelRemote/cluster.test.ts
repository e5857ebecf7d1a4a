import { expect, onTestFinished, test, vi } from 'vitest';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';
import { fakeKubectl } from './fakeKubectl.ts';
import { applied, undone } from './sandbox.ts';
import { bazelRemoteWorld, planIn } from './world.ts';

function open() {
  const world = bazelRemoteWorld('nowhere', {}, true);
  onTestFinished(() => world.remove());
  const plan = (settings: Readonly<Record<string, string>> = {}) => world.plan(settings, 'kubernetes');
  return { ...world, plan };
}

test('in a cluster: from nothing to proven, nothing to do, a change, and back; the claim stays', async () => {
  const cluster = fakeKubectl();
  const world = open();
  const planned = await world.plan({ memory: '4g' });
  const plan = planIn(planned);
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'make-namespace',
    'apply-claim',
    'apply-cache',
    'wait-until-ready',
  ]);
  const running = plan.steps.find(({ id }) => id === 'apply-cache');
  expect(running?.preview).toMatchObject({ input: expect.stringContaining('"runAsUser": 65532') });
  expect(cluster.calls().filter(({ argv }) => argv.includes('apply'))).toEqual([]);
  await applied(world, planned);
  const pod = cluster.objects()['deployment/bazel-cache/bazel-cache'];
  expect(pod?.spec).toMatchObject({
    strategy: { type: 'Recreate' },
    template: {
      spec: {
        enableServiceLinks: false,
        securityContext: { runAsUser: 65_532, fsGroup: 65_532 },
        containers: [
          {
            resources: { limits: { memory: '4Gi' } },
            ports: [{ containerPort: 8080 }, { containerPort: 9092 }],
          },
        ],
      },
    },
  });
  expect(cluster.objects()['persistentvolumeclaim/bazel-cache/bazel-cache']?.spec).toMatchObject({
    resources: { requests: { storage: '55Gi' } },
  });
  const apply = cluster.calls().filter(({ argv }) => argv.includes('apply'));
  expect(apply.every(({ argv, input }) => argv.includes('--server-side') && input.startsWith('{'))).toBe(
    true,
  );
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(planIn(await world.plan()).steps).toEqual([]);

  await applied(world, await world.plan({ memory: '8g' }));
  await undone(world);
  expect(JSON.stringify(cluster.objects()['deployment/bazel-cache/bazel-cache'])).toContain('"4Gi"');
  expect(planIn(await world.plan()).steps).toEqual([]);
  await undone(world);
  expect(Object.keys(cluster.objects())).toEqual([
    'namespace//bazel-cache',
    'persistentvolumeclaim/bazel-cache/bazel-cache',
  ]);
  expect(world.bazelrc()).toBe(bazelrc);
});

test('with a place that reaches it .bazelrc is changed too, and the claim goes when asked', async () => {
  const cluster = fakeKubectl();
  const world = open();
  const wanted = { endpoint: 'cache.example.com', service: 'LoadBalancer', claim: 'remove', size: '10' };
  const planned = await world.plan(wanted);
  expect(planned.preflight).toContainEqual(expect.objectContaining({ id: 'reach', state: 'warning' }));
  await applied(world, planned);
  expect(world.bazelrc()).toContain('\nbuild:remote --remote_cache=grpc://cache.example.com:9092\n');
  await undone(world);
  expect(cluster.objects()).toEqual({});
  expect(world.bazelrc()).toBe(bazelrc);
});

test('what is in the way is said: no kubectl, no cluster, no right, foreign objects, a name that clashes', async () => {
  const cluster = fakeKubectl();
  const world = open();
  const refusal = async (settings: Readonly<Record<string, string>> = {}) => {
    const planned = await world.plan(settings);
    return 'refused' in planned ? planned.refused : 'planned';
  };
  expect(await refusal({ context: 'gone' })).toMatch(/context "gone" does not exist/);
  expect(await refusal({ name: 'bazel-remote' })).toMatch(/BAZEL_REMOTE_PORT/);
  expect(await refusal({ 'storage-class': 'fast' })).toMatch(/there is no fast; there are: local-path/);
  cluster.set({ forbidden: ['deployments.apps'] });
  expect(await refusal()).toMatch(/you may not create deployments\.apps/);
  const metadata = { name: 'bazel-cache', namespace: 'bazel-cache' };
  cluster.set({
    objects: { 'service/bazel-cache/bazel-cache': { kind: 'Service', metadata } },
  });
  expect(await refusal()).toMatch(/service bazel-cache: it is there and was not made here/);
  vi.stubEnv('PATH', '/nonexistent');
  expect(await refusal()).toMatch(/kubectl: it is not installed here/);
});
