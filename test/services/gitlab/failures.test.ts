import { afterEach, expect, test } from 'vitest';
import { Secret } from '../../../source/core/secret.ts';
import { openGrant } from '../../../source/services/grant.ts';
import type { Reply } from '../http/server.ts';
import { closedPort, serve } from '../http/server.ts';
import { everything, failureOf } from '../http/world.ts';
import { api, type GitLabWorld, gitlabWorld, type Routes, token } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

async function pipelinesWith(reply: Reply | readonly Reply[]) {
  world = await gitlabWorld({ [`GET ${api}/pipelines`]: reply });
  return failureOf(world.gitlab.pipelines({ limit: 5 }));
}

const html = { 'content-type': 'text/html; charset=utf-8' };
const invalid = (description: string): Reply => ({
  status: 401,
  body: { error: 'invalid_token', error_description: description },
});

test.each<[string, Reply, string, string, RegExp]>([
  [
    'expired',
    invalid('Token is expired. You can either do re-authorization or token refresh.'),
    'needs-user',
    'token-expired',
    /or token refresh$/,
  ],
  [
    'revoked',
    invalid('Token was revoked. You have to re-authorize from the user.'),
    'needs-user',
    'token-revoked',
    /revoked/,
  ],
  [
    'invalid',
    { status: 401, body: { message: '401 Unauthorized' } },
    'needs-user',
    'token-invalid',
    /^401 Unauthorized$/,
  ],
  [
    'without scope',
    {
      status: 403,
      body: {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges.',
        scope: 'api read_api',
      },
    },
    'needs-user',
    'missing-scope',
    /needs the scope api or read_api/,
  ],
  [
    'without grain',
    {
      status: 403,
      body: { error: 'insufficient_granular_scope', error_description: 'It lacks [Pipeline: Read]' },
    },
    'needs-user',
    'missing-scope',
    /Pipeline: Read/,
  ],
  [
    'without role',
    { status: 403, body: { message: '403 Forbidden' } },
    'needs-user',
    'forbidden',
    /403 Forbidden/,
  ],
  [
    'not found',
    { status: 404, body: { message: '404 Not found' } },
    'needs-user',
    'not-found',
    /404 Not found/,
  ],
  [
    'bad query',
    { status: 400, body: { message: { status: ['is invalid', 'is odd'] } } },
    'refused',
    'rejected',
    /400 status is invalid, status is odd/,
  ],
  [
    'sign-in page',
    { status: 200, headers: html, body: '<html><title>Sign in · SSO</title>' },
    'needs-user',
    'not-an-api',
    /"Sign in · SSO"/,
  ],
  [
    'half JSON',
    { status: 200, body: '[{"id": 1, "na' },
    'unavailable',
    'malformed-json',
    /broken JSON of 14 bytes/,
  ],
  ['nothing', { status: 200, body: '' }, 'unavailable', 'empty-answer', /200 with an empty body/],
  [
    'another shape',
    { body: [{ id: 'one' }] },
    'bug',
    'unexpected-shape',
    /0\.id: .*expected number, received string/,
  ],
  ['an object for a list', { body: { message: 'hello' } }, 'bug', 'unexpected-shape', /expected array/],
  ['a bare number', { body: '17' }, 'bug', 'unexpected-shape', /a number/],
])('%s', async (_, reply, kind, code, saw) => {
  const failure = await pipelinesWith(reply);
  expect(failure).toMatchObject({ kind, code, saw: expect.stringMatching(saw) });
  expect(failure.tried).toContain('pipelines');
  expect(failure.next.every((step) => step.length > 10)).toBe(true);
  expect(everything(failure)).not.toContain(token);
  expect(everything(world?.activity.list())).not.toContain(token);
});

test.each<[string, Reply, string, RegExp]>([
  [
    '500 JSON',
    { status: 500, body: { message: '500 Internal Server Error' } },
    'server-error',
    /500 Internal/,
  ],
  [
    '502 HTML',
    { status: 502, headers: html, body: '<html><title>502 Bad Gateway</title>' },
    'server-error',
    /Bad Gateway/,
  ],
  ['503 empty', { status: 503 }, 'server-error', /^503$/],
  ['429 JSON', { status: 429, body: { message: { error: 'Too many' } } }, 'rate-limited', /429 Too many/],
  [
    '429 plain',
    { status: 429, headers: { 'content-type': 'text/plain' }, body: 'Retry later\n' },
    'rate-limited',
    /429 Retry later/,
  ],
])('%s is tried three times', async (_, reply, code, saw) => {
  const failure = await pipelinesWith(reply);
  expect(failure).toMatchObject({ kind: 'unavailable', code, saw: expect.stringMatching(saw) });
  expect(world?.asked()).toHaveLength(3);
});

test('a 500 that passes is not seen', async () => {
  world = await gitlabWorld({ [`GET ${api}/pipelines`]: [{ status: 500 }, { status: 502 }, { body: [] }] });
  expect(await world.gitlab.pipelines({ limit: 5 })).toEqual([]);
  expect(world.asked()).toHaveLength(3);
});

test.each<[string, Record<string, string>, number]>([
  ['seconds', { 'retry-after': '120' }, 120_000],
  [
    'a date',
    { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 12:05:00 GMT' },
    300_000,
  ],
  ['RateLimit-Reset', { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'ratelimit-reset': '1795521900' }, 300_000],
])('a long Retry-After (%s) fails at once and says when', async (_, headers, retryAfter) => {
  const failure = await pipelinesWith({ status: 429, headers, body: 'Retry later' });
  expect(failure).toMatchObject({ code: 'rate-limited', retryAfter });
  expect(world?.asked()).toHaveLength(1);
});

test('a short Retry-After is waited for', async () => {
  world = await gitlabWorld({
    [`GET ${api}/pipelines`]: [
      { status: 429, headers: { 'retry-after': '1' }, body: 'Retry later' },
      { body: [] },
    ],
  });
  const start = Date.now();
  await world.gitlab.pipelines({ limit: 5 });
  expect(Date.now() - start).toBeGreaterThanOrEqual(990);
});

test('an abort ends the pause between tries', async () => {
  world = await gitlabWorld({ [`GET ${api}/pipelines`]: { status: 503, headers: { 'retry-after': '9' } } });
  const { gitlab, activity } = world;
  const controller = new AbortController();
  const call = gitlab.pipelines({ limit: 5 }, controller.signal);
  await expect.poll(() => activity.list().filter(({ state }) => state === 'failed').length).toBe(1);
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test('a refused port', async () => {
  world = await gitlabWorld({}, { server: `http://127.0.0.1:${await closedPort()}` });
  expect(await failureOf(world.gitlab.project())).toMatchObject({ kind: 'unavailable', code: 'refused' });
  expect(world.activity.list()).toHaveLength(3);
});

test('an unknown host name is not tried again', async () => {
  world = await gitlabWorld({}, { server: 'https://nohost.invalid' });
  expect(await failureOf(world.gitlab.project())).toMatchObject({ kind: 'unavailable', code: 'dns' });
  expect(world.activity.list()).toHaveLength(1);
});

test('a redirect to a foreign origin gets no token', async () => {
  const foreign = await serve(() => ({ headers: html, body: '<!doctype html><title>Log in</title>' }));
  world = await gitlabWorld({
    [`GET ${api}/pipelines`]: { status: 302, headers: { location: `${foreign.url}/login` } },
  });
  const failure = await failureOf(world.gitlab.pipelines({ limit: 5 }));
  await foreign.close();
  expect(failure.code).toBe('not-an-api');
  expect(foreign.asked).toHaveLength(1);
  expect(everything(foreign.asked)).not.toContain(token);
});

test('a project that is not found, or not seen, says both', async () => {
  world = await gitlabWorld({
    'GET /api/v4/projects/tinyland%2Fai%2Fhuskycat': {
      status: 404,
      body: { message: '404 Project Not Found' },
    },
  });
  const failure = await failureOf(world.gitlab.variables());
  expect(failure).toMatchObject({ code: 'not-found', saw: '404 Project Not Found' });
  expect(failure.next[0]).toContain('may not see it');
});

test('without a token, a refusal asks for one', async () => {
  world = await gitlabWorld(
    { [`GET ${api}/pipelines`]: { status: 401, body: { message: '401 Unauthorized' } } },
    { token: undefined },
  );
  expect((await failureOf(world.gitlab.pipelines({ limit: 1 }))).code).toBe('no-token');
  expect((await failureOf(world.gitlab.token())).code).toBe('no-token');
  expect(world.server.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

test('escape sequences of a server do not reach a message, nor does the token it echoes', async () => {
  const failure = await pipelinesWith({
    status: 400,
    body: { message: `\u001B]0;owned\u0007bad \u202Etoken ${token}` },
  });
  expect(failure.saw).toBe('400 bad token [MASKED]');
});

test.each<[string, Reply, string]>([
  ['502', { status: 502, body: 'bad gateway' }, 'server-error'],
  ['429', { status: 429, body: 'Retry later' }, 'rate-limited'],
  ['500 HTML', { status: 500, headers: html, body: '<html>' }, 'server-error'],
  ['redirect', { status: 302, headers: { location: '/elsewhere' } }, 'moved'],
])('a write is sent exactly once, also on %s', async (_, reply, code) => {
  world = await gitlabWorld({ [`POST ${api}/jobs/5/retry`]: reply });
  expect((await failureOf(world.gitlab.retryJob(openGrant('test'), 5))).code).toBe(code);
  expect(world.asked()).toEqual([`POST ${api}/jobs/5/retry`]);
});

test('a write whose connection breaks is sent once', async () => {
  const asked: string[] = [];
  const server = await serve(({ method, path }, response) => {
    if (method === 'GET')
      return { body: { ...{ id: 7, path_with_namespace: 'a/b', web_url: 'https://x/a/b' } } };
    asked.push(`${method} ${path}`);
    response.destroy();
    return undefined;
  });
  world = await gitlabWorld({}, { server: server.url });
  const failure = await failureOf(world.gitlab.cancelPipeline(openGrant('test'), 9));
  await server.close();
  expect(failure).toMatchObject({ kind: 'unavailable', code: 'reset' });
  expect(failure.next[0]).toContain('may have been done');
  expect(asked).toEqual([`POST ${api}/pipelines/9/cancel`]);
});

test('what GitLab does not do is refused in its words', async () => {
  world = await gitlabWorld({
    [`POST ${api}/jobs/5/retry`]: { status: 403, body: { message: '403 Forbidden - Job is not retryable' } },
  });
  expect(await failureOf(world.gitlab.retryJob(openGrant('test'), 5))).toMatchObject({
    kind: 'refused',
    code: 'rejected',
    saw: '403 Forbidden - Job is not retryable',
  });
});

test('a spent grant sends nothing', async () => {
  world = await gitlabWorld({} satisfies Routes);
  const grant = openGrant('test');
  grant.close();
  expect((await failureOf(world.gitlab.retryJob(grant, 5))).code).toBe('no-grant');
  expect(world.asked()).toEqual([]);
});

test('a token with a line break is not sent, and not shown', async () => {
  world = await gitlabWorld({}, { token: new Secret(`${token}\nx`) });
  const failure = await failureOf(world.gitlab.project());
  expect(failure.code).toBe('bad-request');
  expect(everything(failure)).not.toContain(token);
  expect(world.server.asked).toEqual([]);
});
