import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { password, planIn } from '../tasks/bazelRemote/world.ts';
import { described, openHoney } from './task10Honey.ts';

/** Run by task10.test.ts, within honey's network namespace. */
describe.skipIf(!described)('a cache on honey, from inside its network', () => {
  const honey = openHoney();
  const { isRoot, docker, imageOf, folder, settings, open, hold } = honey;
  const refusal = async (change: Readonly<Record<string, string>>): Promise<string> => {
    const planned = await open().plan({ ...settings, ...change });
    if ('plan' in planned) throw new Error(`planned: ${planned.plan.steps.map(({ id }) => id).join(' ')}`);
    return planned.refused;
  };
  const done = { failure: undefined, outcome: 'done' };

  afterEach(honey.cleanUp);

  test('from nothing to proven, nothing to do, and back byte for byte', async () => {
    const world = open();
    const plan = planIn(await world.plan(settings));
    const result = await world.apply(plan);
    expect({ failure: result.failure, outcome: result.outcome }).toEqual(done);
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    if (isRoot) expect(statSync(folder).uid).toBe(65_532);
    expect(world.bazelrc()).toContain(`build:remote --remote_cache=grpc://${honey.tailnetAddress}:9092`);
    expect(planIn(await world.plan(settings)).steps).toEqual([]);
    const undone = await world.undo();
    expect({ failure: undone.failure, outcome: undone.outcome }).toEqual({ ...done, outcome: 'undone' });
    expect(world.bazelrc()).toBe(bazelrc);
    expect(docker('ps', '-aq') + docker('images', '-q')).toBe('');
    if (isRoot) expect(existsSync(`${folder}/cas.v2`)).toBe(true);
  });

  test('an upgrade by digest keeps the data; one that fails is rolled back', async () => {
    const world = open();
    await world.apply(planIn(await world.plan({ ...settings, image: imageOf('v2.6.1') })));
    const first = docker('ps', '-q', '--no-trunc');
    const broken = planIn(await world.plan({ ...settings, memory: '6m' }));
    const failed = await world.apply(broken);
    expect(failed.outcome).toBe('failed');
    expect((await world.undo()).failure).toBeUndefined();
    expect(docker('ps', '-aq', '--no-trunc')).toBe(first);
    expect(await world.verify()).toMatchObject({ rung: 'proven' });

    const upgrade = planIn(await world.plan(settings));
    expect(upgrade.steps.map(({ id }) => id)).toContain('remove-previous');
    const upgraded = await world.apply(upgrade);
    expect({ failure: upgraded.failure, outcome: upgraded.outcome }).toEqual(done);
    const probe = await world.verify();
    expect(probe).toMatchObject({ rung: 'proven' });
    expect(JSON.stringify(probe.evidence)).toContain('v2.6.2');
    expect(docker('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');
  });

  test.runIf(isRoot)('with logins everybody reads, and who has the password writes', async () => {
    const world = open();
    const htpasswd = `${honey.data}/deep/logins/htpasswd`;
    const plan = planIn(await world.plan({ ...settings, auth: 'htpasswd', htpasswd }));
    const result = await world.apply(plan);
    expect({ failure: result.failure, outcome: result.outcome }).toEqual(done);
    const entry = `http://${honey.tailnetAddress}:9090/cas/${createHash('sha256').update('x').digest('hex')}`;
    const put = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(entry, { method: 'PUT', body: 'x', headers })).status;
    expect(await put({})).toBe(401);
    expect(await put({ authorization: `Basic ${Buffer.from(`ci:${password}`).toString('base64')}` })).toBe(
      200,
    );
    expect((await fetch(entry)).status).toBe(200);
    const kept = JSON.stringify([plan, (await world.workspace.journal.read()).entries, result.events]);
    expect(kept + docker('inspect', 'bazel-remote')).not.toContain('s3cret');
    expect(planIn(await world.plan(settings)).steps).toEqual([]);
    expect((await world.undo()).failure).toBeUndefined();
    expect(existsSync(htpasswd)).toBe(false);
  });

  test.runIf(isRoot)('a folder of root’s is given to the image’s user, and back', async () => {
    mkdirSync(folder, { recursive: true });
    const world = open();
    const plan = planIn(await world.plan(settings));
    expect(plan.steps.map(({ id }) => id)).toContain('own-folder');
    expect((await world.apply(plan)).failure).toBeUndefined();
    expect((await world.undo()).failure).toBeUndefined();
    expect(statSync(folder).uid).toBe(0);
    expect(statSync(`${folder}/cas.v2`).uid).toBe(0);
  });

  test.runIf(!isRoot)('a folder of somebody else’s is refused without root', async () => {
    mkdirSync(folder, { recursive: true });
    expect(await refusal({ data: folder })).toMatch(/belongs to 0:0, and you may not change that/);
  });

  test('what is in the way is named before anything is done', async () => {
    const close = await hold(9090);
    expect(await refusal({})).toMatch(/^port 9090: held on 100\.77\.196\.50/);
    close();
    docker('run', '-d', '--name', 'other', '-p', '9092:9092', imageOf('v2.6.2'), '--max_size', '1');
    expect(await refusal({})).toMatch(/^port 9092: held by the container other \(/);
    docker('rm', '-f', 'other');
    docker('run', '-d', '--name', 'bazel-remote', imageOf('v2.6.2'), '--max_size', '1');
    expect(await refusal({})).toMatch(/was not made here/);
    docker('rm', '-f', 'bazel-remote');
    expect(await refusal({ bind: '100.77.196.99' })).toMatch(/it is no address of the host/);
    expect(await refusal({ size: '900000', data: '/data/cache' })).toMatch(/room for 900000 GiB/);
    for (const [name, value] of Object.entries({
      name: '-x',
      data: '--privileged',
      image: '$(id)',
      memory: '-1',
      bind: '0.0.0.0 -v /:/x',
      user: 'root',
      restart: 'always\n--privileged',
    }))
      expect(await refusal({ [name]: value }), name).toContain(JSON.stringify(value).slice(0, 20));
    expect(docker('ps', '-aq')).toBe('');
  });

  test('a port that is taken after the plan leaves no container behind', async () => {
    const world = open();
    const plan = planIn(await world.plan(settings));
    const close = await hold(9092);
    const failed = await world.apply(plan);
    expect(failed.failure?.saw).toMatch(/address already in use|port is already allocated/);
    expect(docker('ps', '-aq')).toBe('');
    close();
    expect((await world.resume()).outcome).toBe('done');
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
  });

  test('the connection is cut while the container is started, and the run goes on', async () => {
    const world = open();
    const plan = planIn(await world.plan(settings));
    const dockerd = honey.dockerd();
    onTestFinished(() => void process.kill(dockerd, 'SIGCONT'));
    const { activity } = world.workspace;
    const unsubscribe = activity.subscribe(() => {
      const last = activity.list().at(-1);
      if (last?.kind !== 'ssh' || last.state !== 'running' || !/docker run/.test(last.title)) return;
      unsubscribe();
      process.kill(dockerd, 'SIGSTOP');
      setTimeout(() => {
        honey.cut();
        process.kill(dockerd, 'SIGCONT');
      }, 1_000);
    });
    const cut = await world.apply(plan);
    await expect.poll(() => docker('ps', '-q'), { timeout: 30_000 }).not.toBe('');
    expect(cut).toMatchObject({ outcome: 'failed', failure: { code: 'connection-lost' } });
    expect(await world.resume()).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(docker('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');
    expect((await world.undo()).outcome).toBe('undone');
    expect(docker('ps', '-aq')).toBe('');
  });
});
