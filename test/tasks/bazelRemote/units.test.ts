import { expect, test } from 'vitest';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';
import { applied, openSandbox, undone } from './sandbox.ts';
import { planIn } from './world.ts';

const unit = '/etc/systemd/system/bazel-remote.service';

test('as a service of systemd: from nothing to proven, nothing to do, a change, and back byte for byte', async () => {
  const world = await openSandbox();
  const { ports, machine } = world;
  const before = world.snapshot();
  const wanted = { ...ports, unit: 'systemd', memory: '4g' };
  const planned = await world.plan(wanted);
  const plan = planIn(planned);
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'pull-image',
    'make-folder',
    'write-unit',
    'reload-units',
    'enable-unit',
    'start-unit',
    'wait-until-ready',
    'edit-bazelrc',
  ]);
  const write = plan.steps.find(({ id }) => id === 'write-unit');
  expect(write?.preview).toMatchObject({ input: expect.stringContaining('\nExecStart=/usr/bin/docker run') });
  expect(planned.preflight).toContainEqual(
    expect.objectContaining({ id: 'survives', saw: expect.stringContaining('a killed engine') }),
  );
  await applied(world, planned);
  expect(world.file(unit)).toContain('--memory 4g');
  expect(machine.units.state('bazel-remote.service')).toBe('active');
  expect(machine.units.enablement('bazel-remote.service')).toBe('enabled');
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(planIn(await world.plan({})).steps).toEqual([]);
  expect(planIn(await world.plan(wanted)).steps).toEqual([]);

  for (const option of ['restart', 'remove'])
    expect(await world.plan({}, option)).toMatchObject({
      refused: expect.stringContaining('starts again what the engine stops'),
    });

  expect(planIn(await world.plan({ size: '9' }, 'resize')).steps.map(({ id }) => id)).toEqual([
    'write-unit',
    'reload-units',
    'start-unit',
    'wait-until-ready',
  ]);

  const first = world.file(unit);
  const change = await world.plan({ ...wanted, size: '20' });
  expect(planIn(change).steps.map(({ id }) => id)).toEqual([
    'write-unit',
    'reload-units',
    'start-unit',
    'wait-until-ready',
  ]);
  await applied(world, change);
  expect(world.container()?.settings.env).toContain('BAZEL_REMOTE_MAX_SIZE=20');
  await undone(world);
  expect(world.file(unit)).toBe(first);
  await expect
    .poll(() => world.container()?.settings.env, { timeout: 10_000 })
    .toContain('BAZEL_REMOTE_MAX_SIZE=50');

  await undone(world);
  expect(world.snapshot()).toEqual(before);
  expect(machine.units.state('bazel-remote.service')).toBeUndefined();
  expect(world.names()).toEqual(['gitlab-runner']);
  expect(world.bazelrc()).toBe(bazelrc);
});

test('a service whose program ends is started again by systemd', async () => {
  const world = await openSandbox();
  await applied(world, await world.plan({ ...world.ports, unit: 'systemd' }));
  const id = world.container()?.id;
  const container = world.container();
  if (container) await world.machine.docker.stop(container, true);
  await expect
    .poll(() => world.container()?.status === 'running' && world.container()?.id !== id, { timeout: 15_000 })
    .toBe(true);
});

test('a service whose program never runs is taken back, and does not go on in the background', async () => {
  const world = await openSandbox();
  const before = world.snapshot();
  const wanted = {
    ...world.ports,
    unit: 'systemd',
    backend: 'gcs',
    bucket: 'cache',
    'backend-auth': 'default',
  };
  const result = await world.apply(planIn(await world.plan(wanted)));
  expect(result.failure?.saw).toMatch(/bazel-remote does not run with these settings/);
  await undone(world);
  expect(world.snapshot()).toEqual(before);
  expect(world.machine.units.state('bazel-remote.service')).toBeUndefined();
  expect(world.names()).toEqual(['gitlab-runner']);
}, 60_000);

test('a container that was made here becomes a service, and comes back', async () => {
  const world = await openSandbox();
  const { ports } = world;
  await applied(world, await world.plan(ports));
  const id = world.container()?.id;
  const planned = await world.plan({ ...ports, unit: 'systemd' });
  expect(planIn(planned).steps.map(({ id: step }) => step)).toEqual([
    'stop-previous',
    'rename-previous',
    'hold-previous',
    'write-unit',
    'reload-units',
    'enable-unit',
    'start-unit',
    'wait-until-ready',
    'remove-previous',
  ]);
  const keep = planIn(planned);
  const { steps } = keep;
  expect(steps.at(-1)?.effect).toBe('destructive');
  await applied(world, planned);
  expect(world.container()?.id).not.toBe(id);
  expect(await world.plan({ ...ports, unit: 'container' })).toMatchObject({
    refused: expect.stringContaining(`${unit} runs bazel-remote already`),
  });
});

test('as a quadlet of a user without root', async () => {
  const world = await openSandbox({ hasPodman: true });
  const { machine, ports } = world;
  const before = world.snapshot();
  const wanted = { ...ports, engine: 'podman', unit: 'quadlet', data: '/home/ops/bazel-cache' };
  const planned = await world.plan(wanted);
  const plan = planIn(planned);
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'pull-image',
    'make-folder',
    'write-unit',
    'reload-units',
    'start-unit',
    'wait-until-ready',
    'edit-bazelrc',
  ]);
  await applied(world, planned);
  const path = '/home/ops/.config/containers/systemd/bazel-remote.container';
  expect(world.file(path)).toMatch(/^User=0\nGroup=0$/m);
  expect(machine.userUnits.enablement('bazel-remote.service')).toBe('generated');
  expect(machine.podman.find('bazel-remote')).toMatchObject({ status: 'running' });
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(planIn(await world.plan(wanted)).steps).toEqual([]);
  await undone(world);
  expect(world.snapshot()).toEqual(before);
  expect(machine.podman.find('bazel-remote')).toBeUndefined();
});

test('a container of Podman without root, with what it does not do at boot', async () => {
  const world = await openSandbox({ hasPodman: true });
  const wanted = { ...world.ports, engine: 'podman' };
  const planned = await world.plan(wanted);
  expect(planned.preflight).toContainEqual(
    expect.objectContaining({ id: 'podman-restart', state: 'warning' }),
  );
  await applied(world, planned);
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(planIn(await world.plan(wanted)).steps).toEqual([]);
  await undone(world);
  expect(world.machine.podman.containers()).toEqual([]);
});

test('what a unit needs and is not there is said before anything is done', async () => {
  const world = await openSandbox({ hasPodman: true });
  const { ports, machine } = world;
  const refusal = async (settings: Readonly<Record<string, string>>) => {
    const planned = await world.plan({ ...ports, ...settings });
    return 'refused' in planned ? planned.refused : 'planned';
  };
  expect(await refusal({ unit: 'quadlet' })).toMatch(/only Podman knows it/);
  expect(await refusal({ engine: 'podman', image: 'buchgr/bazel-remote-cache:v2.6.2' })).toMatch(
    /names no registry/,
  );
  expect(await refusal({ engine: 'podman', 'http-port': '80' })).toMatch(/listens from 1024 on/);
  world.write(unit, '[Service]\nExecStart=/bin/true\n');
  expect(await refusal({ unit: 'systemd' })).toMatch(/was not made here/);
  expect(await refusal({})).toMatch(/runs bazel-remote already, and was not made here/);
  machine.files.remove(unit, machine.users[0] ?? { name: '', uid: 0, gid: 0, groups: [], home: '/' });
  machine.files.remove('/var/lib/systemd/linger/ops', {
    name: 'root',
    uid: 0,
    gid: 0,
    groups: [],
    home: '/root',
  });
  expect(await refusal({ engine: 'podman', unit: 'quadlet' })).toMatch(/ends when you log out/);
});
