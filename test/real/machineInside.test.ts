import { afterEach, describe, expect, test } from 'vitest';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { applied, undone } from '../tasks/bazelRemote/sandbox.ts';
import { planIn } from '../tasks/bazelRemote/world.ts';
import { described, openPodman } from './podmanHoney.ts';

/** Run by machine.test.ts, within the network namespace of a machine that systemd runs. */
describe.skipIf(!described)('a service of systemd that runs the cache, from inside its network', () => {
  const honey = openPodman();
  const { isRoot, podman, ssh, home, imageOf, settings, open } = honey;
  const control = isRoot ? ['systemctl'] : ['systemctl', '--user'];
  const systemctl = (...args: string[]) => ssh(...([...control, ...args] as [string, ...string[]]));
  const folders = isRoot
    ? ['/etc/systemd/system', '/etc/containers/systemd']
    : [`${home}/.config/systemd/user`, `${home}/.config/containers/systemd`];
  const unitFiles = () => ssh('find', ...folders, '-name', 'bazel-remote*', '-printf', '%p %s\\n').stdout;

  afterEach(() => {
    systemctl('disable', '--now', 'bazel-remote.service');
    ssh(
      'rm',
      '-f',
      ...folders.flatMap((one) => [`${one}/bazel-remote.service`, `${one}/bazel-remote.container`]),
    );
    systemctl('daemon-reload');
    systemctl('reset-failed');
    honey.cleanUp();
  });

  test.each(['systemd', 'quadlet'])(
    '%s: from nothing to proven, nothing to do, past a crash and a power cut, and back',
    async (unit) => {
      const world = open();
      const wanted = { ...settings, unit };
      const planned = await world.plan(wanted);
      await applied(world, planned);
      expect(await world.verify()).toMatchObject({ rung: 'proven' });
      expect(planIn(await world.plan(wanted)).steps).toEqual([]);
      expect(systemctl('is-active', 'bazel-remote.service').stdout).toBe('active\n');

      ssh('kill', '-9', podman('inspect', '--format', '{{.State.Pid}}', 'bazel-remote').trim());
      const rung = async () => (await world.verify()).rung;
      await expect.poll(rung, { timeout: 40_000, interval: 500 }).toBe('proven');

      honey.reboot();
      const later = open();
      await expect
        .poll(async () => (await later.verify()).rung, { timeout: 60_000, interval: 500 })
        .toBe('proven');
      expect(planIn(await later.plan({ ...wanted, bazelrc: 'none' })).steps).toEqual([]);

      await undone(world);
      expect(world.bazelrc()).toBe(bazelrc);
      expect(unitFiles()).toBe('');
      expect(podman('ps', '-aq') + podman('images', '-q')).toBe('');
      expect(systemctl('is-active', 'bazel-remote.service').stdout).toBe('inactive\n');
      expect(systemctl('--failed', '--no-legend', '--plain').stdout).toBe('');
    },
  );

  test.each(['systemd', 'quadlet'])('%s: another version and size, and back', async (unit) => {
    const world = open();
    const wanted = { ...settings, unit };
    await applied(world, await world.plan({ ...wanted, image: imageOf('v2.6.1') }));
    const before = unitFiles();
    await applied(world, await world.plan({ image: imageOf('v2.6.2') }, 'upgrade'));
    expect(JSON.stringify((await world.verify()).evidence)).toContain('v2.6.2');
    await undone(world);
    expect(unitFiles()).toBe(before);
    await expect
      .poll(async () => JSON.stringify((await world.verify()).evidence), { timeout: 30_000 })
      .toContain('v2.6.1');
    await applied(world, await world.plan({ size: '2' }, 'resize'));
    expect(podman('inspect', '--format', '{{json .Config.Env}}', 'bazel-remote')).toContain(
      'BAZEL_REMOTE_MAX_SIZE=2',
    );
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
  });

  test('a unit whose container dies says why, and is taken back', async () => {
    const world = open();
    const wanted = {
      ...settings,
      unit: 'systemd',
      backend: 'gcs',
      bucket: 'cache',
      'backend-auth': 'default',
    };
    const failed = await world.apply(planIn(await world.plan(wanted)));
    expect(failed.outcome).toBe('failed');
    expect(failed.failure?.saw).toMatch(/could not find default credentials/);
    await undone(world);
    expect(unitFiles()).toBe('');
    expect(systemctl('--failed', '--no-legend', '--plain').stdout).toBe('');
  });

  test('a container comes back after a power cut as its preflight says', async () => {
    const world = open();
    const boot = async (change: Readonly<Record<string, string>>) =>
      (await world.plan({ ...settings, ...change })).preflight.find(({ id }) => id === 'podman-restart');
    expect(await boot({ restart: 'always' })).toMatchObject({ state: 'warning' });
    systemctl('enable', 'podman-restart.service');
    try {
      expect(await boot({})).toMatchObject({ state: 'warning' });
      const wanted = { ...settings, restart: 'always' };
      expect(await boot(wanted)).toMatchObject({ state: 'fine' });
      await applied(world, await world.plan(wanted));
      honey.reboot();
      const later = open();
      await expect
        .poll(async () => (await later.verify()).rung, { timeout: 60_000, interval: 500 })
        .toBe('proven');
      systemctl('disable', 'podman-restart.service');
      honey.reboot();
      const last = open();
      const plan = planIn(await last.plan({ ...wanted, bazelrc: 'none' }));
      expect(plan.steps.map(({ id }) => id)).toEqual(['start-container', 'wait-until-ready']);
      expect(await last.apply(plan)).toMatchObject({ outcome: 'done' });
    } finally {
      systemctl('disable', 'podman-restart.service');
    }
  });
});
