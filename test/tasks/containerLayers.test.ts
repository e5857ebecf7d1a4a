import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Part } from '../../source/core/datum.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { findTask, planTask } from '../../source/tasks/find.ts';
import type { Known } from '../../source/tasks/task.ts';
import { type EngineWorld, engineWorld, finish } from './engine/world.ts';

const task = findTask('container-layers');
const loading = { state: 'loading' } as const;
const known: Known = {
  now: '2026-01-01T00:00:00.000Z',
  checkout: loading,
  project: loading,
  token: loading,
  variables: loading,
  protections: loading,
  runners: loading,
  pipelines: loading,
  pipeline: loading,
  signingJobs: loading,
  attic: loading,
  bazelRemote: loading,
  honey: loading,
  tools: loading,
  caches: [],
  variableRows: [],
  signing: [],
  findings: [],
};

type Resolved = Part<{ readonly digest: string; readonly mediaType: string }>;

let world: EngineWorld | undefined;
afterEach(() => world?.remove());

/** A checkout of these files without GitLab; what a registry says of the builder's image. */
function open(files: Readonly<Record<string, string>>, resolved?: Resolved): Workspace {
  world = engineWorld(files);
  const { registry } = world.workspace;
  return world.reopen(
    resolved ? { registry: { ...registry, resolve: () => Promise.resolve(resolved) } } : {},
  );
}

const plan = (workspace: Workspace, option?: string, settings: Record<string, string> = {}) =>
  planTask(task, {
    workspace,
    known,
    choice: { target: 'worktree', settings, ...(option === undefined ? {} : { option }) },
  });

const jobOf = (name: string) =>
  `${name}:\n  image: docker:27\n  services: [docker:27-dind]\n  script:\n    - docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY\n    - docker build -t $CI_REGISTRY_IMAGE/${name}:x ${name}\n    - docker push $CI_REGISTRY_IMAGE/${name}:x\n`;

test('without GitLab it is planned from the files, and what is not known is said to be so', async () => {
  const workspace = open({ '.gitlab-ci.yml': jobOf('app') });
  const planned = await plan(workspace);
  if ('refused' in planned) throw new Error(planned.refused);
  const states = new Map(planned.preflight.map(({ id, state }) => [id, state]));
  expect(states.get('runners-app')).toBe('unknown');
  expect(states.get('protected-branch')).toBe('unknown');
  expect(planned.preflight.find(({ id }) => id === 'builder-image')).toMatchObject({
    state: 'unknown',
    saw: expect.stringMatching(/^moby\/buildkit:v0\.23\.2: not checked whether there is such an image/),
    fix: expect.stringContaining('builder-image='),
  });
  expect(states.get('gain')).toBe('unknown');
  expect(states.get('pushed-tags')).toBe('fine');
  expect(await finish(applyPlan(planned.plan, { workspace, probes: task.probes ?? {} }))).toMatchObject({
    outcome: 'done',
  });
  const text = readFileSync(join(world?.root ?? '', '.gitlab-ci.yml'), 'utf8');
  expect(text).toContain('--cache-to "type=registry,ref=$CI_REGISTRY_IMAGE/cache:');
});

test('only the chosen job changes', async () => {
  const workspace = open({ '.gitlab-ci.yml': `${jobOf('app')}\n${jobOf('worker')}` });
  const planned = await plan(workspace, undefined, { jobs: 'worker' });
  if ('refused' in planned) throw new Error(planned.refused);
  expect(planned.preflight.find(({ id }) => id === 'jobs-changed')?.saw).toBe('worker (script)');
});

test('a builder that its registry does not know refuses the plan', async () => {
  const failure = {
    kind: 'needs-user',
    tried: 'HEAD',
    saw: '404',
    next: ['Check the repository and the tag.'],
    code: 'no-such-image',
  } as const;
  const workspace = open({ '.gitlab-ci.yml': jobOf('app') }, { failure });
  expect(await plan(workspace)).toMatchObject({ refused: expect.stringContaining('knows no moby/buildkit') });
});

test('a builder that stays as the job has it is not looked for', async () => {
  const workspace = open({
    '.gitlab-ci.yml':
      'a:\n  image: registry.example/ci/buildah:1.33\n  script:\n    - buildah build -t $CI_REGISTRY_IMAGE:x .\n    - buildah push $CI_REGISTRY_IMAGE:x\n',
  });
  const planned = await plan(workspace, 'buildah');
  if ('refused' in planned) throw new Error(planned.refused);
  const ids = planned.preflight.map(({ id }) => id);
  expect(ids).not.toContain('builder-image');
  expect(planned.preflight.map(({ saw }) => saw).join('\n')).toContain('refuses the cache fails the build');
});

test('a builder that is there is named with its digest', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const workspace = open({ '.gitlab-ci.yml': jobOf('app') }, { value: { digest, mediaType: 'x' } });
  expect(await plan(workspace)).toMatchObject({
    preflight: expect.arrayContaining([
      expect.objectContaining({ id: 'builder-image', state: 'fine', saw: expect.stringContaining(digest) }),
    ]),
  });
});

test('what cannot be changed is offered as not possible, with the reason', async () => {
  const cases: Record<string, RegExp> = {
    'test:\n  script: make\n': /No job builds an image/,
    'a:\n  trigger:\n    include:\n      - artifact: child.yml\n        job: make\nmake:\n  stage: .pre\n  script: ./generate\n':
      /starts a pipeline from child\.yml, which make makes anew/,
    'a:\n  image: docker:27\n  script:\n    - for i in 1 2; do docker build -t $i .; done\n': /in a loop/,
  };
  for (const [text, because] of Object.entries(cases)) {
    const workspace = open({ '.gitlab-ci.yml': text });
    const options = (await task.options?.({ workspace, known })) ?? [];
    expect(options.filter(({ possible }) => possible)).toEqual([]);
    expect(options.filter(({ recommended }) => recommended)).toHaveLength(1);
    expect(options[0]?.because).toMatch(because);
    world?.remove();
  }
});

test('where none is possible, it is said what to write by hand', async () => {
  const workspace = open({
    '.gitlab-ci.yml':
      'a:\n  image: docker:27\n  services: [docker:27-dind]\n  script:\n    - docker compose build\n',
    'compose.yaml': 'services:\n  app:\n    build: .\n',
  });
  const options = (await task.options?.({ workspace, known })) ?? [];
  expect(options[0]).toMatchObject({
    possible: false,
    because: expect.stringContaining('(.gitlab-ci.yml:5)'),
    byHand: expect.arrayContaining(['  app:', '      cache_to:']),
  });
  const failure = await plan(workspace).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ next: expect.arrayContaining(['To write by hand:', '    app:']) });
});

test('images that may be built where the configuration does not say are named beside those that change', async () => {
  const workspace = open({
    '.gitlab-ci.yml': `include:\n  - component: gitlab.example.com/a/b/build@1.2.0\n${jobOf('app')}`,
  });
  const planned = await plan(workspace);
  expect(planned.preflight.find(({ id }) => id === 'beyond-1')).toMatchObject({
    state: 'unknown',
    saw: expect.stringContaining('gitlab.example.com/a/b/build@1.2.0'),
  });
});

test('Kaniko of today: rootless BuildKit is recommended, and why', async () => {
  const workspace = open({
    '.gitlab-ci.yml':
      'a:\n  image:\n    name: gcr.io/kaniko-project/executor:debug\n    entrypoint: [""]\n  script:\n    - /kaniko/executor --context $CI_PROJECT_DIR --destination $CI_REGISTRY_IMAGE:x\n',
  });
  const options = (await task.options?.({ workspace, known })) ?? [];
  const [best] = options.filter(({ recommended }) => recommended);
  expect(best?.name).toBe('buildkit-rootless');
  expect(best?.because).toMatch(/no Docker daemon is beside the job.*user namespaces/s);
  expect(options.find(({ name }) => name === 'buildkit')).toMatchObject({ possible: false });
});

test('Buildah stays with who builds with it: the fewest lines change', async () => {
  const workspace = open({
    '.gitlab-ci.yml':
      'a:\n  image: quay.io/buildah/stable:v1.39.3\n  script:\n    - buildah build -t $CI_REGISTRY_IMAGE:x .\n    - buildah push $CI_REGISTRY_IMAGE:x\n',
  });
  const options = (await task.options?.({ workspace, known })) ?? [];
  const [best] = options.filter(({ recommended }) => recommended);
  expect(best?.name).toBe('buildah');
  expect(best?.because).toContain('builds with Buildah already');
  expect(options.find(({ name }) => name === 'buildkit-rootless')).toMatchObject({ possible: true });
});
