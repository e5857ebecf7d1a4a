import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { applied, undone } from '../tasks/bazelRemote/sandbox.ts';
import { bazelRemoteWorld, password, planIn } from '../tasks/bazelRemote/world.ts';

interface Honey {
  readonly ssh: { readonly config: string; readonly host: string; readonly user: string };
  readonly dockerHost: string;
  readonly image: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly tailnetAddress: string;
  readonly data: string;
}

const described = process.env.HUSKYCAT_TEST_VARIANTS_UP;
const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=';

/** Run by bazelRemoteVariants.test.ts, within honey's network namespace. */
describe.skipIf(!described)('other forms of the cache, from inside honey’s network', () => {
  const honey = JSON.parse(described ?? '{"ssh":{},"digests":{}}') as Honey;
  const isRoot = honey.ssh?.user === 'root';
  const docker = (...args: string[]): string =>
    spawnSync('docker', args, { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: honey.dockerHost } })
      .stdout;
  const files = `${honey.data}/files of "$(id)"`;
  const data = isRoot ? `${honey.data}/cache` : 'bazel-cache';
  const image = `${honey.image}:v2.6.2@${honey.digests['v2.6.2']}`;
  const settings = { data, size: '1', bind: honey.tailnetAddress, image };
  const open = (secret = password) => {
    const world = bazelRemoteWorld(honey.ssh.host, { configFile: honey.ssh.config }, false, secret);
    onTestFinished(() => world.remove());
    return world;
  };

  afterEach(() => {
    const all = docker('ps', '-aq').split('\n').filter(Boolean);
    if (all.length > 0) docker('rm', '-f', ...all);
    docker('volume', 'rm', '-f', 'bazel-cache');
    for (const path of [files, `${honey.data}/cache`]) rmSync(path, { recursive: true, force: true });
  });

  test.runIf(isRoot)('TLS with a certificate made on the host, proven, and back byte for byte', async () => {
    const world = open();
    const [certificate, key] = [`${files}/cache.crt`, `${files}/cache.key`];
    const wanted = { ...settings, auth: 'tls', 'tls-certificate': certificate, 'tls-key': key };
    await applied(world, await world.plan(wanted));
    expect(new X509Certificate(readFileSync(certificate)).checkIP(honey.tailnetAddress)).toBe(
      honey.tailnetAddress,
    );
    expect({ mode: statSync(key).mode & 0o777, uid: statSync(key).uid }).toEqual({
      mode: 0o400,
      uid: 65_532,
    });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    const plain = await fetch(`http://${honey.tailnetAddress}:9090/status`);
    expect(plain.status).toBe(400);
    const client = await world.plan(wanted);
    expect(planIn(client).steps.map(({ id }) => id)).toEqual(['edit-bazel-remote-pem', 'edit-bazelrc']);
    await applied(world, client);
    expect(world.bazelrc()).toContain(`--remote_cache=grpcs://${honey.tailnetAddress}:9092\n`);
    expect(planIn(await world.plan(settings)).steps).toEqual([]);
    await undone(world);
    await undone(world);
    expect(existsSync(files)).toBe(false);
    expect(world.bazelrc()).toBe(bazelrc);
    expect(docker('ps', '-aq')).toBe('');
  });

  test.runIf(isRoot)('TLS and logins together: everybody reads, and nobody writes without one', async () => {
    const world = open();
    const wanted = {
      ...settings,
      auth: 'htpasswd+tls',
      htpasswd: `${files}/htpasswd`,
      'tls-certificate': `${files}/cache.crt`,
      'tls-key': `${files}/cache.key`,
    };
    await applied(world, await world.plan(wanted));
    const { rung, evidence } = await world.verify();
    expect({ rung, seen: JSON.stringify(evidence) }).toMatchObject({
      rung: 'reachable',
      seen: expect.stringContaining('HTTPS and gRPC over TLS'),
    });
    expect(docker('inspect', 'bazel-remote')).not.toContain('s3cret');
    await undone(world);
    expect(existsSync(files)).toBe(false);
  });

  test('S3 behind the disk: started with the secret from a file of its own', async () => {
    const world = open(secretKey);
    const secrets = isRoot ? `${files}/cache.env` : undefined;
    const wanted = {
      ...settings,
      backend: 's3',
      bucket: 'bazel-cache',
      's3-endpoint': '127.0.0.1:1',
      's3-key-id': 'AKIAEXAMPLE',
      ...(secrets === undefined ? {} : { secrets }),
    };
    const plan = planIn(await world.plan(wanted));
    const result = await world.apply(plan);
    expect({ failure: result.failure, outcome: result.outcome }).toEqual({
      failure: undefined,
      outcome: 'done',
    });
    const kept = JSON.stringify([plan, (await world.workspace.journal.read()).entries, result.events]);
    expect(kept).not.toContain(secretKey);
    if (secrets !== undefined) {
      expect(readFileSync(secrets, 'utf8')).toBe(`BAZEL_REMOTE_S3_SECRET_ACCESS_KEY=${secretKey}\n`);
      expect(statSync(secrets).mode & 0o777).toBe(0o600);
    }
    expect(docker('inspect', '--format', '{{json .Config.Env}}', 'bazel-remote')).toContain(
      'BAZEL_REMOTE_S3_BUCKET=bazel-cache',
    );
    expect(planIn(await world.plan(settings)).steps).toEqual([]);
    await undone(world);
    expect(docker('ps', '-aq')).toBe('');
    if (secrets !== undefined) expect(existsSync(secrets)).toBe(false);
  });

  test('Google behind the disk without credentials: the container’s own words, and a way back', async () => {
    const world = open();
    const wanted = { ...settings, backend: 'gcs', bucket: 'bazel-cache', 'backend-auth': 'default' };
    const result = await world.apply(planIn(await world.plan(wanted)));
    expect(result.failure?.saw).toMatch(/could not find default credentials/);
    await undone(world);
    expect(docker('ps', '-aq')).toBe('');
    expect(world.bazelrc()).toBe(bazelrc);
  });

  test('a unit of systemd is refused where systemd does not run the host', async () => {
    const planned = await open().plan({ ...settings, unit: 'systemd' });
    expect(planned).toMatchObject({ refused: expect.stringContaining('it does not run this host') });
  });

  test.runIf(!isRoot)(
    'without root a key that only its owner reads is no use to the image’s user',
    async () => {
      const planned = await open().plan({ ...settings, auth: 'tls' });
      expect(planned).toMatchObject({ refused: expect.stringMatching(/65532:65532/) });
    },
  );

  test.runIf(isRoot)('this machine as the host: the commands run here', async () => {
    vi.stubEnv('DOCKER_HOST', honey.dockerHost);
    onTestFinished(() => void vi.unstubAllEnvs());
    const world = open();
    const wanted = { ...settings, host: 'here' };
    const plan = planIn(await world.plan(wanted));
    const places = plan.steps.flatMap(({ action }) => (action.kind === 'command' ? [action.where] : []));
    expect(new Set(places)).toEqual(new Set(['here']));
    await applied(world, await world.plan(wanted));
    expect(docker('ps', '--format', '{{.Names}}')).toBe('bazel-remote\n');
    expect(planIn(await world.plan(wanted)).steps).toEqual([]);
    await undone(world);
    expect(docker('ps', '-aq')).toBe('');
  });
});
