import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, huskycat, type Json, openGitLab, type Reply, rows } from './server.ts';

let gitlab: Client;
beforeAll(async () => {
  gitlab = await openGitLab();
});
afterAll(() => gitlab.server.stop());

const ask = (
  query: string,
  variables: unknown = {},
  token: 'api' | 'outsider' | 'narrow' | 'expired' = 'api',
) => gitlab.call('POST', '/api/graphql', { query, variables }, token);

const dag = `query Dag($path: ID!, $iid: ID!, $after: String) { project(fullPath: $path) { pipeline(iid: $iid) {
  id iid status complete usesNeeds stages(first: 100) { nodes { name } }
  jobs(first: 7, after: $after, retried: false) { pageInfo { hasNextPage endCursor }
    nodes { id name kind schedulingType stage { name } needs(first: 100) { nodes { name } } } } } } }`;

const pipelineOf = ({ json }: Reply): Json | undefined => json.data?.project?.pipeline;

test('the jobs of a pipeline come in pages, with what they need', async () => {
  const [{ id, iid } = {}] = rows(await gitlab.get(`projects/${huskycat}/pipelines?ref=main`));
  const nodes: Json[] = [];
  let after: unknown = null;
  for (let isMore = true; isMore; ) {
    const reply = await ask(dag, { path: 'tinyland/ai/huskycat', iid: String(iid), after });
    expect(reply.json.errors).toBeUndefined();
    const jobs = pipelineOf(reply)?.jobs;
    nodes.push(...rows({ json: jobs?.nodes ?? reply.json }));
    after = jobs?.pageInfo?.endCursor;
    isMore = Boolean(jobs?.pageInfo?.hasNextPage);
  }
  const rest = rows(await gitlab.get(`projects/${huskycat}/pipelines/${id}/jobs?per_page=100`));
  expect(nodes.map((node) => Number(/\d+$/.exec(String(node.id))?.[0])).sort()).toEqual(
    rest.map((job) => Number(job.id)).sort(),
  );
  const named = (name: string) => nodes.find((node) => String(node.name) === name);
  expect(named('download:tools:linux-amd64')).toMatchObject({
    kind: 'BUILD',
    schedulingType: 'dag',
    stage: { name: 'build' },
    needs: { nodes: [{ name: 'container:build:amd64' }] },
  });
  expect(named('security:bandit')).toMatchObject({ schedulingType: 'stage', needs: { nodes: [] } });
  expect(named('nix:build')).toMatchObject({ schedulingType: 'dag', needs: { nodes: [] } });
});

test('runners and their tags come in one answer', async () => {
  const reply = await ask(
    '{ project(fullPath: "tinyland/ai/huskycat") { runners { nodes { id status paused tagList jobExecutionStatus contactedAt runnerType } } } }',
  );
  const nodes = rows({ json: reply.json.data?.project?.runners?.nodes ?? reply.json });
  expect(nodes.find(({ id }) => String(id).endsWith('/46120331'))).toMatchObject({
    status: 'ONLINE',
    tagList: ['macos', 'arm64'],
    runnerType: 'PROJECT_TYPE',
  });
  expect(nodes.map(({ status }) => String(status))).toContain('STALE');
});

test('what does not exist is said in the words of GitLab', async () => {
  const reply = await ask(
    '{ currentUser { id shoeSize } project(fullPath: "a") { pipelines(colour: 1) { count } } }',
  );
  expect(reply.status).toBe(200);
  expect(rows({ json: reply.json.errors ?? reply.json }).map(({ message }) => String(message))).toEqual([
    "Field 'shoeSize' doesn't exist on type 'CurrentUser'",
    "Field 'pipelines' doesn't accept argument 'colour'",
  ]);
});

test.each([
  ['{ project { id } }', "Field 'project' is missing required arguments: fullPath"],
  [
    '{ currentUser }',
    "Field must have selections (field 'currentUser' returns CurrentUser but has no selections. Did you mean 'currentUser { ... }'?)",
  ],
  ['{ project(fullPath: $path) { id } }', 'Variable $path is used by anonymous query but not declared'],
  ['query Me($path: ID!) { currentUser { id } }', 'Variable $path is declared by Me but not used'],
  [
    'query($path: ID!) { project(fullPath: $path) { id } }',
    'Variable $path of type ID! was provided invalid value',
  ],
  ['{ project(', 'Unexpected end of document'],
])('%s is refused in the words of GitLab', async (query, message) => {
  const reply = await ask(query);
  expect(reply.status).toBe(200);
  expect(rows({ json: reply.json.errors ?? reply.json }).map((error) => String(error.message))).toEqual([
    message,
  ]);
});

test('a query that asks for too much at once is refused with its size', async () => {
  const jobs = (size: number): string =>
    `jobs(first: ${size}) { nodes { id name status needs(first: ${size}) { nodes { id name } } } }`;
  const query = (size: number): string =>
    `{ project(fullPath: "tinyland/ai/huskycat") { pipelines(first: ${size}) { nodes { id stages { nodes { name ${jobs(size)} groups { nodes { name ${jobs(size)} } } } } } } } }`;
  expect((await ask(query(1))).json.errors).toBeUndefined();
  const { status, json } = await ask(query(100));
  expect(status).toBe(200);
  expect(String(json.errors?.['0']?.message)).toMatch(
    /^Query has complexity of \d+, which exceeds max complexity of 250$/,
  );
});

test('what one may not see is null; a bad token is told apart', async () => {
  const query = '{ project(fullPath: "tinyland/ai/huskycat") { id } }';
  expect((await ask(query, {}, 'outsider')).json).toEqual({ data: { project: null } });
  expect((await ask(query, {}, 'narrow')).status).toBe(403);
  const expired = await ask(query, {}, 'expired');
  expect([expired.status, expired.json]).toEqual([401, { errors: [{ message: 'Invalid token' }] }]);
});
