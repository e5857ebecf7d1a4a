import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isAbort } from '../../../source/core/failure.ts';
import { Secret } from '../../../source/core/secret.ts';
import { createActivity } from '../../../source/services/activity.ts';
import { createTransport } from '../../../source/services/http/transport.ts';
import { parseChallenge } from '../../../source/services/registry/bearer.ts';
import { connectRegistry } from '../../../source/services/registry/connect.ts';
import { parseImage } from '../../../source/services/registry/reference.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A registry on a real socket; gives its `host:port`. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const activity = createActivity({ now: () => 0, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });
const anybody = connectRegistry({ transport });

const manifest = JSON.stringify({ schemaVersion: 2 });
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
const type = 'application/vnd.oci.image.index.v1+json';

test('a tag resolves to the digest of its header', async () => {
  const host = await serve((request, response) => {
    expect(request.method).toBe('HEAD');
    expect(request.url).toBe('/v2/group/app/manifests/v1-amd64');
    expect(request.headers.accept).toContain('manifest.list.v2+json');
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'docker-content-digest': digest,
      'content-length': 1234,
    });
    response.end();
  });
  expect(await anybody.resolve(`${host}/group/app:v1-amd64`)).toEqual({
    value: { digest, mediaType: type, size: 1234 },
  });
});

test('without the header the manifest is read and hashed', async () => {
  const host = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(manifest),
  );
  expect(await anybody.resolve(`${host}/app@${digest}`)).toEqual({
    value: { digest, mediaType: type, size: manifest.length },
  });
});

test('a digest that is another than asked for', async () => {
  const other = `sha256:${'0'.repeat(64)}`;
  const host = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': type, 'docker-content-digest': other }).end(),
  );
  expect(await anybody.resolve(`${host}/app@${digest}`)).toMatchObject({
    failure: { kind: 'bug', code: 'digest-mismatch' },
  });
});

test('tags of all pages, in the order of the registry', async () => {
  const host = await serve((request, response) => {
    expect(request.url).toMatch(/^\/v2\/app\/tags\/list\?/);
    const isLast = request.url?.includes('last=b');
    if (!isLast) response.setHeader('link', '</v2/app/tags/list?n=1000&last=b>; rel="next"');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: 'app', tags: isLast ? ['c'] : ['a', 'b\u001b[31m'] }));
  });
  expect(await anybody.tags(`${host}/app`)).toEqual(['a', 'b', 'c']);
});

test('a next page of another host is not asked for, and one that never ends is given up', async () => {
  const host = await serve((_request, response) => {
    response.setHeader('link', '<http://127.0.0.2:1/v2/app/tags/list>; rel="next"');
    response.end('{"tags":["a"]}');
  });
  expect(await anybody.tags(`${host}/app`)).toEqual(['a']);
  const endless = await serve((_request, response) => {
    response.setHeader('link', '</v2/app/tags/list?n=1>; rel="next"');
    response.end('{"tags":null}');
  });
  await expect(anybody.tags(`${endless}/app`)).rejects.toMatchObject({ code: 'too-many' });
});

/** A registry that wants a bearer of its realm, and a log of what it was sent. */
async function withRealm(realm?: string) {
  const log: string[] = [];
  const host: string = await serve((request, response) => {
    const { authorization } = request.headers;
    log.push(`${request.method} ${request.url} ${authorization ?? 'nobody'}`);
    if (request.url?.startsWith('/token')) response.end(JSON.stringify({ token: 'sesame' }));
    else if (authorization === 'Bearer sesame') response.end('{"tags":["a"]}');
    else
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${realm ?? `http://${host}/token`}",service="registry",scope="repository:app:pull"`,
        })
        .end('{"errors":[]}');
  });
  return { host, log };
}

test('a bearer is fetched as anybody', async () => {
  const { host, log } = await withRealm();
  expect(await anybody.tags(`${host}/app`)).toEqual(['a']);
  expect(log).toEqual([
    'GET /v2/app/tags/list?n=1000 nobody',
    'GET /token?scope=repository%3Aapp%3Apull&service=registry nobody',
    'GET /v2/app/tags/list?n=1000 Bearer sesame',
  ]);
});

test('a login goes to the realm, not to the registry', async () => {
  const { host, log } = await withRealm();
  const asked: string[] = [];
  const registry = connectRegistry({
    transport,
    credentials(name) {
      asked.push(name);
      return { username: 'me', password: new Secret('hunter2') };
    },
  });
  expect(await registry.tags(`${host}/app`)).toEqual(['a']);
  expect(asked).toEqual([host]);
  const basic = Buffer.from('me:hunter2').toString('base64');
  expect(log.filter((line) => line.endsWith(`Basic ${basic}`))).toEqual([
    `GET /token?scope=repository%3Aapp%3Apull&service=registry Basic ${basic}`,
  ]);
});

test('a login does not go to a realm of another domain', async () => {
  const elsewhere: (string | undefined)[] = [];
  const foreign = await serve((request, response) => {
    elsewhere.push(request.headers.authorization);
    response.writeHead(403).end('no');
  });
  const { host } = await withRealm(`http://localhost:${foreign.split(':')[1]}/token`);
  const credentials = () => ({ username: 'me', password: new Secret('hunter2') });
  const registry = connectRegistry({ transport, credentials });
  await expect(registry.tags(`${host}/app`)).rejects.toMatchObject({ code: 'login-wanted' });
  expect(elsewhere).toEqual([undefined]);
});

test.each([
  ['no realm', 'Bearer service="x"', 'bad-realm'],
  ['a realm that is no address', 'Bearer realm="file:///etc/passwd"', 'bad-realm'],
  ['basic without a login', 'Basic realm="x"', 'login-wanted'],
  ['another scheme', 'Negotiate', 'login-wanted'],
])('%s', async (_name, header, code) => {
  const host = await serve((_request, response) =>
    response.writeHead(401, { 'www-authenticate': header }).end(),
  );
  await expect(anybody.tags(`${host}/app`)).rejects.toMatchObject({ kind: 'needs-user', code });
});

test.each([
  [404, 'application/json', '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', 'no-such-image'],
  [403, 'application/json', '{}', 'login-wanted'],
  [200, 'text/html', '<title>Sign in</title>', 'not-a-registry'],
  [502, 'text/html', '<title>Bad gateway</title>', 'server-error'],
  [429, 'application/json', '{}', 'rate-limited'],
  [418, 'text/plain', 'teapot', 'rejected'],
])('%i %s is a failure of the part', async (status, contentType, body, code) => {
  const host = await serve((_request, response) =>
    response.writeHead(status, { 'content-type': contentType, 'retry-after': '60' }).end(body),
  );
  expect(await anybody.resolve(`${host}/app:v1`)).toMatchObject({ failure: { code } });
});

test('another JSON instead of tags, and an abort', async () => {
  const host = await serve((_request, response) => response.end('[]'));
  await expect(anybody.tags(`${host}/app`)).rejects.toMatchObject({ code: 'unexpected-shape' });
  const silent = await serve(() => {});
  const controller = new AbortController();
  const looking = anybody.resolve(`${silent}/app:v1`, controller.signal);
  controller.abort();
  expect(await looking.then(() => undefined, isAbort)).toBe(true);
});

test.each([
  ['registry.gitlab.com/a/b/c:v1-amd64', 'https://registry.gitlab.com', 'a/b/c', 'v1-amd64'],
  ['registry.gitlab.com/a/b', 'https://registry.gitlab.com', 'a/b', 'latest'],
  ['alpine', 'https://registry-1.docker.io', 'library/alpine', 'latest'],
  ['nixos/nix:latest', 'https://registry-1.docker.io', 'nixos/nix', 'latest'],
  ['docker.io/library/alpine:3', 'https://registry-1.docker.io', 'library/alpine', '3'],
  ['localhost:5000/app:x', 'http://localhost:5000', 'app', 'x'],
  ['example.com:5000/app', 'https://example.com:5000', 'app', 'latest'],
  [`a/b:x@${digest}`, 'https://registry-1.docker.io', 'a/b', digest],
])('%s', (image, origin, repository, reference) => {
  expect(parseImage(image)).toEqual({ origin, repository, reference });
});

test.each([
  '',
  'Upper/case',
  'a b',
  'x.y/../z',
  'x.y/a:',
  'x.y/a@sha256:12',
  'x.y/a?b',
  '$CI_REGISTRY_IMAGE:x',
  'u:p@x.y/a',
])('"%s" is no image', async (image) => {
  expect(() => parseImage(image)).toThrow(/it is not written as/);
  expect(await anybody.resolve(image)).toMatchObject({ failure: { code: 'bad-image' } });
});

test('challenges', () => {
  expect(parseChallenge('bearer realm="https://a/b",service="c d",error="x"')).toEqual({
    scheme: 'bearer',
    parameters: { realm: 'https://a/b', service: 'c d', error: 'x' },
  });
  expect(parseChallenge(null)).toBeUndefined();
  expect(parseChallenge('Digest x="y"')).toBeUndefined();
});
