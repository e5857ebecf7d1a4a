import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConfiguration } from '../../../source/core/ci/checks/index.ts';
import { changedJobs } from '../../../source/core/ci/effect.ts';
import type { CiFiles, PipelineEvent } from '../../../source/core/ci/model.ts';
import { plain } from '../../../source/core/ci/yaml/node.ts';
import { imageJobs } from '../../../source/core/container/imageJob.ts';
import { imageName } from '../../../source/core/container/imageName.ts';
import { type LayerOption, layerOptions } from '../../../source/core/container/layerOption.ts';
import { ci, container } from '../../../source/sandbox/checkout/template.ts';
import { change, entry, filesOf, setOf, type Texts } from './layers.ts';

const events: readonly PipelineEvent[] = ['push', 'merge_request', 'tag'];

/** What the jobs of an event are, all but how they build. */
function shape(files: CiFiles, event: PipelineEvent): unknown {
  const { errors, jobs, stages } = setOf(files, event);
  const kept = ['rules', 'artifacts', 'timeout', 'retry', 'extends', 'dependencies', 'environment', 'cache'];
  return {
    errors: errors.map(({ message }) => message),
    stages,
    jobs: jobs.map(({ name, stage, when, allowFailure, tags, needs, definition }) => ({
      name,
      stage,
      when,
      allowFailure,
      tags,
      needs,
      kept: kept.map((keyword) => {
        const node = definition.keywords.entries.get(keyword)?.value;
        return node && plain(node);
      }),
    })),
  };
}

function pushes(files: CiFiles): string[] {
  const jobs = imageJobs(setOf(files).configuration, files);
  const found = jobs.flatMap(({ job, images, steps }) => [
    ...images.flatMap(({ pushed }) => pushed.map((tag) => `${job.name} ${imageName(tag)}`)),
    ...steps.flatMap((step) =>
      step.kind === 'push' && step.image ? [`${job.name} ${imageName(step.image)}`] : [],
    ),
  ]);
  return [...new Set(found)].sort();
}

/** What the checks find; lines move with an edit. */
function findings(files: CiFiles): Set<string> {
  const sets = new Map(events.map((event) => [event, setOf(files, event)] as const));
  const { configuration } = setOf(files);
  return new Set(
    checkConfiguration({ configuration, sets, files })
      .filter(({ rule }) => rule !== 'archived-kaniko')
      .map(({ rule, title }) => `${rule} ${title}`),
  );
}

/** For each way: the same jobs, the same tags, only meant jobs touched, and a second plan that is empty. */
function hold(texts: Texts): Map<LayerOption, readonly string[]> {
  const made = new Map<LayerOption, readonly string[]>();
  for (const option of layerOptions) {
    const { before, after, answer, refused } = change(texts, option);
    expect(refused, option).toBeUndefined();
    for (const event of events) expect(shape(after, event), option).toEqual(shape(before, event));
    const known = findings(before);
    expect(
      [...findings(after)].filter((finding) => !known.has(finding)),
      option,
    ).toEqual([]);
    expect(pushes(after), option).toEqual(pushes(before));
    const touched = changedJobs(setOf(before).configuration, setOf(after).configuration);
    expect(new Set(touched.map(({ job }) => job)), option).toEqual(new Set(answer.changed));
    for (const { keywords } of touched)
      for (const keyword of keywords)
        expect(['script', 'before_script', 'image', 'services', 'variables']).toContain(keyword);
    made.set(option, answer.changed);
    if (answer.changed.length === 0) continue;
    const all = Object.fromEntries(after.list().map((path) => [path, after.read(path) ?? '']));
    const again = change(all, option, { selected: answer.changed });
    expect(again.answer, option).toMatchObject({
      edits: [],
      changed: [],
      refused: [],
      cached: answer.changed,
    });
  }
  return made;
}

const login =
  'echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY';
const image = fc.constantFrom('$CI_REGISTRY_IMAGE', '$REGISTRY', '$' + '{REGISTRY}/app');
const tag = fc.constantFrom('$CI_COMMIT_SHA', '$TAG-amd64', 'latest', '"$CI_COMMIT_REF_SLUG"');
const flags = fc.subarray([
  '--pull',
  '-f ContainerFile',
  '--file="Container File"',
  '--build-arg A=1',
  '--build-arg "B=$CI_COMMIT_SHA"',
  '--target final',
  '--cache-from $CI_REGISTRY_IMAGE:latest',
  '--build-arg BUILDKIT_INLINE_CACHE=1',
  '--label=a=b',
  '--platform linux/amd64',
]);

const buildFiles = ['Dockerfile', 'ContainerFile', 'Container File'];

const commands = fc
  .record({
    image,
    tags: fc.uniqueArray(tag, { minLength: 1, maxLength: 3 }),
    flags,
    push: fc.constantFrom('apart', 'joined', 'build', 'none'),
    retag: fc.boolean(),
    program: fc.constantFrom('docker build', 'docker image build', 'docker buildx build'),
    isSplit: fc.boolean(),
    extra: fc.subarray([
      'docker pull $CI_REGISTRY_IMAGE:latest || true',
      'echo done',
      'echo "A=1" >> build.env',
    ]),
  })
  .map(({ image: name, tags, flags: given, push, retag, program, isSplit, extra }) => {
    const names = tags.map((one) => `${name}:${one}`);
    const build = push === 'build' ? 'docker buildx build' : program;
    const words = [
      build,
      ...given,
      ...names.map((one) => `-t ${one}`),
      ...(push === 'build' ? ['--push'] : []),
      '.',
    ];
    const line = isSplit ? words.join(' \\\n  ') : words.join(' ');
    const [first = ''] = names;
    const other = `${name}:copy`;
    const pushed = [...names, ...(retag && push === 'apart' ? [other] : [])].map(
      (one) => `docker push ${one}`,
    );
    return [
      ...extra.filter((one) => one.includes('pull')),
      ...(push === 'joined' ? [`${line} && ${pushed.join(' && ')}`] : [line]),
      ...(retag && push === 'apart' ? [`docker tag ${first} ${other}`] : []),
      ...(push === 'apart' ? pushed : []),
      ...extra.filter((one) => !one.includes('pull')),
    ];
  });

/** The same script, as lists, blocks and with Windows line ends. */
const written = fc.record({
  commands,
  isBlock: fc.boolean(),
  place: fc.constantFrom('job', 'extends', 'anchor', 'shared'),
  isWindows: fc.boolean(),
  login: fc.constantFrom('before', 'first', 'none'),
});

test('every way keeps jobs, stages, needs, rules, tags, artifacts and the pushed tags, and is done at once', () => {
  fc.assert(
    fc.property(written, ({ commands: list, isBlock, place, isWindows, login: at }) => {
      const all = at === 'first' ? [login, ...list] : list;
      const script = isBlock
        ? `  script:\n    - |\n${all.map((line) => `      ${line.replaceAll('\n', '\n      ')}\n`).join('')}`
        : `  script:\n${all.map((line) => (line.includes('\n') ? `    - |\n      ${line.replaceAll('\n', '\n      ')}\n` : `    - ${line}\n`)).join('')}`;
      const docker = `  image: docker:27\n  services: [docker:27-dind]\n  variables:\n    DOCKER_TLS_CERTDIR: "/certs"\n${at === 'before' ? `  before_script:\n    - ${login}\n` : ''}`;
      const rest = `  stage: build\n  tags: [linux]\n  retry: 1\n  artifacts:\n    reports:\n      dotenv: build.env\n`;
      const jobs = {
        job: `build:\n${docker}${rest}${script}`,
        extends: `.docker:\n${docker}build:\n  extends: .docker\n${rest}${script}latest:\n  extends: .docker\n  script: [docker pull x]\n`,
        anchor: `.base: &base\n${docker}${script}build:\n  <<: *base\n${rest}`,
        shared: `.base:\n${docker}${script}build:\n  extends: .base\n${rest}other:\n  extends: .base\n  stage: build\n`,
      }[place];
      const text = `# top\nvariables:\n  REGISTRY: $CI_REGISTRY_IMAGE\n  TAG: $CI_COMMIT_SHORT_SHA\n\n${jobs}\nuse:\n  stage: test\n  needs: [build]\n  image: $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\n  script: [make]\n`;
      const made = hold({
        [entry]: isWindows ? text.replaceAll('\n', '\r\n') : text,
        // Buildah is refused where the arguments’ use is not known.
        ...Object.fromEntries(buildFiles.map((path) => [path, 'FROM a\nARG A\nRUN make $A\n'])),
      });
      for (const option of ['buildkit', 'buildah'] as const)
        expect(made.get(option)).toEqual(place === 'shared' ? ['build', 'other'] : ['build']);
    }),
    { numRuns: 40, seed: 11 },
  );
});

test('the embedded world’s configuration', () => {
  const texts = { ...container, ...ci('https://attic.example') };
  expect(setOf(filesOf(texts)).errors).toEqual([]);
  hold(texts);
  for (const option of layerOptions)
    expect(change(texts, option).answer.changed).toEqual(['container:build:amd64']);
});

const data = process.env.HUSKYCAT_TEST_DATA;
const folder = data === undefined ? undefined : join(data, 'ci');

describe.skipIf(folder === undefined || !existsSync(folder))(
  'real configurations (HUSKYCAT_TEST_DATA)',
  () => {
    const names = folder !== undefined && existsSync(folder) ? readdirSync(folder) : [];
    test.each(names.map((name) => [name]))('%s', (name) => {
      const root = join(folder ?? '', name);
      const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const texts = Object.fromEntries(
        paths.map((one) => {
          const path = join(one.parentPath, one.name);
          return [relative(root, path), readFileSync(path, 'utf8')];
        }),
      );
      if (texts[entry] !== undefined) hold(texts);
    });
  },
);
