import { afterEach, expect, test } from 'vitest';
import { failureOf } from '../http/world.ts';
import { type GitLabWorld, gitlabWorld, token } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

const self = 'GET /api/v4/personal_access_tokens/self';
const user = { body: { id: 1, username: 'ada', name: 'Ada' } };
const noPersonal = {
  status: 400,
  body: { message: '400 Bad request - This endpoint requires token type to be a personal access token' },
};

test('a personal access token tells its scopes and its end', async () => {
  world = await gitlabWorld({
    [self]: {
      body: {
        id: 1,
        name: 'laptop',
        revoked: false,
        active: true,
        scopes: ['read_api'],
        expires_at: '2027-01-31',
        user_id: 1,
      },
    },
    'GET /api/v4/user': user,
  });
  expect(await world.gitlab.token()).toEqual({
    kind: 'personal',
    name: 'laptop',
    scopes: ['read_api'],
    expiresAt: '2027-01-31',
    user: 'ada',
  });
});

test('a token that may not see its user is still one', async () => {
  world = await gitlabWorld({
    [self]: { body: { name: 'ci', scopes: ['read_registry'], expires_at: null } },
    'GET /api/v4/user': {
      status: 403,
      body: { error: 'insufficient_scope', scope: 'api read_user read_api' },
    },
  });
  expect(await world.gitlab.token()).toEqual({ kind: 'personal', name: 'ci', scopes: ['read_registry'] });
});

test('an OAuth token is asked about elsewhere; its end is counted by the server', async () => {
  const serverNow = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
  const headers = { date: new Date(serverNow).toUTCString() };
  world = await gitlabWorld({
    [self]: { ...noPersonal, headers },
    'GET /oauth/token/info': { body: { resource_owner_id: 1, scope: ['api'], expires_in: 7200 }, headers },
    'GET /api/v4/user': { ...user, headers },
  });
  const { expiresAt = '', ...rest } = await world.gitlab.token();
  expect(rest).toEqual({ kind: 'oauth', scopes: ['api'], user: 'ada' });
  expect(Math.abs(Date.parse(expiresAt) - serverNow - 7_200_000)).toBeLessThan(5_000);
});

test('a fine-grained token has no scopes, whether or not it may look at itself', async () => {
  world = await gitlabWorld({
    [self]: [
      { body: { name: 'fine', scopes: ['granular'], granular: true, expires_at: null } },
      {
        status: 403,
        body: {
          error: 'insufficient_granular_scope',
          error_description: 'lacks [Personal Access Token: Read]',
        },
      },
    ],
    'GET /api/v4/user': {
      status: 403,
      body: { error: 'insufficient_granular_scope', error_description: 'lacks [User: Read]' },
    },
  });
  expect(await world.gitlab.token()).toEqual({ kind: 'fine-grained', name: 'fine' });
  expect(await world.gitlab.token()).toEqual({ kind: 'fine-grained' });
});

test('a server older than the routes tells the user alone', async () => {
  world = await gitlabWorld({
    [self]: { status: 404, body: { error: '404 Not Found' } },
    'GET /api/v4/user': user,
  });
  expect(await world.gitlab.token()).toEqual({ kind: 'unknown', user: 'ada' });
});

test('a job token goes in its own header and tells its job', async () => {
  world = await gitlabWorld(
    { 'GET /api/v4/job': { body: { id: 5, name: 'build', user: { username: 'ada' } } } },
    { tokenKind: 'job' },
  );
  expect(await world.gitlab.token()).toEqual({ kind: 'job', name: 'build', user: 'ada' });
  expect(world.server.asked[0]?.headers).toMatchObject({ 'job-token': token });
  expect(world.server.asked[0]?.headers.authorization).toBeUndefined();
});

test('an expired token is the user’s to renew', async () => {
  world = await gitlabWorld({
    [self]: { status: 401, body: { error: 'invalid_token', error_description: 'Token is expired.' } },
  });
  expect(await failureOf(world.gitlab.token())).toMatchObject({
    kind: 'needs-user',
    code: 'token-expired',
    status: 401,
  });
});
