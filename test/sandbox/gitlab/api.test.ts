import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, huskycat, openGitLab, rows } from './server.ts';

let gitlab: Client;
beforeAll(async () => {
  gitlab = await openGitLab();
});
afterAll(() => gitlab.server.stop());

const project = `projects/${huskycat}`;

test('lists come in pages that lead to the next', async () => {
  const seen: string[] = [];
  let url: string | undefined = `/api/v4/${project}/jobs?per_page=90`;
  let total: string | null = null;
  while (url !== undefined) {
    const reply = await gitlab.get(url);
    seen.push(...rows(reply).map(({ id }) => String(id)));
    total = reply.headers.get('x-total');
    const [, next] = /<([^>]*)>; rel="next"/.exec(reply.headers.get('link') ?? '') ?? [];
    expect(reply.headers.get('x-next-page') !== '').toBe(next !== undefined);
    url = next?.slice(gitlab.server.url.length);
  }
  expect(new Set(seen).size).toBe(Number(total));
  expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)));
});

test('keyset pages have no totals', async () => {
  const seen: string[] = [];
  let url: string | undefined = `/api/v4/${project}/jobs?per_page=100&pagination=keyset&order_by=id&sort=asc`;
  while (url !== undefined) {
    const reply = await gitlab.get(url);
    expect(reply.headers.get('x-total')).toBeNull();
    seen.push(...rows(reply).map(({ id }) => String(id)));
    const [, next] = /<([^>]*)>; rel="next"/.exec(reply.headers.get('link') ?? '') ?? [];
    url = next?.slice(gitlab.server.url.length);
  }
  expect(seen.length).toBe(gitlab.server.world.engine.jobs.size);
  expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)));
});

test('pages are never longer than 100, and a page of no size is refused', async () => {
  expect(rows(await gitlab.get(`${project}/jobs?per_page=5000`))).toHaveLength(100);
  const refused = await gitlab.get(`${project}/jobs?per_page=0`);
  expect([refused.status, refused.json]).toEqual([400, { error: 'per_page does not have a valid value' }]);
});

test('what is no number is no id of a pipeline or a job; a number of none is not found', async () => {
  for (const [path, status, json] of [
    ['pipelines/abc', 400, { error: 'pipeline_id is invalid' }],
    ['jobs/12x', 400, { error: 'job_id is invalid' }],
    ['pipelines/7', 404, { message: '404 Not found' }],
  ] as const)
    expect(await gitlab.get(`${project}/${path}`)).toMatchObject({ status, json });
});

test('tokens: wrong, expired, too narrow, read only', async () => {
  const wrong = await fetch(`${gitlab.server.url}/api/v4/user`, {
    headers: { 'PRIVATE-TOKEN': 'glpat-nobody' },
  });
  expect([wrong.status, await wrong.json()]).toEqual([401, { message: '401 Unauthorized' }]);
  const expired = await gitlab.get('user', 'expired');
  expect([expired.status, expired.json.error]).toEqual([401, 'invalid_token']);
  expect(String(expired.json.error_description)).toContain('Token is expired');
  const narrow = await gitlab.get(project, 'narrow');
  expect([narrow.status, narrow.json.error]).toEqual([403, 'insufficient_scope']);
  expect((await gitlab.get('user', 'narrow')).json.username).toBe('jess');
  const reading = await gitlab.call('POST', `${project}/pipeline`, { ref: 'main' }, 'readOnly');
  expect([reading.status, reading.json.scope]).toEqual([403, 'api']);
  expect((await gitlab.get(project, 'readOnly')).status).toBe(200);
});

test('a token travels as a header, as a bearer, or in the query; one of OAuth only as a bearer', async () => {
  const { url, tokens } = gitlab.server;
  const status = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await fetch(`${url}${path}`, { headers })).status;
  expect(await status('/api/v4/user', { Authorization: `Bearer ${tokens.api}` })).toBe(200);
  expect(await status(`/api/v4/user?private_token=${tokens.api}`, {})).toBe(200);
  expect(await status('/api/v4/user', { Authorization: `Bearer ${tokens.oauth}` })).toBe(200);
  expect(await status('/api/v4/user', { 'PRIVATE-TOKEN': tokens.oauth })).toBe(401);
  expect(
    await status('/api/v4/personal_access_tokens/self', { Authorization: `Bearer ${tokens.oauth}` }),
  ).toBe(400);
  expect(await status('/oauth/token/info', { Authorization: `Bearer ${tokens.oauth}` })).toBe(200);
  expect(await status('/oauth/token/info', { Authorization: `Bearer ${tokens.api}` })).toBe(401);
});

test('what one may not see does not exist; what one may not do is forbidden', async () => {
  const path = 'projects/tinyland%2Fai%2Fhuskycat';
  expect((await gitlab.get(path, 'outsider')).json).toEqual({ message: '404 Project Not Found' });
  expect((await gitlab.get('projects/tinyland%2Fother')).json).toEqual({ message: '404 Project Not Found' });
  expect((await gitlab.get('groups/tinyland', 'outsider')).status).toBe(404);
  expect((await gitlab.get(path, 'developer')).json.id).toBe(huskycat);
  const variables = await gitlab.get('groups/tinyland/variables', 'developer');
  expect([variables.status, variables.json]).toEqual([403, { message: '403 Forbidden' }]);
  expect((await gitlab.get(`${path}/runners`, 'developer')).status).toBe(403);
  expect((await gitlab.call('PATCH', path)).status).toBe(405);
  expect((await gitlab.get('nowhere')).status).toBe(404);
});

test("the group's variables carry the flags of the plan", async () => {
  const all = rows(await gitlab.get('groups/tinyland/variables?per_page=100'));
  const flagged = (flag: string): string[] =>
    all.filter((variable) => Boolean(variable[flag])).map(({ key }) => String(key));
  expect(all).toHaveLength(12);
  expect(flagged('masked')).toEqual([
    'APPLE_CERTIFICATE_BASE64',
    'APPLE_INSTALLER_CERTIFICATE_BASE64',
    'APPLE_NOTARIZE_PASSWORD',
    'ATTIC_TOKEN',
  ]);
  expect(flagged('protected')).toEqual([
    'APPLE_DEVELOPER_ID_CA_G2',
    'APPLE_WWDR_CA_G2',
    'APPLE_ID',
    'APPLE_NOTARIZE_PASSWORD',
    'APPLE_TEAM_ID',
  ]);
  expect(flagged('raw')).toEqual([]);
});

test('variables are made, hidden, changed, told apart by scope and removed', async () => {
  const list = `${project}/variables`;
  const hidden = { key: 'DEPLOY_KEY', value: 'abcdefgh12345', masked_and_hidden: true };
  const made = await gitlab.call('POST', list, hidden);
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({ value: null, hidden: true, masked: true, environment_scope: '*' });
  expect((await gitlab.call('POST', list, hidden)).json).toEqual({
    message: { key: ['(DEPLOY_KEY) has already been taken'] },
  });
  const short = await gitlab.call('POST', list, { key: 'SHORT', value: 'a b', masked: true });
  expect([short.status, short.json]).toEqual([400, { message: { value: ['is invalid'] } }]);
  await gitlab.call('POST', list, { key: 'DEPLOY_KEY', value: 'x', environment_scope: 'prod' });
  expect((await gitlab.get(`${list}/DEPLOY_KEY`)).status).toBe(409);
  const filter = { 'filter[environment_scope]': 'prod' };
  expect((await gitlab.get(`${list}/DEPLOY_KEY?${new URLSearchParams(filter)}`)).json.value).toBe('x');
  const put = await gitlab.call('PUT', `${list}/DEPLOY_KEY`, {
    value: 'y',
    filter: { environment_scope: 'prod' },
  });
  expect(put.json).toMatchObject({ value: 'y', environment_scope: 'prod' });
  const query = new URLSearchParams(filter);
  expect((await gitlab.call('DELETE', `${list}/DEPLOY_KEY?${query}`)).status).toBe(204);
  expect((await gitlab.call('DELETE', `${list}/DEPLOY_KEY`)).status).toBe(204);
  expect(rows(await gitlab.get(list))).toEqual([]);
});

test('the same answer is not sent twice; HEAD sends none', async () => {
  const { url, tokens } = gitlab.server;
  const headers = { 'PRIVATE-TOKEN': tokens.api };
  const first = await fetch(`${url}/api/v4/version`, { headers });
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${url}/api/v4/version`, { headers: { ...headers, 'If-None-Match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const path = `${url}/api/v4/${project}/repository/files/.bazelrc?ref=main`;
  const head = await fetch(path, { method: 'HEAD', headers });
  expect([head.status, head.headers.get('x-gitlab-file-path'), await head.text()]).toEqual([
    200,
    '.bazelrc',
    '',
  ]);
  expect(first.headers.get('date')).toBe('Thu, 29 Jan 2026 12:00:00 GMT');
  expect(first.headers.get('ratelimit-limit')).toBe('6000');
});

test('a commit of several files is made whole or not at all, and starts a pipeline', async () => {
  const { json: file } = await gitlab.get(`${project}/repository/files/.gitlab%2Fci%2Fnix.yml?ref=main`);
  const content = Buffer.from(String(file.content), 'base64').toString().replace('# extra-', 'extra-');
  const action = {
    action: 'update',
    file_path: '.gitlab/ci/nix.yml',
    content,
    last_commit_id: file.last_commit_id,
  };
  const commit = (actions: unknown[], branch = 'trust-the-cache') =>
    gitlab.call('POST', `${project}/repository/commits`, {
      branch,
      start_branch: 'main',
      commit_message: 'Trust the cache',
      actions,
    });
  const broken = await commit([action, { action: 'delete', file_path: 'nowhere' }]);
  expect([broken.status, broken.json]).toEqual([400, { message: "A file with this name doesn't exist" }]);
  expect((await gitlab.get(`${project}/repository/branches/trust-the-cache`)).status).toBe(404);

  const made = await commit([action]);
  expect(made.status).toBe(201);
  const raw = await gitlab.get(`${project}/repository/files/.gitlab%2Fci%2Fnix.yml/raw?ref=trust-the-cache`);
  expect(raw.text).toBe(content);
  const [pipeline] = rows(await gitlab.get(`${project}/pipelines?ref=trust-the-cache`));
  expect(pipeline?.sha).toBe(made.json.id);

  expect((await commit([])).json).toEqual({ error: 'actions is missing' });
  expect((await commit([{ action: 'burn', file_path: 'a' }])).status).toBe(400);
  const again = await commit([action]);
  expect(again.json).toEqual({
    message:
      "A branch called 'trust-the-cache' already exists. Switch to that branch in order to make changes",
  });
  const stale = await gitlab.call('POST', `${project}/repository/commits`, {
    branch: 'trust-the-cache',
    commit_message: 'Once more',
    actions: [action],
  });
  expect([stale.status, stale.json]).toEqual([
    400,
    { message: 'The file has changed since you started editing it: .gitlab/ci/nix.yml' },
  ]);

  const proposal = {
    source_branch: 'trust-the-cache',
    target_branch: 'main',
    title: 'Trust the cache',
  };
  const opened = await gitlab.call('POST', `${project}/merge_requests`, proposal);
  expect([opened.status, opened.json.state]).toEqual([201, 'opened']);
  const twice = await gitlab.call('POST', `${project}/merge_requests`, proposal);
  expect([twice.status, twice.json]).toEqual([
    409,
    { message: ['Another open merge request already exists for this source branch: !2'] },
  ]);
});

test('lint says what GitLab would say, static and as a dry run', async () => {
  const path = `${project}/ci/lint`;
  const whole = await gitlab.get(`${path}?include_jobs=true`);
  expect(whole.json).toMatchObject({ valid: true, errors: [], warnings: [] });
  const jobs = rows({ json: whole.json.jobs ?? whole.json });
  expect(jobs.find(({ name }) => String(name) === 'download:tools:linux-amd64')).toMatchObject({
    stage: 'build',
    needs: [{ name: 'container:build:amd64', artifacts: true, optional: false }],
  });
  expect(jobs.map(({ name }) => String(name))).toContain('release');
  const dry = await gitlab.get(`${path}?include_jobs=true&dry_run=true`);
  const dryJobs = rows({ json: dry.json.jobs ?? dry.json });
  expect(dryJobs.map(({ name }) => String(name))).not.toContain('release');
  expect(dryJobs.every((job) => job.needs === undefined)).toBe(true);
  const bad = await gitlab.call('POST', path, { content: 'a:\n  script: [b]\n  needs: [c]\n' });
  expect([bad.status, bad.json.valid]).toEqual([200, false]);
  expect(rows({ json: bad.json.errors ?? bad.json })).toEqual(['a job: undefined need: c']);
  expect((await gitlab.call('POST', path, {})).json).toEqual({ error: 'content is missing' });
});
