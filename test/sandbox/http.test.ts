import { afterEach, expect, test } from 'vitest';
import { createWorldClock } from '../../source/sandbox/clock.ts';
import { AnswerError, json, parseJson, text } from '../../source/sandbox/http/answer.ts';
import { createRouter } from '../../source/sandbox/http/router.ts';
import { type HttpServer, startHttpServer } from '../../source/sandbox/http/server.ts';

const router = createRouter<undefined>([
  { method: 'GET', pattern: '/projects/:id/files/*path', handle: ({ params }) => json(params) },
  { method: 'POST', pattern: '/projects/:id', handle: (request) => json(parseJson(request), 201) },
  {
    method: 'GET',
    pattern: '/log',
    handle: () => ({
      status: 200,
      body: (async function* () {
        yield Buffer.from('one ');
        yield Buffer.from('two');
      })(),
    }),
  },
  {
    method: 'GET',
    pattern: '/refused',
    handle: () => {
      throw new AnswerError(json({ message: '403 Forbidden' }, 403));
    },
  },
]);

let server: HttpServer | undefined;
afterEach(() => server?.stop());

async function serve(maxBytes?: number): Promise<string> {
  server = await startHttpServer({
    ...(maxBytes === undefined ? {} : { maxBytes }),
    headers: () => ({ Date: 'Thu, 29 Jan 2026 00:00:00 GMT' }),
    handle: (request) => {
      const found = router.match(request.method, request.path);
      if ('otherMethods' in found) return text('no', found.otherMethods.length > 0 ? 405 : 404);
      return found.route.handle({ ...request, params: found.params }, undefined);
    },
  });
  return server.url;
}

test('paths are split before they are decoded', async () => {
  const url = await serve();
  const answer = await fetch(`${url}/projects/a%2Fb/files/x/y%2Fz`);
  expect(await answer.json()).toEqual({ id: 'a/b', path: 'x/y/z' });
  expect(answer.headers.get('date')).toBe('Thu, 29 Jan 2026 00:00:00 GMT');
});

test('bodies go in and out, whole and in pieces', async () => {
  const url = await serve();
  const made = await fetch(`${url}/projects/1`, { method: 'POST', body: '{"a":[1]}' });
  expect([made.status, await made.json()]).toEqual([201, { a: [1] }]);
  expect(await (await fetch(`${url}/log`)).text()).toBe('one two');
  const head = await fetch(`${url}/projects/1/files/f`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '21', '']);
});

test('other methods, unknown paths, thrown answers and long bodies are told apart', async () => {
  const url = await serve(4);
  expect((await fetch(`${url}/projects/1`)).status).toBe(405);
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  expect((await fetch(`${url}/refused`)).status).toBe(403);
  expect((await fetch(`${url}/projects/1`, { method: 'POST', body: '[1,2,3]' })).status).toBe(413);
});

test('the world runs as fast as it is told, and its timers in the order of their times', async () => {
  const clock = createWorldClock({ speed: 10_000, startAt: 1_000_000 });
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    clock.at(1_000_000 + 500_000, () => {
      seen.push('last');
      resolve();
    });
    clock.at(1_000_000 + 100_000, () => seen.push('first'));
    clock.at(1_000_000 + 200_000, () => seen.push('canceled'))();
  });
  expect(seen).toEqual(['first', 'last']);
  expect(clock.now()).toBeGreaterThanOrEqual(1_500_000);
  clock.stop();
});
