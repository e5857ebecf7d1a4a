import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { showCheck } from '../../source/cli/check.ts';
import { showJobs } from '../../source/cli/ci.ts';
import { graphFormats, showGraph } from '../../source/cli/graph.ts';
import { showSimulation } from '../../source/cli/simulate.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-ci-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'Start');
  git(root, 'remote', 'add', 'origin', 'git@gitlab.com:tinyland/ai/huskycat.git');
  return root;
}

function git(root: string, ...argv: string[]): void {
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv]);
}

function recorder() {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out,
    err,
    io: { stdout: (text: string) => void out.push(text), stderr: (text: string) => void err.push(text) },
  };
}

const now = '2026-01-01T00:00:00.000Z';
const ask = (dir: string, more: object = {}) => ({
  dir,
  event: 'push',
  variables: [],
  json: true,
  now,
  ...more,
});

const files = {
  '.gitlab-ci.yml':
    'include: ci/build.yml\ntest:\n  script: make test\n  needs: [build]\ndeploy:\n  stage: deploy\n  script: make deploy\n  rules:\n    - if: $CI_COMMIT_TAG && $CI_PROJECT_PATH == "tinyland/ai/huskycat"\n',
  'ci/build.yml': 'build:\n  stage: build\n  script: make\n',
};

test('ci jobs says what a push gets, from which file and line, and why the rest is left out', async () => {
  const { out, io } = recorder();
  expect(await showJobs(ask(repository(files)), io)).toBe(0);
  const answer = JSON.parse(out.join(''));
  expect(answer).toMatchObject({
    schema: 'huskycat-tui/ci-jobs@1',
    at: now,
    stages: ['build', 'test'],
    errors: [],
    unresolved: [],
  });
  expect(answer.jobs).toMatchObject([
    { name: 'build', stage: 'build', needs: null, file: 'ci/build.yml', line: 1 },
    {
      name: 'test',
      needs: [{ job: 'build', artifacts: true, optional: false }],
      file: '.gitlab-ci.yml',
      line: 2,
    },
  ]);
  expect(answer.excluded).toMatchObject([{ name: 'deploy', file: '.gitlab-ci.yml' }]);
});

test('a tag sees the project of the remote', async () => {
  const { out, io } = recorder();
  await showJobs(ask(repository(files), { event: 'tag', ref: 'v1' }), io);
  expect(JSON.parse(out.join('')).jobs.map(({ name }: { name: string }) => name)).toContain('deploy');
});

test('an error names file and line, and the status is 1', async () => {
  const { out, io } = recorder();
  const dir = repository({ '.gitlab-ci.yml': 'test:\n  script: ls\n  needs: [nobody]\n' });
  expect(await showJobs(ask(dir, { json: false }), io)).toBe(1);
  expect(out.join('')).toContain('error: test job: undefined need: nobody (.gitlab-ci.yml:3:11)');
});

test('a folder that is no checkout is not taken for one without jobs', async () => {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-ci-'));
  folders.push(root);
  const question = { dir: root, event: 'push', variables: [], json: true, now: '2026-11-23T01:02:03.000Z' };
  await expect(showJobs(question, recorder().io)).rejects.toMatchObject({
    code: 'not-a-checkout',
    next: ['Run it in a checkout, or give one: --dir PATH'],
  });
});

test('an include never leaves the repository, not through a link either', async () => {
  const outside = repository({ 'secret.yml': 'stolen:\n  script: ls\n' });
  const dir = repository({
    '.gitlab-ci.yml': 'include:\n  - link.yml\n  - ../secret.yml\ntest:\n  script: ls\n',
  });
  symlinkSync(join(outside, 'secret.yml'), join(dir, 'link.yml'));
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(JSON.parse(out.join('')).errors).toEqual([
    'Local file `link.yml` does not exist!',
    'Local file `../secret.yml` does not exist!',
  ]);
});

test('names from the files cannot steer the terminal', async () => {
  const dir = repository({ '.gitlab-ci.yml': '"evil\\e[2J\\u202e":\n  script: ls\n' });
  for (const format of graphFormats.filter((one) => one !== 'json')) {
    const { out, io } = recorder();
    await showGraph(ask(dir, { json: false }), format, io);
    expect(out.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(out.join('')).toContain('evil');
  }
});

test('nested aliases cannot grow without bound', async () => {
  const levels = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
  );
  const dir = repository({
    '.gitlab-ci.yml': ['a0: &a0 [x, x, x]', ...levels, 'test: { script: ls }', ''].join('\n'),
  });
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(JSON.parse(out.join('')).errors).toEqual(['The parsed YAML is too big']);
});

test('ci check looks at every event', async () => {
  const dir = repository({
    '.gitlab-ci.yml':
      'lint:\n  script: ls\n  rules:\n    - if: $CI_COMMIT_BRANCH\ntest:\n  script: ls\n  needs: [lint]\n  rules:\n    - when: always\n',
  });
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir);
  expect(await showCheck(question, io)).toBe(1);
  expect(JSON.parse(out.join('')).findings).toMatchObject([
    {
      rule: 'creation-error',
      severity: 'error',
      where: { file: '.gitlab-ci.yml', line: 7 },
      saw: expect.stringMatching(/^refused for merge_request, tag\b/),
    },
  ]);
});

test('ci check names a file as it is opened from here', async () => {
  const dir = repository({ '.gitlab-ci.yml': 'a:\n  image: alpine\n  script: ls\n' });
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir, { json: false });
  expect(await showCheck(question, io)).toBe(1);
  const [, file = ''] = /^ {2}at (.*):2:10$/m.exec(out.join('')) ?? [];
  expect(readFileSync(file, 'utf8')).toContain('image: alpine');
});

test('ci check says that there is no configuration, and what to do', async () => {
  const { event: _, ...question } = ask(repository({ 'README.md': 'a\n' }));
  await expect(showCheck(question, recorder().io)).rejects.toMatchObject({
    code: 'no-configuration',
    saw: 'there is no .gitlab-ci.yml',
  });
});

test.each([
  [[], 'warning', []],
  [[{ owner: { kind: 'group', path: 'tinyland' }, because: '403 Forbidden' }], 'info', ['403 Forbidden']],
] as const)(
  'ci check knows the variables of GitLab where they can all be read',
  async (unreadable, severity, assumed) => {
    const dir = repository({ '.gitlab-ci.yml': 'a:\n  script:\n    - deploy "$KNOWN" "$UNKNOWN"\n' });
    const gitlab = {
      server: 'https://gitlab.example',
      lint: async () => Promise.reject(new Error('nothing to merge')),
      variables: async () => ({ variables: [{ key: 'KNOWN' }], unreadable }),
    } as unknown as NonNullable<Parameters<typeof showCheck>[0]['gitlab']>;
    const { out, io } = recorder();
    const { event: _, ...question } = ask(dir, { gitlab });
    expect(await showCheck(question, io)).toBe(1);
    const { findings, assumptions } = JSON.parse(out.join(''));
    expect(findings.at(-1)).toMatchObject({
      rule: 'variable-set-nowhere',
      severity,
      title: expect.stringContaining('UNKNOWN'),
    });
    expect(findings).toHaveLength(unreadable.length + 1);
    expect(assumptions.join()).toContain(assumed.join());
  },
);

test('ci simulate takes durations and runners from files', async () => {
  const dir = repository(files);
  const [durations, runners] = [join(dir, 'd.json'), join(dir, 'r.json')];
  writeFileSync(durations, '{"build": 100, "test": 20}');
  writeFileSync(runners, '[{"name": "honey"}]');
  const { out, io } = recorder();
  expect(await showSimulation(ask(dir), { durations, runners }, io)).toBe(0);
  const { before } = JSON.parse(out.join(''));
  expect(before.wallClock).toBe(120);
  expect(before.criticalPath.map(({ job }: { job: string }) => job)).toEqual(['build', 'test']);
  writeFileSync(runners, '{"name": "honey"}');
  await expect(showSimulation(ask(dir), { runners }, io)).rejects.toThrow(/r\.json/);
});

test('changes:compare_to must name a ref that exists', async () => {
  const rules = (ref: string): string =>
    `job:\n  script: ls\n  rules:\n    - changes: { paths: [a], compare_to: ${ref} }\n`;
  const { out, io } = recorder();
  expect(await showJobs(ask(repository({ '.gitlab-ci.yml': rules('main') }), { changed: ['a'] }), io)).toBe(
    0,
  );
  expect(await showJobs(ask(repository({ '.gitlab-ci.yml': rules('gone') }), { changed: ['a'] }), io)).toBe(
    1,
  );
  expect(out[1]).toContain('rules:changes:compare_to is not a valid ref');
});

test('ci jobs and ci check read the files of a commit', async () => {
  const dir = repository(files);
  writeFileSync(join(dir, '.gitlab-ci.yml'), 'other:\n  script: ls\n  needs: [nobody]\n');
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(await showJobs(ask(dir, { commit: 'HEAD' }), io)).toBe(0);
  expect(JSON.parse(out[1] ?? '').jobs.map(({ name }: { name: string }) => name)).toEqual(['build', 'test']);
  const { event: _, ...question } = ask(dir, { commit: 'HEAD' });
  await showCheck(question, io);
  expect(out[2]).not.toContain('nobody');
  await expect(showJobs(ask(dir, { commit: 'gone' }), io)).rejects.toThrow(/no such commit/);
});

test('ci check --base shows what is new since another revision, and which jobs it makes wait for more', async () => {
  const old =
    'stages: [build, check, test]\nold:\n  image: alpine\n  stage: build\n  script: ls\nlast:\n  stage: test\n  script: ls\n';
  const dir = repository({ '.gitlab-ci.yml': old });
  git(dir, 'branch', 'base');
  writeFileSync(
    join(dir, '.gitlab-ci.yml'),
    `# Lines move.\n${old}new:\n  image: alpine\n  stage: check\n  script: ls\nfree:\n  stage: check\n  needs: []\n  script: ls\n`,
  );
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir);
  expect(await showCheck({ ...question, base: 'base' }, io)).toBe(1);
  const { findings, older } = JSON.parse(out.join(''));
  expect(older).toBe(1);
  expect(findings).toMatchObject([
    {
      rule: 'waits-for-more',
      severity: 'warning',
      title: 'new holds back last',
      where: { line: 12 },
      saw: 'new in the stage check; 2 jobs one after the other before it, where 1 were',
    },
    { rule: 'unpinned-image', where: { line: 11 } },
    {
      rule: 'waits-for-more',
      severity: 'info',
      title: 'free holds back last',
      saw: 'new in the stage check',
    },
  ]);
  await expect(showCheck({ ...question, base: 'gone' }, io)).rejects.toMatchObject({ code: 'no-commit' });
  git(dir, 'commit', '-aqm', 'new');
  expect(await showCheck({ ...question, base: 'HEAD' }, io)).toBe(0);
});

const included = 'include:\n  - template: Jobs/SAST.gitlab-ci.yml\ntest:\n  script: ls\n  needs: [sast]\n';
const merged = 'sast:\n  script: scan\n  stage: test\ntest:\n  script: ls\n  needs: [sast]\n';

function linting(answer: object) {
  const asked: object[] = [];
  const gitlab = {
    server: 'https://gitlab.example',
    lint: (query: object) => {
      asked.push(query);
      return Promise.resolve({ valid: true, errors: [], warnings: [], jobs: [], includes: [], ...answer });
    },
  };
  return { asked, gitlab };
}

test('with GitLab, includes from elsewhere come from its merged configuration', async () => {
  const dir = repository({ '.gitlab-ci.yml': included });
  const { out, io } = recorder();
  await showJobs(ask(dir), io);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    unresolved: [{ include: 'template: Jobs/SAST.gitlab-ci.yml' }],
    errors: [],
    jobs: [{ name: 'test', needs: [{ job: 'sast' }] }],
  });
  const { asked, gitlab } = linting({ mergedYaml: merged });
  expect(await showJobs(ask(dir, { gitlab }), io)).toBe(0);
  expect(asked).toEqual([{ ref: 'main' }]);
  const answer = JSON.parse(out[1] ?? '');
  expect(answer.unresolved).toEqual([]);
  expect(answer.jobs).toMatchObject([
    { name: 'sast', file: 'merged-by-gitlab.yml', line: 1 },
    { name: 'test', needs: [{ job: 'sast' }], file: 'merged-by-gitlab.yml', line: 4 },
  ]);
  expect(answer.assumptions[0]).toMatch(/merged for main: lines are those of the merged text/);
  const { event: _, ...question } = ask(dir, { gitlab });
  await showCheck(question, io);
  expect(JSON.parse(out[2] ?? '')).toMatchObject({
    unresolved: [],
    assumptions: [expect.stringContaining('merged for main')],
  });
});

test('a commit is asked for by its name, and GitLab’s own errors are told', async () => {
  const dir = repository({ '.gitlab-ci.yml': included });
  const { out, io } = recorder();
  const { asked, gitlab } = linting({ valid: false, errors: ['Included template is gone'] });
  expect(await showJobs(ask(dir, { gitlab, commit: 'HEAD' }), io)).toBe(1);
  expect(asked).toMatchObject([{ ref: expect.stringMatching(/^[\da-f]{40}$/) }]);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ jobs: [], errors: ['Included template is gone'] });
});

test('GitLab is not asked when everything is in the repository', async () => {
  const { io } = recorder();
  const { asked, gitlab } = linting({ mergedYaml: merged });
  await showJobs(ask(repository(files), { gitlab }), io);
  expect(asked).toEqual([]);
});

const staged = {
  '.gitlab-ci.yml':
    'stages: [build, test, deploy]\nbuild:lib:\n  stage: build\n  script: a\ndocs:\n  stage: build\n  script: a\n' +
    'unit:\n  stage: test\n  script: a\n  parallel: { matrix: [{ OS: [linux, mac], CPU: [a, b] }] }\ndeploy:\n  stage: deploy\n  script: a\n',
};
const seconds = { 'build:lib': 10, docs: 100, unit: 20, deploy: 5 };

async function simulated(change: string[], runners?: object[]) {
  const dir = repository(staged);
  const durations = join(dir, 'd.json');
  writeFileSync(durations, JSON.stringify(seconds));
  const path = join(dir, 'r.json');
  if (runners) writeFileSync(path, JSON.stringify(runners));
  const { out, io } = recorder();
  await showSimulation(ask(dir), { durations, change, ...(runners ? { runners: path } : {}) }, io);
  const { before, after, gain, moved } = JSON.parse(out.join(''));
  return {
    walls: [before.wallClock, after.wallClock, gain.seconds],
    moved: moved.map(({ job }: { job: string }) => job),
  };
}

test('ci simulate shows what a change gains, and which jobs move', async () => {
  expect(await simulated([])).toEqual({ walls: [125, 125, 0], moved: [] });
  expect(await simulated(['job:docs:duration=40'])).toMatchObject({ walls: [125, 65, 60] });
  const needs = await simulated(['job:unit:needs=build:lib', 'job:deploy:needs=unit: [linux, a]']);
  expect(needs).toMatchObject({ walls: [125, 100, 25] });
  expect(needs.moved).toContain('unit: [mac, b]');
  expect(needs.moved).not.toContain('docs');
  expect(await simulated(['job:deploy:needs='])).toMatchObject({ walls: [125, 120, 5], moved: ['deploy'] });
  expect(await simulated(['job:deploy:stage=test'])).toMatchObject({ walls: [125, 120, 5] });
});

test('ci simulate tries runners and tags', async () => {
  const runners = [{ name: 'honey', tags: ['a'], concurrent: 1 }];
  const alone = await simulated([], runners);
  expect(alone.walls).toEqual([195, 195, 0]);
  expect(await simulated(['runner:second:concurrent=2'], runners)).toMatchObject({ walls: [195, 145, 50] });
  const tagged = ['job:docs:tags=z', 'runner:second:tags=z,y:concurrent=1'];
  expect(await simulated(tagged, runners)).toMatchObject({ walls: [195, 185, 10] });
});

test.each([
  ['job:nobody:needs=docs', /no job nobody/],
  ['job:unit:needs=nobody', /no job nobody/],
  ['job:unit:stage=nowhere', /the stages are .pre, build, test, deploy, .post/],
  ['job:unit:duration=soon', /number of seconds/],
  ['job:docs:needs=deploy', /later stage deploy/],
  ['job:docs:needs=docs', /circle/],
  ['runner:second:concurrent=2', /without --runners/],
  ['attic-private', /changes are job:NAME:needs=A,B, .*or a task that changes the pipeline: TASK\[:OPTION\]/],
])('ci simulate refuses --change %s', async (change, message) => {
  await expect(simulated([change])).rejects.toThrow(message);
});
