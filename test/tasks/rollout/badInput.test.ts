import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { findTask, planTask } from '../../../source/tasks/find.ts';
import { finish } from '../engine/world.ts';
import { sandboxTask } from '../sandboxTask.ts';

const { look, session } = sandboxTask('container-layers');

function rootOf(): string {
  const { sandbox } = session();
  if (!sandbox) throw new Error('no sandbox');
  return sandbox.checkout;
}

/** Puts a configuration in the place of the checkout's. */
function write(text: string): void {
  writeFileSync(join(rootOf(), '.gitlab-ci.yml'), text);
}

function read(): string {
  return readFileSync(join(rootOf(), '.gitlab-ci.yml'), 'utf8');
}

afterEach(() => {
  execFileSync('git', ['-C', rootOf(), 'checkout', '-q', '--', '.']);
});

async function planned(name: string, option?: string) {
  const choice = { target: 'worktree' as const, settings: {}, ...(option === undefined ? {} : { option }) };
  return planTask(findTask(name), { ...(await look()), choice });
}

/** Why there is no plan: it is refused, throws, or has no steps. */
async function refusal(name: string, option?: string): Promise<string> {
  try {
    const made = await planned(name, option);
    if ('refused' in made) return made.refused;
    return made.plan.steps.length === 0 ? 'nothing to do' : `steps: ${made.plan.steps.map(({ id }) => id)}`;
  } catch (thrown) {
    if (thrown instanceof Error) return thrown.message;
    throw thrown;
  }
}

async function changed(name: string, option?: string): Promise<string[]> {
  const before = read().split('\n');
  const made = await planned(name, option);
  if ('refused' in made) throw new Error(made.refused);
  const { workspace } = session();
  const probes = findTask(name).probes ?? {};
  expect(await finish(applyPlan(made.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  return read()
    .split('\n')
    .filter((line) => !before.includes(line));
}

const docker = (script: string): string => `  image: docker:27
  services: [docker:27-dind]
  script:
    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"
    - ${script}
`;

test('no image job: refused, and said', async () => {
  write('stages: [test]\nlint:\n  stage: test\n  script: [make lint]\n');
  const why = await refusal('container-layers', 'buildkit');
  expect(why).toMatch(/No job builds an image|no job of this configuration builds an image/);
});

test('several image jobs: each gets its own cache, and no other job changes', async () => {
  write(`stages: [build]
api:
  stage: build
${docker('docker build --push -t "$CI_REGISTRY_IMAGE/api:$CI_COMMIT_SHA" -f api/Dockerfile .')}
web:
  stage: build
${docker('docker build --push -t "$CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA" -f web/Dockerfile .')}
lint:
  stage: build
  script: [make lint]
`);
  const made = await planned('container-layers', 'buildkit');
  if ('refused' in made) throw new Error(made.refused);
  const line = made.preflight.find(({ id }) => id === 'jobs-changed');
  expect(line?.saw).toMatch(/api \(.*\), web \(/);
  expect(line?.saw).not.toContain('lint');
});

test('a child pipeline that a job generates: it is said that image jobs may be there, and nothing is changed', async () => {
  write(`stages: [build]
generate:
  stage: build
  script: [./generate > child.yml]
  artifacts: { paths: [child.yml] }
child:
  stage: build
  trigger:
    include: [{ artifact: child.yml, job: generate }]
`);
  expect(await refusal('container-layers', 'buildkit')).toMatch(/child/);
});

test('jobs that only an include has, which this checkout does not hold: nothing is changed there', async () => {
  write(`include:
  - project: group/templates
    file: /image.yml
stages: [build]
`);
  const why = await refusal('container-layers', 'buildkit');
  expect(why).toMatch(/no job of this configuration builds an image|No job builds an image/);
  expect(why).toContain('group/templates');
});

const shared = `stages: [build]
.script: &script
  - docker build --push -t "$CI_REGISTRY_IMAGE:$CI_JOB_NAME" .
first:
  stage: build
  image: docker:27
  services: [docker:27-dind]
  script: *script
second:
  stage: build
  image: docker:27
  services: [docker:27-dind]
  script: *script
`;

test('an anchor that two jobs share: an edit to one does not change the other, or is refused', async () => {
  write(shared);
  const choice = { target: 'worktree' as const, settings: { jobs: 'first' }, option: 'buildkit' };
  const made = await planTask(findTask('container-layers'), { ...(await look()), choice });
  if ('refused' in made) expect(made.refused).toMatch(/second|share|anchor/);
  else expect(made.preflight.find(({ id }) => id === 'jobs-changed')?.saw).toMatch(/^first \([^)]*\)$/);
});

test('Windows line ends stay Windows line ends', async () => {
  const text = read().replace(/\r?\n/g, '\r\n');
  write(text);
  const lines = await changed('container-layers', 'buildkit');
  expect(lines.length).toBeGreaterThan(0);
  expect(read().replace(/\r\n/g, '')).not.toContain('\n');
  const before = new Set(text.split('\r\n'));
  const gone = text.split('\r\n').filter((line) => !read().split('\r\n').includes(line));
  expect(gone.every((line) => before.has(line) && /docker (?:build|push)/.test(line))).toBe(true);
});

test.each(['container-layers', 'parallel-jobs', 'cache-lifetimes'])(
  '%s says what it cannot do with an empty or a broken configuration',
  async (name) => {
    for (const text of ['', 'stages: [a\n', '- a\n- b\n', 'include: 7\n']) {
      write(text);
      const why = await refusal(name);
      expect(why).not.toMatch(/^steps/);
      expect(why).not.toMatch(/undefined|TypeError|\[object/);
    }
  },
);
