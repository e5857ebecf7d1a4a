import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { huskycatHistory } from '../../source/sandbox/checkout/history.ts';
import { createWorldClock, type RunningClock } from '../../source/sandbox/clock.ts';
import { type SandboxGitLab, startGitLab } from '../../source/sandbox/gitlab/server.ts';
import { needs, wants } from './require.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'huskycat-clients-'));
let clock: RunningClock;
let gitlab: SandboxGitLab;

beforeAll(async () => {
  clock = createWorldClock();
  const repository = huskycatHistory('http://127.0.0.1:18080', clock.now());
  gitlab = await startGitLab({ clock, repository, atticToken: 'attic-token-value' });
});
afterAll(async () => {
  await gitlab?.stop();
  clock?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A Python that can import python-gitlab: the one that is named, or one with the package in a folder of its own. */
function pythonGitLab(): string | undefined {
  const named = process.env.HUSKYCAT_TEST_PYTHON_GITLAB;
  if (named) return named;
  const made = spawnSync('python3', ['-m', 'venv', join(folder, 'venv')], { encoding: 'utf8' });
  const python = join(folder, 'venv', 'bin', 'python');
  const installed =
    made.status === 0 &&
    spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'python-gitlab'], { timeout: 150_000 }).status ===
      0;
  return installed ? python : needs('python-gitlab', 'HUSKYCAT_TEST_PYTHON_GITLAB');
}

const walk = `
import json, os, gitlab

url, token, read_only = (os.environ[name] for name in ("URL", "TOKEN", "READ_ONLY"))
gl = gitlab.Gitlab(url, private_token=token)
gl.auth()
project = gl.projects.get("tinyland/ai/huskycat")
group = gl.groups.get("tinyland")
pipelines = list(project.pipelines.list(iterator=True, per_page=5))
failed = next(one for one in pipelines if one.status == "failed")
jobs = failed.jobs.list(get_all=True)
sign = next(job for job in jobs if job.name == "sign:darwin-arm64")
keyset = list(gl.projects.list(iterator=True, pagination="keyset", order_by="id"))

try:
    gitlab.Gitlab(url, private_token=read_only).projects.get(project.id).pipelines.create({"ref": "main"})
    refused = None
except gitlab.exceptions.GitlabCreateError as error:
    refused = error.response_code
try:
    gl.projects.get("tinyland/elsewhere")
    missing = None
except gitlab.exceptions.GitlabGetError as error:
    missing = error.error_message

variable = project.variables.create({"key": "FROM_PYTHON", "value": "one"})
variable.value = "two"
variable.save()
changed = project.variables.get("FROM_PYTHON").value
variable.delete()

created = project.pipelines.create({"ref": "main", "variables": [{"key": "WHO", "value": "python"}]})
created.cancel()
commit = project.commits.create({
    "branch": "from-python", "start_branch": "main", "commit_message": "Say hello",
    "actions": [{"action": "create", "file_path": "hello.txt", "content": "hello"}],
})
proposal = {"source_branch": "from-python", "target_branch": "main", "title": "Say hello"}
request = project.mergerequests.create(proposal)
compared = project.repository_compare("main", "from-python")
request.merge(should_remove_source_branch=True)
branches = [one.name for one in project.branches.list(get_all=True)]
project.protectedbranches.create({"name": "release/*"})
secret = group.variables.create({"key": "FROM_PYTHON", "value": "hidden-0123456789", "masked_and_hidden": True})
linted = project.ci_lint.create({"content": "a:\\n  scrip: echo\\n", "dry_run": True})
manual = project.jobs.list(scope=["manual"], iterator=True)
played = project.jobs.get(next(iter(manual)).id)
played.play(job_variables_attributes=[{"key": "LEVEL", "value": "2"}])

print(json.dumps({
    "merged": project.mergerequests.get(request.iid).state, "compared": [one["new_path"] for one in compared["diffs"]],
    "gone": "from-python" not in branches, "secret": [secret.value, secret.hidden],
    "release": project.protectedbranches.get("release/*").name, "linted": [linted.valid, len(linted.errors)],
    "played": project.jobs.get(played.id).status,
    "user": gl.user.username,
    "projects": [one.path_with_namespace for one in gl.projects.list(get_all=True)],
    "keyset": [one.id for one in keyset],
    "group": [one.key for one in group.variables.list(get_all=True)],
    "pipelines": len(pipelines),
    "jobs": len(jobs),
    "trace": project.jobs.get(sign.id).trace().decode(),
    "runners": [gl.runners.get(one.id).tag_list for one in project.runners.list(get_all=True)],
    "protected": sorted(one.name for one in project.protectedbranches.list(get_all=True)),
    "file": project.files.get(".bazelrc", ref="main").decode().decode(),
    "hello": project.files.raw("hello.txt", ref="main").decode(),
    "title": commit.title,
    "valid": project.ci_lint.get().valid,
    "refused": refused, "missing": missing, "changed": changed,
    "canceled": project.pipelines.get(created.id).status,
    "variables": [one.value for one in created.variables.list(get_all=True)],
    "scopes": gl.personal_access_tokens.get("self").scopes,
    "images": [one.path for one in project.repositories.list(get_all=True)],
}))
`;

describe('python-gitlab', () => {
  const python = pythonGitLab();

  test.skipIf(!python)('walks through the project and changes it', async () => {
    const { stdout } = await run(python ?? '', ['-c', walk], {
      env: {
        PATH: process.env.PATH,
        URL: gitlab.url,
        TOKEN: gitlab.tokens.api,
        READ_ONLY: gitlab.tokens.readOnly,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({
      user: 'jess',
      projects: ['tinyland/ai/huskycat'],
      jobs: 22,
      protected: ['main', 'release/*'],
      merged: 'merged',
      compared: ['hello.txt'],
      gone: true,
      secret: [null, true],
      release: 'release/*',
      linted: [false, 1],
      hello: 'hello',
      title: 'Say hello',
      valid: true,
      refused: 403,
      missing: '404 Project Not Found',
      changed: 'two',
      canceled: 'canceled',
      variables: ['python'],
      scopes: ['api'],
      images: ['tinyland/ai/huskycat'],
    });
    expect(['pending', 'running', 'success', 'failed']).toContain(seen.played);
    expect(seen.keyset).toHaveLength(1);
    expect(seen.group).toHaveLength(13);
    expect(seen.pipelines).toBeGreaterThan(8);
    expect(seen.trace).toContain('MAC verification failed');
    expect(seen.file).toContain('--disk_cache=.cache/bazel');
    expect(seen.runners).toContainEqual(['macos', 'arm64']);
  });
});

describe('glab', () => {
  const glab = wants('glab', 'HUSKYCAT_TEST_GLAB');

  test.skipIf(!glab)('shows and changes the project with its own commands', async () => {
    const { host } = new URL(gitlab.url);
    // A host of its settings has no port; where its API is may have one. JSON is YAML, and it reads only a file of its owner.
    const server = { token: gitlab.tokens.api, api_protocol: 'http', api_host: host, git_protocol: 'https' };
    const settings = JSON.stringify({ host: 'localhost', check_update: false, hosts: { localhost: server } });
    writeFileSync(join(folder, 'config.yml'), settings, { mode: 0o600 });
    writeFileSync(join(folder, 'ci.yml'), 'hello:\n  script: echo hello\n');
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GLAB_CONFIG_DIR: folder,
      NO_PROMPT: '1',
      GITLAB_HOST: 'localhost',
    };
    const askIn = async (cwd: string, argv: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await run(glab ?? '', argv, {
        cwd,
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout + stderr;
    };
    const ask = (...argv: string[]) => askIn(folder, argv);
    const inProject = (...argv: string[]) => ask(...argv, '-R', 'tinyland/ai/huskycat');
    const api = async (path: string) => JSON.parse(await ask('api', path));
    const project = 'projects/tinyland%2Fai%2Fhuskycat';

    expect(await ask('auth', 'status')).toContain('Logged in to localhost as jess');
    expect(await ask('repo', 'view', 'tinyland/ai/huskycat')).toContain('# HuskyCat');
    expect(await api('projects')).toHaveLength(1);
    expect(await inProject('ci', 'list')).toMatch(/\((?:running|success|pending)\) • #\d+/);
    expect(await inProject('ci', 'list', '--status', 'failed')).toMatch(/\(failed\) • #\d+/);
    const [failed] = await api(`${project}/pipelines?status=failed`);
    const jobs: { id: number; name: string }[] = await api(
      `${project}/pipelines/${failed.id}/jobs?per_page=100`,
    );
    const sign = jobs.find(({ name }) => name === 'sign:darwin-arm64');
    expect(await inProject('ci', 'trace', String(sign?.id))).toContain('MAC verification failed');
    expect(await inProject('ci', 'status', '-b', 'main')).toMatch(
      /\(\w+\) .*\tvalidate\t\tcontainer:build:amd64\n/,
    );
    expect(await inProject('ci', 'retry', String(sign?.id))).toContain('Retried job');
    expect(await inProject('ci', 'lint', 'ci.yml')).toContain('CI/CD YAML is valid');
    expect(await inProject('ci', 'run', '-b', 'main')).toMatch(/Created pipeline \(id: \d+/);

    const variables: { key: string }[] = await api('groups/tinyland/variables?per_page=100');
    expect(variables.filter(({ key }) => key !== 'FROM_PYTHON')).toHaveLength(12);
    await inProject('variable', 'set', 'FROM_GLAB', 'one');
    expect(await inProject('variable', 'get', 'FROM_GLAB')).toBe('one');
    await inProject('variable', 'update', 'FROM_GLAB', 'two');
    expect(await inProject('variable', 'list')).toContain('FROM_GLAB');
    expect(await inProject('variable', 'export')).toContain('"value": "two"');
    await inProject('variable', 'delete', 'FROM_GLAB');
    await expect(inProject('variable', 'get', 'FROM_GLAB')).rejects.toThrow(/404/);

    // Some commands look at the checkout that they are run in.
    const clone = join(folder, 'clone');
    const { port } = new URL(gitlab.url);
    const remote = `http://oauth2:${gitlab.tokens.api}@localhost:${port}/tinyland/ai/huskycat.git`;
    await run('git', ['clone', '--quiet', remote, clone]);
    expect(await askIn(clone, ['ci', 'get', '-b', 'main', '-d'])).toMatch(/\d+\tsign:darwin-arm64\t/);
    await ask('api', `${project}/repository/branches`, '-X', 'POST', '-f', 'branch=glab', '-f', 'ref=main');
    const proposal = [
      '--source-branch',
      'glab',
      '--target-branch',
      'main',
      '--title',
      'From glab',
      '--no-editor',
    ];
    const opened = await askIn(clone, ['mr', 'create', ...proposal, '--description', 'It is.', '--yes']);
    const iid = /\/merge_requests\/(\d+)/.exec(opened)?.[1] ?? '';
    expect(await inProject('mr', 'view', iid)).toContain('From glab');

    expect(await inProject('mr', 'list')).toContain('Check JSON lines');
    expect(await inProject('mr', 'view', '1')).toContain('Each line is checked by itself.');
    expect(await inProject('mr', 'update', '1', '--title', 'Check lines')).toContain('!1');
    expect(await inProject('mr', 'close', '1')).toContain('Closed');
    expect(await inProject('mr', 'reopen', '1')).toContain('Reopened');
  });
});
