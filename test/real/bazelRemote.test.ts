import { createHash, randomBytes } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BazelRemoteMetrics } from '../../source/core/bazel/metrics.ts';
import { hitRate } from '../../source/core/bazel/metrics.ts';
import type { BazelRemoteState } from '../../source/core/caches/model.ts';
import { Secret } from '../../source/core/secret.ts';
import { createActivity } from '../../source/services/activity.ts';
import { connectBazelRemote } from '../../source/services/bazelRemote/connect.ts';
import { createTransport } from '../../source/services/http/transport.ts';
import { selfSigned } from '../services/http/certificate.ts';
import { type StartOptions, startBazelRemote } from './bazelRemoteServer.ts';
import { needs } from './require.ts';

const program = needs('bazel-remote', 'HUSKYCAT_TEST_BAZEL_REMOTE');
const activity = createActivity({ now: Date.now, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });

async function start(options?: StartOptions) {
  const server = await startBazelRemote(program ?? '', options);
  onTestFinished(() => server.stop());
  const url = `http://127.0.0.1:${server.http}`;
  const look = (more: { http?: string; grpc?: string; authorization?: Secret } = {}) =>
    connectBazelRemote({
      http: url,
      grpc: `grpc://127.0.0.1:${server.grpc}`,
      transport,
      now: Date.now,
      ...more,
    }).look();
  /** Puts a blob into the content store; gives its key. */
  const putBlob = async (contents: Buffer): Promise<string> => {
    const key = createHash('sha256').update(contents).digest('hex');
    const body = new Uint8Array(contents);
    expect((await fetch(`${url}/cas/${key}`, { method: 'PUT', body })).status).toBe(200);
    return key;
  };
  const action = async (key: string, method = 'GET'): Promise<number> => {
    const json = { 'content-type': 'application/json' };
    const more = method === 'PUT' ? { body: '{}', headers: json } : {};
    const answer = await fetch(`${url}/ac/${key}`, { method, ...more });
    await answer.arrayBuffer();
    return answer.status;
  };
  return { ...server, url, look, putBlob, action };
}

function metricsOf({ metrics }: BazelRemoteState): BazelRemoteMetrics {
  if ('failure' in metrics) throw new Error(metrics.failure.saw);
  return metrics.value;
}

const newKey = (): string => randomBytes(32).toString('hex');
const withMetrics = { flags: ['--enable_endpoint_metrics'] };

describe.skipIf(program === undefined)('a real bazel-remote', () => {
  test('status, health and capabilities; metrics are off', async () => {
    const server = await start();
    const empty = await server.look();
    expect(empty.status).toMatchObject({
      value: { used: 0, limit: 2 ** 30, reserved: 0, files: 0, version: expect.stringMatching(/^v2\./) },
    });
    expect(empty.latency).toBeGreaterThanOrEqual(0);
    expect(empty.health).toEqual({ value: 'serving' });
    expect(empty.capabilities).toEqual({
      value: {
        digestFunctions: ['SHA256'],
        updateEnabled: true,
        compressors: ['zstd'],
        apiVersions: '2.0 to 2.3',
      },
    });
    expect(empty.metrics).toMatchObject({
      failure: { code: 'metrics-off', saw: '404 Endpoint metrics are not enabled on this server.' },
    });
    await server.putBlob(randomBytes(5_000));
    const { status } = await server.look();
    expect(status).toMatchObject({ value: { files: 1, used: 8192 } });
  });

  test('the hit rate of real reads between two looks', async () => {
    const server = await start(withMetrics);
    const [known, unknown] = [newKey(), newKey()];
    expect(await server.action(known, 'PUT')).toBe(200);
    const before = metricsOf(await server.look());
    for (const key of [known, known, unknown, known])
      expect(await server.action(key)).toBe(key === known ? 200 : 404);
    const blob = await server.putBlob(Buffer.from('x'));
    for (let reads = 0; reads < 5; reads++) await (await fetch(`${server.url}/cas/${blob}`)).arrayBuffer();
    const after = metricsOf(await server.look());
    expect(hitRate(before, after)).toEqual({ ratio: 0.75, n: 4, window: (after.at - before.at) / 1000 });
    const later = metricsOf(await server.look());
    expect(hitRate(after, { ...later, at: Math.max(later.at, after.at + 1) })).toBeNull();

    await server.restart();
    expect(await server.action(known)).toBe(200);
    const restarted = metricsOf(await server.look());
    expect(restarted).toMatchObject({ hits: 1, misses: 0 });
    expect(hitRate(later, restarted)).toBeUndefined();
    expect(hitRate(before, restarted)).toBeUndefined();
  });

  test('ports that are crossed', async () => {
    const server = await start();
    const state = await server.look({
      http: `http://127.0.0.1:${server.grpc}`,
      grpc: `grpc://127.0.0.1:${server.http}`,
    });
    for (const part of [state.status, state.metrics])
      expect(part).toMatchObject({
        failure: { code: 'crossed-ports', saw: expect.stringContaining('this is the gRPC port') },
      });
    for (const part of [state.health, state.capabilities])
      expect(part).toMatchObject({
        failure: {
          code: 'crossed-ports',
          saw: 'this is the HTTP port: GET /status answers 200',
        },
      });
  });

  test('TLS asked of a server that has none', async () => {
    const server = await start();
    const { health } = await server.look({ grpc: `grpcs://127.0.0.1:${server.grpc}` });
    expect(health).toMatchObject({ failure: { kind: 'unavailable', code: 'tls' } });
  });

  test('a server with TLS: in the clear, with a certificate that is not trusted, and one that is', async () => {
    const certificate = selfSigned({ host: '127.0.0.1' });
    const server = await start({ certificate: { key: certificate.key, cert: certificate.cert } });
    const clear = await server.look();
    expect(clear.status).toMatchObject({ failure: { code: 'tls-wanted' } });
    expect(clear.health).toMatchObject({ failure: { kind: 'unavailable', code: 'reset' } });
    const secure = {
      http: `https://127.0.0.1:${server.http}`,
      grpc: `grpcs://127.0.0.1:${server.grpc}`,
    };
    const foreign = await server.look(secure);
    for (const part of [foreign.status, foreign.health])
      expect(part).toMatchObject({ failure: { code: 'tls', saw: 'the certificate is self-signed' } });
    const before = getCACertificates('default');
    onTestFinished(() => setDefaultCACertificates(before));
    setDefaultCACertificates([...before, certificate.cert]);
    const state = await server.look(secure);
    expect(state.status).toHaveProperty('value');
    expect(state.health).toEqual({ value: 'serving' });
    expect(state.capabilities).toHaveProperty('value');
  });

  test('htpasswd: health is open, the rest wants the login', async () => {
    const password = createHash('sha1').update('s3cret').digest('base64');
    const server = await start({ htpasswd: `alice:{SHA}${password}\n` });
    const nobody = await server.look();
    expect(nobody.health).toEqual({ value: 'serving' });
    expect(nobody.status).toMatchObject({ failure: { kind: 'needs-user', code: 'login-wanted' } });
    expect(nobody.capabilities).toMatchObject({
      failure: {
        code: 'login-wanted',
        saw: 'gRPC 16 UNAUTHENTICATED: no authentication metadata found',
      },
    });
    const basic = (login: string) => new Secret(`Basic ${Buffer.from(login).toString('base64')}`);
    const alice = await server.look({ authorization: basic('alice:s3cret') });
    expect(alice.status).toHaveProperty('value');
    expect(alice.capabilities).toHaveProperty('value');
    const wrong = await server.look({ authorization: basic('alice:other') });
    expect(wrong.capabilities).toMatchObject({ failure: { saw: 'gRPC 16 UNAUTHENTICATED: access denied' } });
    expect(JSON.stringify(wrong)).not.toContain(Buffer.from('alice:other').toString('base64'));
  });

  test('metrics with htpasswd: status is open, the counters are not', async () => {
    const password = createHash('sha1').update('s3cret').digest('base64');
    const server = await start({ ...withMetrics, htpasswd: `alice:{SHA}${password}\n` });
    const { status, metrics } = await server.look();
    expect(status).toHaveProperty('value');
    expect(metrics).toMatchObject({ failure: { code: 'login-wanted' } });
  });

  test('a server that is gone', async () => {
    const server = await startBazelRemote(program ?? '');
    await server.stop();
    const state = await connectBazelRemote({
      http: `http://127.0.0.1:${server.http}`,
      grpc: `grpc://127.0.0.1:${server.grpc}`,
      transport,
      now: Date.now,
    }).look();
    for (const part of [state.status, state.metrics, state.health, state.capabilities])
      expect(part).toMatchObject({ failure: { kind: 'unavailable', code: 'refused' } });
  });
});
