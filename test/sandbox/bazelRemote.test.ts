import { createHash } from 'node:crypto';
import { connect } from 'node:http2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goNumber } from '../../source/sandbox/bazelRemote/metrics.ts';
import { type BazelRemoteServer, startBazelRemote } from '../../source/sandbox/bazelRemote/start.ts';
import { createWorldClock } from '../../source/sandbox/clock.ts';

let server: BazelRemoteServer;
beforeAll(async () => {
  server = await startBazelRemote();
});
afterAll(() => server.stop());

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const action = hash('an action');

async function ask(method: string, path: string, body?: string, headers = {}): Promise<[number, string]> {
  const answer = await fetch(server.http + path, { method, headers, ...(body !== undefined && { body }) });
  return [answer.status, await answer.text()];
}

async function metric(line: string, of = server): Promise<number> {
  const text = await (await fetch(`${of.http}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? Number.NaN);
}

test('/status answers any method with what is used of how much', async () => {
  const status = JSON.parse((await ask('GET', '/status'))[1]);
  expect(Object.keys(status)).toEqual([
    'CurrSize',
    'UncompressedSize',
    'ReservedSize',
    'MaxSize',
    'NumFiles',
    'ServerTime',
    'GitCommit',
    'GitTags',
    'NumGoroutines',
  ]);
  expect(status).toMatchObject({ MaxSize: 53_687_091_200, GitTags: 'v2.6.2' });
  expect((await ask('POST', '/status'))[0]).toBe(200);
});

describe('blobs', () => {
  test('are kept under their own hash, whatever the instance', async () => {
    expect(await ask('GET', `/cas/${hash('a blob')}`)).toEqual([404, 'Not found\n']);
    expect(await ask('PUT', `/cas/${hash('a blob')}`, 'a blob')).toEqual([200, '']);
    expect(await ask('GET', `/any/instance/cas/${hash('a blob')}`)).toEqual([200, 'a blob']);
    const { CurrSize, NumFiles } = JSON.parse((await ask('GET', '/status'))[1]);
    expect([CurrSize, NumFiles]).toEqual([4096, 1]);
  });

  test('are refused under another', async () => {
    const [status, text] = await ask('PUT', `/cas/${hash('x')}`, 'y');
    expect([status, text.trim()]).toEqual([
      500,
      `Failed to write compressed CAS blob to disk: checksums don't match. Expected ${hash('x')}, found ${hash('y')}`,
    ]);
  });

  test('the empty one is always there', async () => {
    expect((await ask('HEAD', `/cas/${hash('')}`))[0]).toBe(200);
  });

  test.each(['/cas/abc', `/cas/${hash('x').toUpperCase()}`, '/', '/nonsense'])(
    '%s is no name',
    async (path) => {
      expect(await ask('GET', path)).toEqual([
        400,
        `resource name must be a SHA256 hash in hex, got '${path}'\n`,
      ]);
    },
  );

  test('cannot be deleted', async () => {
    expect(await ask('DELETE', `/cas/${hash('a blob')}`)).toEqual([405, "Method 'DELETE' not supported.\n"]);
  });
});

describe('action results', () => {
  const result = (blob: string): string =>
    JSON.stringify({
      outputFiles: [{ path: 'a.o', digest: { hash: hash(blob), sizeBytes: String(blob.length) } }],
    });
  const json = { 'content-type': 'application/json' };

  test('that are none are refused', async () => {
    const [status, text] = await ask('PUT', `/ac/${action}`, 'garbage');
    expect([status, text.trim()]).toEqual([
      400,
      'Failed to add worker metadata: proto: cannot parse invalid wire-format data',
    ]);
  });

  test('come back with the worker that put them', async () => {
    expect((await ask('PUT', `/ac/${action}`, '')).at(0)).toBe(200);
    const [status, text] = await ask('GET', `/ac/${action}`, undefined, { accept: 'application/json' });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { executionMetadata: { worker: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } },
    ]);
  });

  test('are a miss while a blob of theirs is absent', async () => {
    const before = await metric('bazel_remote_incoming_requests_total{kind="ac",method="get",status="miss"}');
    expect((await ask('PUT', `/ac/${action}`, result('later'), json))[0]).toBe(200);
    expect((await ask('GET', `/ac/${action}`))[0]).toBe(404);
    expect(await metric('bazel_remote_incoming_requests_total{kind="ac",method="get",status="miss"}')).toBe(
      before + 1,
    );
    await ask('PUT', `/cas/${hash('later')}`, 'later');
    const [status, text] = await ask('GET', `/ac/${action}`, undefined, { accept: 'application/json' });
    expect([status, JSON.parse(text).outputFiles]).toEqual([
      200,
      [{ path: 'a.o', digest: { hash: hash('later'), sizeBytes: '5' } }],
    ]);
  });
});

describe('gRPC', () => {
  function call(path: string, message = '0000000000'): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const session = connect(server.grpc.replace('grpc:', 'http:'));
      session.on('error', reject);
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      let headers = {};
      let trailers: Record<string, unknown> | undefined;
      const parts: Buffer[] = [];
      stream.on('response', (got) => (headers = got));
      stream.on('trailers', (got) => (trailers = Object.fromEntries(Object.entries(got))));
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        session.close();
        resolve({ headers, trailers, body: Buffer.concat(parts).toString('hex') });
      });
      stream.end(Buffer.from(message, 'hex'));
    });
  }

  test('health says that it serves, in the very bytes', async () => {
    const { body, trailers } = await call('/grpc.health.v1.Health/Check');
    expect([body, trailers]).toEqual(['00000000020801', { 'grpc-status': '0', 'grpc-message': '' }]);
    expect(
      await metric(
        'grpc_server_handled_total{grpc_code="OK",grpc_method="Check",grpc_service="grpc.health.v1.Health",grpc_type="unary"}',
      ),
    ).toBe(1);
  });

  test('capabilities, in the very bytes', async () => {
    const { body } = await call('/build.bazel.remote.execution.v2.Capabilities/GetCapabilities');
    expect(body).toBe(
      '000000002b0a1f0a0101120208011a020a0028023201013a010140ffffffffffffffff7f5001220208022a0408021003',
    );
  });

  test('an unknown service is refused in the headers', async () => {
    const { headers, trailers } = await call('/x.Y/Z');
    expect(headers).toMatchObject({ 'grpc-status': '12', 'grpc-message': 'unknown service x.Y' });
    expect(trailers).toBe(undefined);
    const health = await call('/grpc.health.v1.Health/Check', '00000000030a0178');
    expect(health.headers).toMatchObject({ 'grpc-status': '5', 'grpc-message': 'unknown service' });
  });
});

test.each([
  [0, '0'],
  [12288, '12288'],
  [53_687_091_200, '5.36870912e+10'],
  [1_795_450_054.25, '1.79545005425e+09'],
  [0.25, '0.25'],
])('%d is printed as Go does: %s', (value, text) => {
  expect(goNumber(value)).toBe(text);
});

test('/metrics is absent when it was not asked for', async () => {
  const plain = await startBazelRemote({ hasMetrics: false });
  const answer = await fetch(`${plain.http}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([
    404,
    'Endpoint metrics are not enabled on this server.\n',
  ]);
  await plain.stop();
});

test('builds use it, and most of what they ask for is there', async () => {
  const clock = createWorldClock({ speed: 36_000 });
  const busy = await startBazelRemote({ clock, hasTraffic: true });
  const reads = (status: string): Promise<number> =>
    metric(`bazel_remote_incoming_requests_total{kind="ac",method="get",status="${status}"}`, busy);
  await expect.poll(() => reads('hit'), { timeout: 10_000 }).toBeGreaterThan(1_000);
  const [hits, misses] = [await reads('hit'), await reads('miss')];
  expect(hits / (hits + misses)).toBeGreaterThan(0.6);
  expect(misses).toBeGreaterThan(50);
  await busy.stop();
  clock.stop();
});

test('a taken port leaves nothing running', async () => {
  const port = Number(new URL(server.http).port);
  await expect(startBazelRemote({ grpcPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
