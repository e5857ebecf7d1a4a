import { createServer as createTlsServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { NeedsUser, Unavailable } from '../../../source/core/failure.ts';
import { openGrant } from '../../../source/services/grant.ts';
import { selfSigned } from './certificate.ts';
import { closedPort, listen, type Script, serve, serveSocket } from './server.ts';
import { everything, failureOf, httpWorld } from './world.ts';

const token = 'glpat-THIS-IS-THE-SECRET-0123';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function server(script: Script) {
  const one = await serve(script);
  cleanups.push(one.close);
  return one;
}

async function socketServer(talk: Parameters<typeof serveSocket>[0]) {
  const one = await serveSocket(talk);
  cleanups.push(one.close);
  return one;
}

test('any status is an answer, with headers, body, latency and address', async () => {
  const { url } = await server(() => ({ status: 418, headers: { 'x-kind': 'pot' }, body: 'short' }));
  const answer = await httpWorld().transport.read({ url: `${url}/tea` });
  expect(answer).toMatchObject({ status: 418, url: `${url}/tea` });
  expect(answer.headers.get('x-kind')).toBe('pot');
  expect(Buffer.from(answer.body).toString()).toBe('short');
  expect(answer.latency).toBeLessThan(5);
});

test('Activity shows each call with status and time, and no secret of its query', async () => {
  const { url } = await server(() => ({ status: 404, body: 'gone' }));
  const { transport, activity } = httpWorld();
  await transport.read({
    url: `${url}/a?page=2&private_token=${token}&X-Amz-Signature=abcdef`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(activity.list()).toMatchObject([
    {
      kind: 'http',
      title: `GET ${url}/a?page=2&private_token=MASKED&X-Amz-Signature=MASKED`,
      state: 'failed',
      result: expect.stringMatching(/^404, 4 bytes in [\d.]+ s$/),
    },
  ]);
});

test('an unknown host', async () => {
  const failure = await failureOf(httpWorld().transport.read({ url: 'http://nohost.invalid/' }));
  expect(failure).toBeInstanceOf(Unavailable);
  expect(failure.code).toBe('dns');
  expect(failure.next.length).toBeGreaterThan(0);
});

test('a refused connection', async () => {
  const port = await closedPort();
  const failure = await failureOf(httpWorld().transport.read({ url: `http://127.0.0.1:${port}/x` }));
  expect(failure).toMatchObject({ code: 'refused', tried: `GET http://127.0.0.1:${port}/x` });
});

test('a server that accepts and never answers is a timeout', async () => {
  const { url } = await socketServer(() => undefined);
  const failure = await failureOf(httpWorld().transport.read({ url, timeout: 150 }));
  expect(failure).toMatchObject({ code: 'timeout', saw: 'no answer within 0.15 s' });
});

test('a body that drips is a timeout of the whole answer', async () => {
  const { url } = await server((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
    return undefined;
  });
  const failure = await failureOf(httpWorld().transport.read({ url, timeout: 300 }));
  expect(failure.code).toBe('timeout');
  expect(failure.saw).toMatch(/^the answer was not whole within 0\.3 s \(\d+ bytes came\)$/);
});

test('a stream may drip as long as it drips', async () => {
  const { url } = await server((_, response) => {
    response.writeHead(200);
    let left = 12;
    const timer = setInterval(() => {
      response.write('x');
      if (--left === 0) response.end();
    }, 100);
    response.on('close', () => clearInterval(timer));
    return undefined;
  });
  const { transport, activity } = httpWorld();
  const { body } = await transport.stream({ url, timeout: 1_000 });
  let text = '';
  for await (const piece of body) text += Buffer.from(piece).toString();
  expect(text).toBe('x'.repeat(12));
  expect(activity.list()[0]).toMatchObject({ state: 'done', result: expect.stringContaining('12 bytes') });
});

test('a stream that stops is a timeout; one that is left early ends in Activity', async () => {
  const { url } = await server((_, response) => {
    response.writeHead(200);
    response.write('one piece');
    return undefined;
  });
  const { transport, activity } = httpWorld();
  const stuck = await transport.stream({ url, timeout: 100 });
  const failure = await failureOf(
    (async () => {
      for await (const _ of stuck.body);
    })(),
  );
  expect(failure.code).toBe('timeout');
  const left = await transport.stream({ url, timeout: 5_000 });
  for await (const _ of left.body) break;
  expect(activity.list().map(({ state }) => state)).toEqual(['failed', 'done']);
});

test.each([
  ['closes at once', ''],
  ['closes within the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ['closes half way', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ['closes within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\nhalf'],
])('a server that %s is a reset', async (_, text) => {
  const { url } = await socketServer((socket) => socket.once('data', () => socket.end(text)));
  expect((await failureOf(httpWorld().transport.read({ url }))).code).toBe('reset');
});

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a broken encoding', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd'],
])('%s is garbled', async (_, text) => {
  const { url } = await socketServer((socket) => socket.once('data', () => socket.end(text)));
  expect((await failureOf(httpWorld().transport.read({ url }))).code).toBe('garbled');
});

test('an answer that is too long is not taken, packed or not', async () => {
  const { url } = await server(() => ({ body: 'x'.repeat(2_000) }));
  const failure = await failureOf(httpWorld().transport.read({ url, maxBytes: 1_000 }));
  expect(failure).toMatchObject({ code: 'too-large', saw: 'the answer is longer than 1000 bytes' });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('an answer packed with %s is unpacked, and counts as long as it is then', async (encoding, pack) => {
  const body = pack('x'.repeat(2_000));
  const { url } = await server(() => ({ headers: { 'content-encoding': encoding }, body }));
  const answer = await httpWorld().transport.read({ url, maxBytes: 2_000 });
  expect(Buffer.from(answer.body).toString()).toBe('x'.repeat(2_000));
  const failure = await failureOf(httpWorld().transport.read({ url, maxBytes: 1_000 }));
  expect(failure.code).toBe('too-large');
});

test('an abort is prompt and stays an abort, whatever the reason', async () => {
  const { url } = await socketServer(() => undefined);
  const { transport, activity } = httpWorld(60_000);
  const controller = new AbortController();
  const call = transport.read({ url, signal: controller.signal });
  await expect.poll(() => activity.list().length).toBe(1);
  controller.abort(new Error('another reason'));
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(activity.list()[0]).toMatchObject({ state: 'failed', result: 'stopped' });
  await expect(transport.read({ url, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(activity.list()).toHaveLength(1);
});

test('a redirect of the same origin keeps the token', async () => {
  const { url, asked } = await server(({ path }) =>
    path === '/old' ? { status: 301, headers: { location: '/new?x=1' } } : { body: { ok: true } },
  );
  const answer = await httpWorld().transport.read({
    url: `${url}/old`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.url).toBe(`${url}/new?x=1`);
  expect(asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/old', `Bearer ${token}`],
    ['/new?x=1', `Bearer ${token}`],
  ]);
});

test('a token does not follow a redirect to another origin, nor back from there', async () => {
  const foreign = await server(() => ({ status: 302, headers: { location: `${home.url}/end` } }));
  const home = await server(({ path }) =>
    path === '/end' ? { body: 'end' } : { status: 302, headers: { location: `${foreign.url}/x` } },
  );
  await httpWorld().transport.read({
    url: `${home.url}/start`,
    headers: {
      authorization: `Bearer ${token}`,
      'private-token': token,
      cookie: token,
      'x-any': token,
      accept: 'text/plain',
    },
  });
  expect(foreign.asked).toHaveLength(1);
  expect(everything(foreign.asked)).not.toContain(token);
  expect(foreign.asked[0]?.headers.accept).toBe('text/plain');
  expect(everything(home.asked[1])).not.toContain(token);
});

test('a name and password in the address of a redirect are neither sent nor shown', async () => {
  const { url, asked } = await server(({ path }) =>
    path === '/end'
      ? { body: 'end' }
      : { status: 302, headers: { location: `${url.replace('//', `//user:${token}@`)}/end` } },
  );
  const { transport, activity } = httpWorld();
  const answer = await transport.read({ url: `${url}/start` });
  expect(answer.url).toBe(`${url}/end`);
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  expect(everything(activity.list())).not.toContain(token);
});

test('redirects end after five, and only at web addresses', async () => {
  const round = await server(() => ({ status: 302, headers: { location: '/again' } }));
  const endless = await failureOf(httpWorld().transport.read({ url: round.url }));
  expect(endless.code).toBe('redirect');
  expect(round.asked).toHaveLength(6);
  const odd = await server(() => ({ status: 302, headers: { location: 'file:///etc/passwd' } }));
  expect((await failureOf(httpWorld().transport.read({ url: odd.url }))).code).toBe('redirect');
});

test('a query by POST stays one on 307 and becomes a GET on 302', async () => {
  const { url, asked } = await server(({ path }) =>
    path === '/end'
      ? { body: 'end' }
      : { status: path === '/307' ? 307 : 302, headers: { location: '/end' } },
  );
  const { transport } = httpWorld();
  for (const path of ['/307', '/302']) await transport.read({ method: 'POST', url: url + path, body: '{}' });
  expect(asked.map(({ method, body }) => method + body)).toEqual(['POST{}', 'POST{}', 'POST{}', 'GET']);
});

test.each(['DELETE', 'POST', 'PUT', 'PATCH'] as const)('%s brings its whole body', async (method) => {
  const { url, asked } = await server(() => ({ status: 204 }));
  const request = { method, url, body: '{"key": "ü"}' };
  await httpWorld().transport.write(openGrant('test'), request);
  expect(asked).toMatchObject([{ method, body: request.body, headers: { 'content-length': '13' } }]);
});

test('a write needs an open grant and follows no redirect', async () => {
  const { url, asked } = await server(() => ({ status: 307, headers: { location: '/elsewhere' } }));
  const { transport } = httpWorld();
  const grant = openGrant('test');
  expect((await transport.write(grant, { method: 'POST', url, body: 'x' })).status).toBe(307);
  grant.close();
  const spent = await failureOf(transport.write(grant, { method: 'POST', url, body: 'x' }));
  expect(spent.code).toBe('no-grant');
  expect(asked).toHaveLength(1);
});

test('a write whose answer is lost says that it may have been done', async () => {
  const { url } = await socketServer((socket) => socket.once('data', () => socket.end()));
  const failure = await failureOf(httpWorld().transport.write(openGrant('test'), { method: 'POST', url }));
  expect(failure.next[0]).toContain('may have been done');
});

test('what cannot be sent says so without the token', async () => {
  const { transport, activity } = httpWorld();
  const url = 'http://127.0.0.1:1/';
  for (const request of [
    { url, headers: { authorization: `Bearer ${token}\nx` } },
    { url: `http://user:${token}@127.0.0.1/` },
    { url: 'ftp://127.0.0.1/' },
  ]) {
    const failure = await failureOf(transport.read(request));
    expect(failure).toBeInstanceOf(NeedsUser);
    expect(failure.code).toBe('bad-request');
    expect(everything(failure)).not.toContain(token);
  }
  expect(everything(activity.list())).not.toContain(token);
});

test('no failure shows a token', async () => {
  const port = await closedPort();
  const silent = await socketServer(() => undefined);
  const cut = await socketServer((socket) => socket.once('data', () => socket.destroy()));
  const { transport, activity } = httpWorld();
  for (const url of [`http://127.0.0.1:${port}/`, silent.url, cut.url, 'http://nohost.invalid/']) {
    const headers = { authorization: `Bearer ${token}`, 'private-token': token };
    const failure = await failureOf(transport.read({ url, headers, timeout: 100 }));
    expect(everything(failure)).not.toContain(token);
  }
  expect(everything(activity.list())).not.toContain(token);
});

test.each([
  ['self-signed', { host: '127.0.0.1' }, false, /self-signed/],
  ['expired', { host: '127.0.0.1', expired: true }, true, /has expired/],
  ['for another host', { host: 'elsewhere.example' }, true, /another host/],
])('a certificate that is %s', async (_, options, isTrusted, saw) => {
  const certificate = selfSigned(options);
  const tls = createTlsServer(certificate, (_request, response) => response.end('ok'));
  const port = await listen(tls);
  cleanups.push(() => tls.close());
  if (isTrusted) {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, certificate.cert]);
    cleanups.push(() => setDefaultCACertificates(before));
  }
  const failure = await failureOf(httpWorld().transport.read({ url: `https://127.0.0.1:${port}/` }));
  expect(failure).toMatchObject({ code: 'tls', saw: expect.stringMatching(saw) });
  if (!isTrusted) expect(failure.next[0]).toContain('NODE_EXTRA_CA_CERTS');
});

test('https to a server of plain http', async () => {
  const { url } = await server(() => ({ body: 'ok' }));
  const failure = await failureOf(httpWorld().transport.read({ url: url.replace('http:', 'https:') }));
  expect(failure).toMatchObject({ code: 'tls', saw: 'the server does not speak TLS there' });
});
