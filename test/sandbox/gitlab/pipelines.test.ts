import { afterEach, beforeEach, expect, test } from 'vitest';
import { featureBranch, huskycatHistory, releaseTag } from '../../../source/sandbox/checkout/history.ts';
import { createWorldClock } from '../../../source/sandbox/clock.ts';
import { seededRandom } from '../../../source/sandbox/gitlab/model/random.ts';
import { groupSecrets, jobVariables } from '../../../source/sandbox/gitlab/model/variables.ts';
import { startGitLab } from '../../../source/sandbox/gitlab/server.ts';
import { type Client, huskycat, type Json, openGitLab, rows } from './server.ts';

let gitlab: Client;
beforeEach(async () => {
  gitlab = await openGitLab();
});
afterEach(() => gitlab.server.stop());

const project = `projects/${huskycat}`;
const done = ['success', 'failed', 'canceled', 'skipped'];

async function jobsOf(pipeline: unknown, query = ''): Promise<Map<string, Json>> {
  const found = rows(await gitlab.get(`${project}/pipelines/${pipeline}/jobs?per_page=100${query}`));
  return new Map(found.map((job) => [String(job.name), job]));
}

/** Moves the world until a pipeline is over; gives its minutes. */
async function finish(pipeline: unknown): Promise<number> {
  for (let minutes = 0; minutes < 240; minutes += 1) {
    const { json } = await gitlab.get(`${project}/pipelines/${pipeline}`);
    if (done.includes(String(json.status)))
      return (Date.parse(String(json.finished_at)) - Date.parse(String(json.created_at))) / 60_000;
    gitlab.clock.move(60);
  }
  throw new Error('the pipeline does not end');
}

const time = (job: Json | undefined, name: string): number => Date.parse(String(job?.[name]));

test('the days before are there, with the durations of the plan and the failure of the release', async () => {
  const past = rows(await gitlab.get(`${project}/pipelines?per_page=100`)).slice(1);
  expect(past.length).toBeGreaterThan(8);
  for (const { id, ref, status, source } of past) {
    const { json } = await gitlab.get(`${project}/pipelines/${id}`);
    expect([String(ref), String(status)]).toEqual([ref, String(ref) === releaseTag ? 'failed' : 'success']);
    expect(Number(json.duration) / 60).toBeGreaterThan(28);
    expect(Number(json.duration) / 60).toBeLessThan(45);
    const build = (await jobsOf(id)).get('container:build:amd64');
    expect(Number(build?.duration) / 60).toBeGreaterThanOrEqual(25);
    expect(Number(build?.duration) / 60).toBeLessThanOrEqual(30);
    expect(['push', 'schedule', 'merge_request_event']).toContain(source);
  }
});

test('a pipeline runs to its end in the order of stages and needs, on runners with the tags', async () => {
  const { json } = await gitlab.call('POST', `${project}/pipeline`, { ref: 'main' });
  await finish(json.id);
  const jobs = await jobsOf(json.id);
  const runners = new Map(
    await Promise.all(
      rows(await gitlab.get(`${project}/runners`)).map(
        async ({ id }) =>
          [String(id), rows({ json: (await gitlab.get(`runners/${id}`)).json.tag_list ?? {} })] as const,
      ),
    ),
  );
  for (const run of gitlab.server.world.engine.pipelines.at(-1)?.runs ?? []) {
    const job = jobs.get(run.job.name);
    if (job?.started_at === null) continue;
    for (const { job: need } of run.job.needs ?? [])
      expect(time(jobs.get(need), 'finished_at')).toBeLessThanOrEqual(time(job, 'started_at'));
    for (const tag of run.job.tags) expect(runners.get(String(job?.runner?.id))).toContain(tag);
  }
  const built = time(jobs.get('container:build:amd64'), 'finished_at');
  expect(time(jobs.get('security:bandit'), 'started_at')).toBeGreaterThanOrEqual(built);
  expect(time(jobs.get('nix:build'), 'started_at')).toBeLessThan(built);
  expect(jobs.get('sign:darwin-arm64')?.status).toBe('manual');
});

test('a log grows while the job runs, in the format of the runner', async () => {
  const { json } = await gitlab.call('POST', `${project}/pipeline`, { ref: featureBranch });
  const build = (await jobsOf(json.id)).get('container:build:amd64');
  const path = `${project}/jobs/${build?.id}/trace`;
  const seen: string[] = [];
  for (let minute = 0; minute < 40; minute += 5) {
    seen.push((await gitlab.get(path)).text);
    gitlab.clock.move(300);
  }
  for (const [index, text] of seen.entries()) expect(text.startsWith(seen[index - 1] ?? '')).toBe(true);
  expect(new Set(seen.map(({ length }) => length)).size).toBeGreaterThan(5);
  const whole = seen.at(-1) ?? '';
  expect(whole).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{15}Z 00O \S/);
  expect(whole).toMatch(/section_start:\d+:step_script\r\u001b\[0K/);
  expect(whole).toContain('Job succeeded');
  expect(whole).not.toContain('CACHED');
  const downloads = (await jobsOf(json.id)).get('download:tools:linux-amd64');
  const bar = await gitlab.get(`${project}/jobs/${downloads?.id}/trace`);
  expect(bar.text).toMatch(/\r#+ +\d+\.\d%\r/);
  expect(bar.headers.get('content-type')).toBe('text/plain');
  const lint = (await jobsOf(json.id)).get('validate:lint');
  expect((await gitlab.get(`${project}/jobs/${lint?.id}/trace`)).text).toContain('[MASKED]');
});

test('signing fails because the password is expanded, and works once it is raw', async () => {
  const [failed] = rows(await gitlab.get(`${project}/pipelines?ref=${releaseTag}`));
  const sign = (await jobsOf(failed?.id)).get('sign:darwin-arm64');
  expect(sign).toMatchObject({ status: 'failed', failure_reason: 'script_failure' });
  const log = await gitlab.get(`${project}/jobs/${sign?.id}/trace`);
  expect(log.text).toContain(
    'SecKeychainItemImport: MAC verification failed during PKCS12 import (wrong password?)',
  );
  expect((await jobsOf(failed?.id)).get('notarize:darwin-arm64')?.status).toBe('skipped');

  await gitlab.call('PUT', 'groups/tinyland/variables/APPLE_CERTIFICATE_PASSWORD', { raw: true });
  const retried = await gitlab.call('POST', `${project}/jobs/${sign?.id}/retry`);
  expect(retried.status).toBe(201);
  expect(retried.json.id).not.toBe(sign?.id);
  await finish(failed?.id);
  const jobs = await jobsOf(failed?.id);
  expect(jobs.get('sign:darwin-arm64')?.status).toBe('success');
  expect(jobs.get('release')?.status).toBe('success');
  const notes = await gitlab.get(`${project}/jobs/${jobs.get('notarize:darwin-arm64')?.id}/trace`);
  // No tag is protected, so the protected variables are not there.
  expect(notes.text).toContain('APPLE_ID not set, skipping notarization');
  const both = rows(
    await gitlab.get(`${project}/pipelines/${failed?.id}/jobs?include_retried=true&per_page=100`),
  ).filter(({ name }) => String(name) === 'sign:darwin-arm64');
  expect(both).toHaveLength(2);
});

test('manual jobs are played, running ones canceled, and only those', async () => {
  const { json } = await gitlab.call('POST', `${project}/pipeline`, { ref: 'main' });
  const started = await jobsOf(json.id);
  const build = started.get('container:build:amd64');
  const played = await gitlab.call('POST', `${project}/jobs/${build?.id}/play`);
  expect([played.status, played.json]).toEqual([400, { message: '400 Bad request - Unplayable Job' }]);
  const retried = await gitlab.call('POST', `${project}/jobs/${build?.id}/retry`);
  expect([retried.status, retried.json]).toEqual([403, { message: '403 Forbidden - Job is not retryable' }]);
  await finish(json.id);
  const sign = (await jobsOf(json.id)).get('sign:darwin-arm64');
  const variables = [{ key: 'APPLE_CERTIFICATE_PASSWORD', value: 'guess' }];
  const begun = await gitlab.call('POST', `${project}/jobs/${sign?.id}/play`, {
    job_variables_attributes: variables,
  });
  expect([begun.status, begun.json.id]).toEqual([200, sign?.id]);
  gitlab.clock.move(5);
  const canceled = await gitlab.call('POST', `${project}/jobs/${sign?.id}/cancel`);
  expect([canceled.status, canceled.json.status]).toEqual([201, 'canceled']);
});

test('a canceled pipeline runs again when it is retried', async () => {
  const { json } = await gitlab.call('POST', `${project}/pipeline`, { ref: 'main' });
  gitlab.clock.move(120);
  const canceled = await gitlab.call('POST', `${project}/pipelines/${json.id}/cancel`);
  expect([canceled.status, canceled.json.status]).toEqual([201, 'canceled']);
  const retried = await gitlab.call('POST', `${project}/pipelines/${json.id}/retry`);
  expect([retried.status, retried.json.status]).toEqual([201, 'running']);
  await finish(json.id);
  expect((await gitlab.get(`${project}/pipelines/${json.id}`)).json.status).toBe('success');
});

test('GitLab refuses a pipeline with the words of the configuration', async () => {
  const commit = {
    branch: 'broken',
    start_branch: 'main',
    commit_message: 'Break it',
    actions: [
      { action: 'update', file_path: '.gitlab-ci.yml', content: 'a:\n  needs: [b]\n  script: [c]\n' },
    ],
  };
  expect((await gitlab.call('POST', `${project}/repository/commits`, commit)).status).toBe(201);
  const refused = await gitlab.call('POST', `${project}/pipeline`, { ref: 'broken' });
  expect([refused.status, refused.json]).toEqual([400, { message: { base: ['a job: undefined need: b'] } }]);
  const missing = await gitlab.call('POST', `${project}/pipeline`, { ref: 'nowhere' });
  expect(missing.json).toEqual({ message: { base: ['Reference not found'] } });
});

test('a build with a layer cache is slow once, then quick, and its log says so', async () => {
  const { json: file } = await gitlab.get(`${project}/repository/files/.gitlab-ci.yml?ref=main`);
  const content = Buffer.from(String(file.content), 'base64')
    .toString()
    .replace(
      'docker build --pull',
      'docker buildx build --cache-from type=registry,ref=$CI_REGISTRY_IMAGE/cache:$CI_COMMIT_REF_SLUG --cache-to type=registry,ref=$CI_REGISTRY_IMAGE/cache:$CI_COMMIT_REF_SLUG,mode=max',
    );
  const made = await gitlab.call('POST', `${project}/repository/commits`, {
    branch: 'cached',
    start_branch: 'main',
    commit_message: 'Cache the layers',
    actions: [{ action: 'update', file_path: '.gitlab-ci.yml', content }],
  });
  const [first] = rows(await gitlab.get(`${project}/pipelines?sha=${made.json.id}`));
  const slow = await finish(first?.id);
  const { json: second } = await gitlab.call('POST', `${project}/pipeline`, { ref: 'cached' });
  const quick = await finish(second.id);
  expect(quick).toBeLessThan(slow - 10);
  const build = (await jobsOf(second.id)).get('container:build:amd64');
  expect((await gitlab.get(`${project}/jobs/${build?.id}/trace`)).text).toContain('CACHED');
  const images = rows(await gitlab.get(`${project}/registry/repositories?tags_count=true`));
  expect(images.map(({ path }) => path)).toContain('tinyland/ai/huskycat/cache');
});

test('a merge puts the change on the target branch and starts its pipeline; twice, or in conflict, it is refused', async () => {
  const change = (branch: string, content: string) =>
    gitlab.call('POST', `${project}/repository/commits`, {
      branch,
      start_branch: 'main',
      commit_message: `Change it on ${branch}`,
      actions: [{ action: 'update', file_path: 'README.md', content }],
    });
  await change('one', '# One\n');
  await change('two', '# Two\n');
  const open = async (source: string) =>
    (
      await gitlab.call('POST', `${project}/merge_requests`, {
        source_branch: source,
        target_branch: 'main',
        title: source,
      })
    ).json.iid;
  const [one, two] = [await open('one'), await open('two')];
  const { json: merged } = await gitlab.call('PUT', `${project}/merge_requests/${one}/merge`, {});
  expect(merged).toMatchObject({
    state: 'merged',
    merge_commit_sha: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(Date.parse(String(merged.merged_at))).not.toBeNaN();
  const { json: file } = await gitlab.get(`${project}/repository/files/README.md?ref=main`);
  expect(Buffer.from(String(file.content), 'base64').toString()).toBe('# One\n');
  const pipelines = rows(await gitlab.get(`${project}/pipelines?sha=${merged.merge_commit_sha}`));
  expect(pipelines).toMatchObject([{ ref: 'main', source: 'push' }]);
  expect((await gitlab.call('PUT', `${project}/merge_requests/${one}/merge`, {})).status).toBe(405);
  expect((await gitlab.call('PUT', `${project}/merge_requests/${two}/merge`, {})).status).toBe(406);
});

test('the password is never the right one while it is expanded, whatever the world', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const { variables, certificatePassword } = groupSecrets(seededRandom(`${seed}`), 'attic-token-value');
    const values = jobVariables([variables], false);
    expect(values.APPLE_CERTIFICATE_PASSWORD).not.toBe(certificatePassword);
    expect(values.APPLE_ID).toBeUndefined();
  }
});

test('pipelines follow each other for as long as the world runs', async () => {
  const clock = createWorldClock({ speed: 200_000 });
  const repository = huskycatHistory('http://127.0.0.1:18080', clock.now());
  const server = await startGitLab({ clock, repository, atticToken: 'attic-token-value' });
  const before = server.world.engine.pipelines.length;
  await new Promise<void>((resolve) => {
    clock.at(clock.now() + 6 * 3_600_000, resolve);
  });
  const answer = await fetch(`${server.url}/api/v4/${project}/pipelines?per_page=100`, {
    headers: { Authorization: `Bearer ${server.tokens.readOnly}` },
  });
  const all = (await answer.json()) as { source: string; status: string }[];
  expect(all.length).toBeGreaterThan(before + 6);
  expect(new Set(all.map(({ source }) => source))).toEqual(
    new Set(['push', 'schedule', 'merge_request_event']),
  );
  await server.stop();
  clock.stop();
});

test('a colleague merges a green proposal of this program where that is wanted, and no other', async () => {
  const world = createWorldClock({ speed: 200_000 });
  const repository = huskycatHistory('http://127.0.0.1:18080', world.now());
  const server = await startGitLab({
    clock: world,
    repository,
    atticToken: 'attic-token-value',
    mergesProposals: true,
  });
  const call = async (method: string, path: string, body: object) =>
    (
      await fetch(`${server.url}/api/v4/${project}/${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${server.tokens.api}` },
        body: JSON.stringify(body),
      })
    ).json() as Promise<{ iid: number }>;
  for (const branch of ['huskycat-tui/parallel-jobs', 'somebody-else']) {
    await call('POST', 'repository/commits', {
      branch,
      start_branch: 'main',
      commit_message: 'Change the readme',
      actions: [{ action: 'create', file_path: `${branch}.md`, content: 'new' }],
    });
    await call('POST', 'merge_requests', { source_branch: branch, target_branch: 'main', title: branch });
  }
  await new Promise<void>((resolve) => {
    world.at(world.now() + 8 * 3_600_000, resolve);
  });
  server.world.now();
  const states = server.world.mergeRequests.map(({ source, state }) => `${source} ${state}`);
  expect(states).toContain('huskycat-tui/parallel-jobs merged');
  expect(states).toContain('somebody-else opened');
  expect(repository.find('main')?.tree.has('huskycat-tui/parallel-jobs.md')).toBe(true);
  await server.stop();
  world.stop();
});
