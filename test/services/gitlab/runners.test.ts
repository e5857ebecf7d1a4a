import { afterEach, expect, test } from 'vitest';
import { api, type GitLabWorld, gitlabWorld } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

const node = {
  id: 'gid://gitlab/Ci::Runner/4',
  description: 'honey',
  runnerType: 'GROUP_TYPE',
  status: 'ONLINE',
  paused: false,
  tagList: ['docker', 'nix'],
  runUntagged: true,
  accessLevel: 'REF_PROTECTED',
  locked: false,
  contactedAt: '2026-11-24T10:00:00Z',
  jobExecutionStatus: 'ACTIVE',
};

function page(nodes: readonly unknown[], endCursor?: string) {
  return {
    data: { project: { runners: { pageInfo: { hasNextPage: endCursor !== undefined, endCursor }, nodes } } },
  };
}

test('with their tags, by one GraphQL query a page', async () => {
  world = await gitlabWorld({
    'POST /api/graphql': [
      { body: page([node], 'c1') },
      { body: page([{ ...node, id: 'gid://gitlab/Ci::Runner/5', status: 'ODD' }]) },
    ],
  });
  const { runners, incomplete } = await world.gitlab.runners();
  expect(incomplete).toBeUndefined();
  expect(runners).toEqual([
    {
      id: 4,
      description: 'honey',
      kind: 'group',
      status: 'online',
      paused: false,
      tags: ['docker', 'nix'],
      runUntagged: true,
      protectedOnly: true,
      locked: false,
      busy: true,
      contactedAt: '2026-11-24T10:00:00.000Z',
    },
    expect.objectContaining({ id: 5, status: 'unknown' }),
  ]);
  const [first, second] = world.server.asked.filter(({ method }) => method === 'POST');
  expect(JSON.parse(first?.body ?? '').variables).toEqual({ path: 'tinyland/ai/huskycat', after: null });
  expect(JSON.parse(second?.body ?? '').variables.after).toBe('c1');
});

const row = {
  id: 4,
  description: 'honey',
  runner_type: 'project_type',
  is_shared: false,
  status: 'online',
  paused: false,
  active: true,
};

test.each([
  [
    'a field that the server does not know',
    { body: { errors: [{ message: "Field 'tagList' doesn't exist on type 'CiRunner'" }] } },
  ],
  ['a path that is blocked', { status: 404, body: 'not here' }],
  ['nothing to see', { body: page([]) }],
  ['no project to see', { body: { data: { project: null } } }],
])('over REST after %s', async (_, reply) => {
  world = await gitlabWorld({
    'POST /api/graphql': reply,
    [`GET ${api}/runners`]: { body: [row, { ...row, id: 5 }] },
    'GET /api/v4/runners/4': {
      body: {
        ...row,
        tag_list: ['nix'],
        run_untagged: false,
        access_level: 'not_protected',
        version: '18.1.0',
      },
    },
    'GET /api/v4/runners/5': { status: 403, body: { message: '403 Forbidden' } },
  });
  expect(await world.gitlab.runners()).toEqual({
    runners: [
      {
        id: 4,
        description: 'honey',
        kind: 'project',
        status: 'online',
        paused: false,
        active: true,
        tags: ['nix'],
        runUntagged: false,
        protectedOnly: false,
        version: '18.1.0',
      },
      { id: 5, description: 'honey', kind: 'project', status: 'online', paused: false, active: true },
    ],
    incomplete: 'tags of 1 of 2 runners need the role Maintainer',
  });
});

test('a role that sees none is a listing that says so', async () => {
  world = await gitlabWorld({
    'POST /api/graphql': { body: { data: { project: { runners: null } } } },
    [`GET ${api}/runners`]: { status: 403, body: { message: '403 Forbidden' } },
  });
  expect(await world.gitlab.runners()).toEqual({
    runners: [],
    incomplete: '403 Forbidden: needs the role Maintainer',
  });
});

test('at most four details are asked for at a time', async () => {
  let open = 0;
  let most = 0;
  world = await gitlabWorld({
    'POST /api/graphql': { status: 403, body: { message: '403 Forbidden' } },
    [`GET ${api}/runners`]: { body: Array.from({ length: 30 }, (_, index) => ({ ...row, id: index + 1 })) },
    ...Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `GET /api/v4/runners/${index + 1}`,
        () => ({ body: { ...row, id: index + 1, tag_list: [`t${index + 1}`] } }),
      ]),
    ),
  });
  const stop = world.activity.subscribe(() => {
    open =
      world?.activity.list().filter(({ state, title }) => state === 'running' && /runners\/\d/.test(title))
        .length ?? 0;
    most = Math.max(most, open);
  });
  const { runners } = await world.gitlab.runners();
  stop();
  expect(runners.map(({ tags }) => tags?.[0])).toEqual(
    Array.from({ length: 30 }, (_, index) => `t${index + 1}`),
  );
  expect(most).toBe(4);
});
