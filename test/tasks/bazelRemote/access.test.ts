import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';
import { knowsLogin } from '../../../source/sandbox/honey/apr1.ts';
import { applied, openSandbox, undone } from './sandbox.ts';
import { password, planIn } from './world.ts';

test('over TLS with a certificate of its own: made, trusted, verified, and back byte for byte', async () => {
  const world = await openSandbox();
  const before = world.snapshot();
  const wanted = { ...world.ports, auth: 'tls' };
  const planned = await world.plan(wanted);
  expect(planIn(planned).steps.map(({ id }) => id)).toEqual([
    'make-certificate',
    'pull-image',
    'make-folder',
    'run-container',
    'wait-until-ready',
  ]);
  expect(planned.preflight).toContainEqual(
    expect.objectContaining({ id: 'bazelrc', saw: expect.stringContaining('plan again') }),
  );
  await applied(world, planned);
  const certificate = new X509Certificate(world.file('/etc/bazel-remote/bazel-remote.crt') ?? '');
  expect(certificate.checkIP('100.77.196.50')).toBe('100.77.196.50');
  expect(world.mode('/etc/bazel-remote/bazel-remote.key')).toBe('400');
  expect(await world.verify()).toMatchObject({
    rung: 'proven',
    evidence: expect.arrayContaining([
      expect.objectContaining({ source: 'HTTPS and gRPC over TLS from this machine' }),
    ]),
  });

  const client = await world.plan(wanted);
  expect(planIn(client).steps.map(({ id }) => id)).toEqual(['edit-bazel-remote-pem', 'edit-bazelrc']);
  await applied(world, client);
  expect(world.bazelrc()).toMatch(/^build:remote --remote_cache=grpcs:\/\/100\.77\.196\.50:\d+$/m);
  expect(world.bazelrc()).toContain('\nbuild:remote --tls_certificate=bazel-remote.pem\n');
  expect(planIn(await world.plan({})).steps).toEqual([]);

  await undone(world);
  await undone(world);
  expect(world.snapshot()).toEqual(before);
  expect(world.bazelrc()).toBe(bazelrc);
});

test('with logins everybody reads, and who has the password writes; over TLS too', async () => {
  const world = await openSandbox({ secret: password });
  const before = world.snapshot();
  for (const auth of ['htpasswd', 'htpasswd+tls']) {
    const planned = await world.plan({ ...world.ports, auth });
    await applied(world, planned);
    const file = world.file('/etc/bazel-remote/htpasswd') ?? '';
    expect(knowsLogin(file, `Basic ${Buffer.from(`ci:${password}`).toString('base64')}`)).toBe(true);
    expect(knowsLogin(file, `Basic ${Buffer.from('ci:guess').toString('base64')}`)).toBe(false);
    expect(await world.verify()).toMatchObject({ rung: 'reachable' });
    if (auth === 'htpasswd') {
      const entry = `http://127.0.0.1:${world.ports['http-port']}/cas/${'0'.repeat(64)}`;
      expect((await fetch(entry)).status).toBe(404);
      expect((await fetch(entry, { method: 'PUT', body: 'x' })).status).toBe(401);
    }
    expect(JSON.stringify(planIn(planned))).not.toContain('s3cret');
    await undone(world);
    expect(world.snapshot()).toEqual(before);
  }
});

test('a certificate that is given must be there, and readable for who runs in the container', async () => {
  const world = await openSandbox();
  const files = { 'tls-certificate': '/etc/pki/cache.crt', 'tls-key': '/etc/pki/cache.key' };
  const wanted = { ...world.ports, auth: 'tls', tls: 'files', ...files };
  expect(await world.plan(wanted)).toMatchObject({ refused: 'file /etc/pki/cache.crt: it is not there' });
  world.folder('/etc/pki');
  world.write('/etc/pki/cache.crt', 'x');
  world.write('/etc/pki/cache.key', 'x');
  world.chmod('/etc/pki/cache.key', 0o600);
  expect(await world.plan(wanted)).toMatchObject({
    refused: expect.stringMatching(/cache\.key: it belongs to 0:0 with mode 600: 65532:65532/),
  });
});

test('S3 behind the disk: its secret reaches the host by standard input alone, in a file of its own', async () => {
  const world = await openSandbox();
  const before = world.snapshot();
  const wanted = {
    ...world.ports,
    backend: 's3',
    bucket: 'bazel-cache',
    's3-endpoint': 's3.eu-central-1.amazonaws.com',
    's3-key-id': 'AKIAEXAMPLE',
  };
  const planned = await world.plan(wanted);
  const plan = planIn(planned);
  expect(plan.steps.map(({ id }) => id)).toContain('write-secret');
  expect(plan.secrets).toEqual([expect.objectContaining({ name: 'bazel-remote-backend' })]);
  await applied(world, planned);
  const file = '/home/ops/.config/bazel-remote/bazel-remote.env';
  expect(world.file(file)).toBe('BAZEL_REMOTE_S3_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCY=\n');
  expect(world.mode(file)).toBe('600');
  expect(JSON.stringify(plan)).not.toContain('wJalrXUtnFEMI');
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(planIn(await world.plan({})).steps).toEqual([]);
  await undone(world);
  expect(world.snapshot()).toEqual(before);
});

test('a secret that a file of variables cannot hold is refused, and not shown', async () => {
  const world = await openSandbox({ secret: password });
  const planned = await world.plan({
    ...world.ports,
    backend: 'azure',
    bucket: 'bazel-cache',
    'azure-account': 'teamcache',
  });
  const result = await world.apply(planIn(planned));
  expect(result.failure?.saw).toMatch(/holds a letter that a file of variables cannot/);
  expect(JSON.stringify(result)).not.toContain('s3cret');
  expect(world.file('/home/ops/.config/bazel-remote/bazel-remote.env')).toBeUndefined();
  expect(world.names()).toEqual(['gitlab-runner']);
});

test('a store behind the disk is planned only with all that it needs', async () => {
  const world = await openSandbox();
  const refusal = async (settings: Readonly<Record<string, string>>) => {
    const planned = await world.plan({ ...world.ports, ...settings });
    return 'refused' in planned ? planned.refused : 'planned';
  };
  expect(await refusal({ backend: 's3' })).toMatch(/s3-endpoint is not set|bucket is not set/);
  expect(await refusal({ backend: 'gcs', bucket: 'b0', 'gcs-credentials': '/etc/gcs.json' })).toBe(
    'file /etc/gcs.json: it is not there',
  );
  expect(await refusal({ backend: 'gcs', bucket: 'b0', 'backend-auth': 'shared_key' })).toMatch(
    /shared_key is no login of it/,
  );
  expect(await refusal({ bucket: 'b0' })).toMatch(/bucket has no effect/);
});
