import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { serve } from '../http/server.ts';
import { failureOf } from '../http/world.ts';
import { api, type GitLabWorld, gitlabWorld, projectRow } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}

test('the log from a byte on', async () => {
  world = await gitlabWorld({
    [`GET ${api}/jobs/5/trace`]: { headers: { 'content-type': 'text/plain' }, body: 'häl\u001B[0Klo' },
  });
  const { gitlab } = world;
  expect(await text(await gitlab.trace(5, 0))).toBe('häl\u001B[0Klo');
  expect(await text(await gitlab.trace(5, 3))).toBe('l\u001B[0Klo');
  expect(await text(await gitlab.trace(5, 10))).toBe('');
  expect(await text(await gitlab.trace(5, 99))).toBe('');
});

test('an empty log is an empty log', async () => {
  world = await gitlabWorld({
    [`GET ${api}/jobs/5/trace`]: { headers: { 'content-type': 'text/plain' }, body: '' },
  });
  expect(await text(await world.gitlab.trace(5, 0))).toBe('');
});

test('refusals, sign-in pages and passing errors', async () => {
  const page = { headers: { 'content-type': 'text/html' }, body: '<html>' };
  world = await gitlabWorld({
    [`GET ${api}/jobs/5/trace`]: { status: 403, body: { message: '403 Forbidden' } },
    [`GET ${api}/jobs/6/trace`]: page,
    [`GET ${api}/jobs/7/trace`]: [
      { status: 502, ...page },
      { headers: { 'content-type': 'text/plain' }, body: 'log' },
    ],
  });
  const { gitlab } = world;
  expect(await failureOf(gitlab.trace(5, 0))).toMatchObject({
    code: 'forbidden',
    saw: expect.stringContaining('Developer'),
  });
  expect((await failureOf(gitlab.trace(6, 0))).code).toBe('not-an-api');
  expect(await text(await gitlab.trace(7, 0))).toBe('log');
});

test('a log of 100 MB passes through without being held', async () => {
  const piece = Buffer.alloc(1024 * 1024, 'x');
  const server = await serve(({ path }, response) => {
    if (!path.endsWith('/trace')) return { body: projectRow };
    response.writeHead(200, { 'content-type': 'text/plain' });
    void (async () => {
      for (let count = 0; count < 100; count++) if (!response.write(piece)) await once(response, 'drain');
      response.end('the end');
    })();
    return undefined;
  });
  world = await gitlabWorld({}, { server: server.url });
  let bytes = 0;
  let most = 0;
  for await (const one of await world.gitlab.trace(5, 0)) {
    bytes += one.length;
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  expect(bytes).toBe(100 * piece.length + 7);
  expect(most).toBeLessThan(100 * piece.length);
  expect(await text(await world.gitlab.trace(5, 100 * piece.length))).toBe('the end');
  await server.close();
});

test('a log is left in the middle without a word', async () => {
  const server = await serve(({ path }, response) => {
    if (!path.endsWith('/trace')) return { body: projectRow };
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first');
    return undefined;
  });
  world = await gitlabWorld({}, { server: server.url });
  const controller = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const one of await world.gitlab.trace(5, 0, controller.signal)) {
      seen.push(Buffer.from(one).toString());
      controller.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen).toEqual(['first']);
  await server.close();
});
