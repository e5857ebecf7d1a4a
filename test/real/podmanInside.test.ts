import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { openContainerLog } from '../../source/services/host/containerLog.ts';
import { applied, undone } from '../tasks/bazelRemote/sandbox.ts';
import { planIn } from '../tasks/bazelRemote/world.ts';
import { described, openPodman, preparePodman } from './podmanHoney.ts';

/** Run by podman.test.ts and machine.test.ts, within the host's network namespace. */
describe.skipIf(!described)('a cache that Podman runs, from inside its network', () => {
  const honey = openPodman();
  const { isRoot, podman, ssh, data, imageOf, settings, open, ownerOf } = honey;

  /** On honey, which is for every day, each is done by one of the two who log in, and what takes long by none. */
  const asRoot = test.runIf(isRoot || honey.isMachine);
  const asUser = test.runIf(!isRoot || honey.isMachine);
  const atLength = test.runIf(honey.isMachine);

  beforeAll(async () => {
    await preparePodman();
    honey.cleanUp();
  });
  afterEach(honey.cleanUp);

  const files = async (): Promise<number> => {
    const answer = await fetch(`http://${honey.tailnetAddress}:9090/status`);
    return ((await answer.json()) as { NumFiles: number }).NumFiles;
  };

  test('from nothing to proven, nothing to do, and back byte for byte', async () => {
    const world = open();
    const planned = await world.plan(settings);
    expect(planned.preflight).toContainEqual(expect.objectContaining({ id: 'engine', state: 'fine' }));
    await applied(world, planned);
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(ownerOf(data)).toBe(isRoot ? '65532:65532' : ownerOf(honey.home));
    expect(world.bazelrc()).toContain(`build:remote --remote_cache=grpc://${honey.tailnetAddress}:9092`);
    expect(planIn(await world.plan(settings)).steps).toEqual([]);
    await undone(world);
    expect(world.bazelrc()).toBe(bazelrc);
    expect(podman('ps', '-aq') + podman('images', '-q')).toBe('');
    expect(ssh('test', '-d', `${data}/cas.v2`).status).toBe(0);
  });

  atLength('a port that is taken after the plan leaves no container behind', async () => {
    const world = open();
    const plan = planIn(await world.plan(settings));
    const server = createServer().listen(9092, honey.tailnetAddress);
    onTestFinished(() => void server.close());
    await new Promise<void>((listening) => server.once('listening', () => listening()));
    const failed = await world.apply(plan);
    expect(failed.failure?.saw).toMatch(/address already in use/i);
    expect(podman('ps', '-aq')).toBe('');
    await new Promise((closed) => server.close(closed));
    expect(await world.resume()).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    await undone(world);
  });

  asRoot(
    'killed it comes back and is counted, unless pasta holds its ports; one that cannot write says so',
    async () => {
      const world = open();
      const planned = await world.plan(settings);
      await applied(world, planned);
      const pid = podman('inspect', '--format', '{{.State.Pid}}', 'bazel-remote').trim();
      ssh('kill', '-9', pid);
      const count = () =>
        podman('inspect', '--format', '{{.RestartCount}} {{.State.Status}}', 'bazel-remote');
      if (planned.preflight.some(({ id }) => id === 'pasta')) {
        await expect.poll(count, { timeout: 20_000 }).toMatch(/^1 /);
        const later = planIn(await world.plan({}, 'restart'));
        expect(await world.apply(later)).toMatchObject({ outcome: 'done' });
        expect(await world.verify()).toMatchObject({ rung: 'proven' });
        return;
      }
      await expect.poll(count, { timeout: 20_000 }).toBe('1 running\n');
      await expect.poll(() => files().catch(() => 0), { timeout: 20_000 }).toBeGreaterThan(0);
      const probe = await world.verify();
      expect(probe.rung).toBe('proven');
      expect(JSON.stringify(probe.evidence)).toContain('restarted 1 times');

      // Without root it runs as the user itself, who may write wherever it could be given away to.
      if (!isRoot) return;
      ssh('chown', '-R', '0:0', data);
      ssh('chmod', '-R', 'go=', data);
      const failed = await world.apply(planIn(await world.plan({}, 'restart')));
      expect(failed.outcome).toBe('failed');
      expect(failed.failure?.saw).toMatch(/permission denied/);
      ssh('chown', '-R', '65532:65532', data);
      expect(await world.resume()).toMatchObject({ outcome: 'done' });
      expect(await world.verify()).toMatchObject({ rung: 'proven' });
    },
  );

  test.runIf(isRoot && honey.isMachine)(
    'a folder of root’s is given to the image’s user, and back',
    async () => {
      ssh('mkdir', '-p', data);
      const world = open();
      const plan = planIn(await world.plan(settings));
      expect(plan.steps.map(({ id }) => id)).toContain('own-folder');
      await applied(world, await world.plan(settings));
      await undone(world);
      expect([ownerOf(data), ownerOf(`${data}/cas.v2`)]).toEqual(['0:0', '0:0']);
    },
  );

  asUser('what is in the way is named before anything is done', async () => {
    const refusal = async (change: Readonly<Record<string, string>>): Promise<string> => {
      const planned = await open().plan({ ...settings, ...change });
      return 'refused' in planned ? planned.refused : 'planned';
    };
    podman('run', '-d', '--name', 'other', '-p', '9092:9092', imageOf('v2.6.2'), '--max_size', '1');
    expect(await refusal({})).toMatch(/^port 9092: held by the container other \(/);
    podman('rm', '-f', 'other');
    podman('run', '-d', '--name', 'bazel-remote', imageOf('v2.6.2'), '--max_size', '1');
    expect(await refusal({})).toMatch(/was not made here/);
    podman('rm', '-f', 'bazel-remote');
    expect(await refusal({ image: `${honey.image}:v2.6.2` })).toMatch(/names no registry/);
    if (!isRoot)
      expect(await refusal({ 'http-port': '80' })).toMatch(/without root Podman listens from 1024/);
  });

  atLength('restarted, resized, upgraded and back, followed, and removed with what it held', async () => {
    const world = open();
    await applied(world, await world.plan({ ...settings, image: imageOf('v2.6.1') }));
    const day = async (option: string, given: Readonly<Record<string, string>> = {}): Promise<void> => {
      await applied(world, await world.plan(given, option));
    };
    const before = await files();
    expect(before).toBeGreaterThan(0);
    const started = podman('inspect', '--format', '{{.State.StartedAt}}', 'bazel-remote');
    await day('restart');
    expect(podman('inspect', '--format', '{{.State.StartedAt}}', 'bazel-remote')).not.toBe(started);
    await day('upgrade', { image: imageOf('v2.6.2') });
    expect(JSON.stringify((await world.verify()).evidence)).toContain('v2.6.2');
    await day('upgrade', { image: imageOf('v2.6.1') });
    await day('resize', { size: '2' });
    const made = podman('inspect', '--format', '{{.ImageName}} {{json .Config.Env}}', 'bazel-remote');
    expect(made).toContain(honey.digests['v2.6.1']);
    expect(made).toContain('BAZEL_REMOTE_MAX_SIZE=2');
    expect(await files()).toBe(before);
    expect(podman('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');

    const log = openContainerLog({ host: world.host, engine: 'podman', name: 'bazel-remote' });
    log.follow();
    await expect.poll(() => log.state(), { timeout: 10_000 }).toBe('following');
    await fetch(`http://${honey.tailnetAddress}:9090/cas/${'a'.repeat(64)}`);
    const said = () => Array.from({ length: log.log.lineCount }, (_, line) => log.log.text(line)).join('\n');
    await expect.poll(said, { timeout: 10_000 }).toContain(`/cas/${'a'.repeat(64)}`);
    log.stop();

    await day('remove');
    expect(podman('ps', '-aq')).toBe('');
    await undone(world);
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(await files()).toBe(before);
    await day('remove', { data: 'remove', 'confirm-data': data });
    expect(podman('ps', '-aq')).toBe('');
    expect(ssh('test', '-e', data).status).toBe(1);
  });
});
