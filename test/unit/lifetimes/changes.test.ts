import { expect, test } from 'vitest';
import { editConfiguration } from '../../../source/core/ci/edit/edit.ts';
import type { ChangeName } from '../../../source/core/lifetimes/changes/model.ts';
import { change, diff, filesOf, namesOf, type Question, readingOf } from './world.ts';

const tools = `download:tools:
  stage: build
  script:
    - curl -fsSL https://github.com/a/tool/releases/download/v1.2.3/tool -o dist/tools/tool
  artifacts:
    expire_in: 1 day # not long
    paths: [dist/tools/]
`;

const lint = (cache: string): string =>
  `lint:\n  script: uv sync\n${cache}types:\n  script: uv sync\n${cache}`;
const cacheOf = (key: string, path = '.cache/uv'): string =>
  `  cache:\n    key: ${key}\n    paths: [${path}]\n`;
const perJob = '"$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"';
const locked = { 'uv.lock': '' };

interface Case {
  readonly text: string;
  readonly names: readonly ChangeName[];
  readonly files?: Readonly<Record<string, string>>;
  readonly question?: Question;
  /** Lines that go and come, of the entry file. */
  readonly lines: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'tools are kept for a week, and the comment stays': {
    text: tools,
    names: ['expiry'],
    lines: ['-    expire_in: 1 day # not long', '+    expire_in: 1 week # not long'],
  },
  'an expiry that is long enough, or never, stays': {
    text: `${tools.replace('1 day', '2 weeks')}fetch:\n  script: x\n  artifacts: {expire_in: never, paths: [a]}\n`,
    names: ['expiry'],
    lines: [],
  },
  'artifacts that are no tools stay': {
    text: 'build:\n  script: make\n  artifacts: {expire_in: 1 hour, paths: [out]}\n',
    names: ['expiry'],
    lines: [],
  },
  'a key per job becomes one per branch where no lock file is tracked': {
    text: lint(cacheOf(perJob)),
    names: ['keys'],
    lines: [
      `-    key: ${perJob}`,
      `-    key: ${perJob}`,
      '+    key: "uv-$CI_COMMIT_REF_SLUG"',
      '+    key: "uv-$CI_COMMIT_REF_SLUG"',
    ],
  },
  'and one of the lock file where one is, with the other words of the key as its prefix': {
    text: `lint:\n  script: uv sync\n${cacheOf('"$CI_JOB_NAME-py312-$CI_COMMIT_REF_SLUG"')}`,
    files: locked,
    names: ['keys'],
    lines: [
      '-    key: "$CI_JOB_NAME-py312-$CI_COMMIT_REF_SLUG"',
      '+    key:',
      '+      files:',
      '+        - uv.lock',
      '+      prefix: py312',
    ],
  },
  'a lock file in the folder of the cache is that folder’s': {
    text: `web:\n  script: npm ci\n${cacheOf('$CI_COMMIT_REF_SLUG', 'web/node_modules/')}`,
    files: { 'package-lock.json': '', 'web/package-lock.json': '' },
    names: ['keys'],
    lines: [
      '-    key: $CI_COMMIT_REF_SLUG',
      '+    key:',
      '+      files:',
      '+        - web/package-lock.json',
      '+      prefix: node_modules',
    ],
  },
  'a template is changed once for all that extend it': {
    text: `.uv:\n${cacheOf(perJob)}lint:\n  extends: .uv\n  script: x\ntypes:\n  extends: .uv\n  script: y\n`,
    names: ['keys'],
    lines: [`-    key: ${perJob}`, '+    key: "uv-$CI_COMMIT_REF_SLUG"'],
  },
  'only for some jobs: each gets a key of its own, and the template stays': {
    text: `.uv:\n${cacheOf(perJob)}lint:\n  extends: .uv\n  script: x\ntypes:\n  extends: .uv\n  script: y\n`,
    names: ['keys'],
    question: { jobs: new Set(['types']) },
    lines: ['+  cache:', '+    key: "uv-$CI_COMMIT_REF_SLUG"'],
  },
  'a list keeps its other caches, its comments and its style': {
    text: `lint:\n  script: x\n  cache:\n    - key: ${perJob} # ours\n      paths: [.cache/uv]\n    # the other\n    - key: other\n      paths: [b]\n`,
    files: locked,
    names: ['keys'],
    lines: [`-    - key: ${perJob} # ours`, '+    - key: {files: [uv.lock], prefix: uv} # ours'],
  },
  'a cache of default is changed where it stands': {
    text: `default:\n${cacheOf(perJob)}lint:\n  script: x\ntypes:\n  script: y\n`,
    names: ['keys'],
    lines: [
      '+  cache:',
      '+    key: uv-$CI_COMMIT_REF_SLUG',
      '+    paths:',
      '+      - .cache/uv',
      '+  cache:',
      '+    key: uv-$CI_COMMIT_REF_SLUG',
      '+    paths:',
      '+      - .cache/uv',
    ],
  },
  'a key that is new in every pipeline is found again': {
    text: `lint:\n  script: x\n${cacheOf('uv-$CI_PIPELINE_ID')}`,
    names: ['keys'],
    lines: ['-    key: uv-$CI_PIPELINE_ID', '+    key: "uv-$CI_COMMIT_REF_SLUG"'],
  },
  'a key of what was built keeps following the branch, with or without a lock file': {
    text: `build:\n  script: x\n${cacheOf('bazel-$CI_COMMIT_REF_SLUG', '.cache/bazel')}`,
    files: { 'MODULE.bazel.lock': '' },
    names: ['keys'],
    lines: [],
  },
  'the default branch is fallen back to where it can be seen': {
    text: lint(cacheOf(perJob)),
    names: ['keys'],
    question: { isSeparated: false },
    lines: [
      `-    key: ${perJob}`,
      `-    key: ${perJob}`,
      '+    key: "uv-$CI_COMMIT_REF_SLUG"',
      '+    fallback_keys:',
      '+      - uv-main',
      '+    key: "uv-$CI_COMMIT_REF_SLUG"',
      '+    fallback_keys:',
      '+      - uv-main',
    ],
  },
  'or where its caches are let go to every ref': {
    text: `.uv:\n${cacheOf(perJob)}lint:\n  extends: .uv\n  script: x\ntypes:\n  extends: .uv\n  script: y\n`,
    names: ['keys'],
    question: { isSeparated: true, isUnprotected: true },
    lines: [
      `-    key: ${perJob}`,
      '+    key: "uv-$CI_COMMIT_REF_SLUG"',
      '+    fallback_keys:',
      '+      - uv-main',
      '+    unprotect: true',
    ],
  },
  'what is stored under the key of before is begun with, where that is wanted': {
    text: `.uv:\n${cacheOf(perJob)}lint:\n  extends: .uv\n  script: x\ntypes:\n  extends: .uv\n  script: y\n`,
    files: locked,
    names: ['keys'],
    question: { fallback: 'previous' },
    lines: [
      `-    key: ${perJob}`,
      '+    key:',
      '+      files:',
      '+        - uv.lock',
      '+      prefix: uv',
      '+    fallback_keys:',
      '+      - $CI_JOB_NAME-uv-main',
    ],
  },
  'what is installed for different images stays apart': {
    text: `a:\n  image: x\n  script: x\n${cacheOf('$CI_JOB_NAME-$CI_PIPELINE_ID', '.venv')}b:\n  image: y\n  script: x\n${cacheOf('$CI_JOB_NAME-$CI_PIPELINE_ID', '.venv')}`,
    names: ['keys'],
    lines: [
      '-    key: $CI_JOB_NAME-$CI_PIPELINE_ID',
      '-    key: $CI_JOB_NAME-$CI_PIPELINE_ID',
      '+    key: "$CI_JOB_NAME-venv-$CI_COMMIT_REF_SLUG"',
      '+    key: "$CI_JOB_NAME-venv-$CI_COMMIT_REF_SLUG"',
    ],
  },
  'a key per job stays where nobody else keeps these paths': {
    text: `lint:\n  script: x\n${cacheOf('$CI_JOB_NAME')}`,
    names: ['keys'],
    lines: [],
  },
  'a key per job stays where what is kept cannot be shared': {
    text: `a:\n  script: x\n${cacheOf('$CI_JOB_NAME', 'out')}b:\n  script: x\n${cacheOf('$CI_JOB_NAME', 'out')}`,
    names: ['keys'],
    lines: [],
  },
  'jobs that fill a cache with other things store each for itself': {
    text: `a:\n  script: uv sync\n${cacheOf('uv')}b:\n  script: uv sync --all\n${cacheOf('uv')}`,
    names: ['policy'],
    lines: [],
  },
  'results of builds are stored by each job that makes some': {
    text: `a:\n  script: bazel\n${cacheOf('b', '.cache/bazel')}b:\n  script: bazel\n${cacheOf('b', '.cache/bazel')}`,
    names: ['policy'],
    lines: [],
  },
  'one job stores for the others': {
    text: lint(cacheOf('uv')),
    names: ['policy'],
    lines: ['+    policy: pull'],
  },
  'the template reads, and the job that stores says so': {
    text: `.uv:\n${cacheOf('uv')}    policy: pull-push # both\n  before_script: [uv sync]\na:\n  extends: .uv\n  script: x\nb:\n  extends: .uv\n  script: y\nc:\n  extends: .uv\n  script: z\n`,
    names: ['policy'],
    lines: [
      '-    policy: pull-push # both',
      '+    policy: pull # both',
      '+  cache:',
      '+    policy: pull-push',
    ],
  },
  'a job that reads on other runners stores for itself': {
    text: `a:\n  tags: [linux]\n  script: x\n${cacheOf('uv')}b:\n  tags: [macos]\n  script: x\n${cacheOf('uv')}`,
    names: ['policy'],
    lines: [],
  },
  'a job that is not in every pipeline stores for nobody': {
    text: `stages: [one, two]\na:\n  stage: one\n  rules: [{if: $CI_COMMIT_TAG}]\n  script: x\n${cacheOf('uv')}b:\n  stage: two\n  script: x\n${cacheOf('uv')}`,
    names: ['policy'],
    lines: ['+    policy: pull'],
  },
  'keys, then who stores': {
    text: `# top\n.uv:\n${cacheOf(perJob)}    policy: pull-push\n  before_script: [uv sync]\na:\n  extends: .uv\n  script: x\nb:\n  extends: .uv\n  script: y\nc:\n  extends: .uv\n  script: y\n`,
    names: ['keys', 'policy'],
    lines: [`-    key: ${perJob}`, '+    key: "uv-$CI_COMMIT_REF_SLUG"', '+    policy: pull', '+  cache:'],
  },
  'compression is set for all jobs, beside the variables that are there': {
    text: `variables:\n  A: b\n${tools}`,
    names: ['compression'],
    lines: [
      '+  FF_USE_FASTZIP: "true"',
      '+  CACHE_COMPRESSION_LEVEL: fast',
      '+  ARTIFACT_COMPRESSION_LEVEL: fast',
    ],
  },
};

test.each(Object.entries(cases))('%s', (_, { text, names, files = {}, question = {}, lines }) => {
  const before = filesOf({ '.gitlab-ci.yml': text, ...files });
  expect(readingOf(before).configuration.errors).toEqual([]);
  const changed = change(names, before, question);
  expect('refused' in changed ? changed : undefined).toBeUndefined();
  expect(diff(text, changed.text()).sort()).toEqual([...lines].sort());
  expect(namesOf(changed.files)).toEqual(namesOf(before));
  expect(change(names, changed.files, question).edits).toEqual([]);
});

test.each([
  ['\r\n', tools.replaceAll('\n', '\r\n')],
  ['a byte order mark and words beyond ASCII', `\ufeff# größer 🐕\n${tools}`],
])('%s: what is not changed keeps its bytes', (_, text) => {
  const changed = change(['expiry', 'package-registry'], filesOf({ '.gitlab-ci.yml': text }));
  const expected = text
    .replace('1 day', '1 week')
    .replace(
      'curl -fsSL https://github.com/a/tool/releases/download/v1.2.3/tool -o dist/tools/tool',
      'sh "${CI_PROJECT_DIR:-.}/.gitlab/ci/kept-download.sh" https://github.com/a/tool/releases/download/v1.2.3/tool dist/tools/tool',
    );
  expect(changed.text()).toBe(expected);
});

test('an anchored cache that two jobs share is changed for both, and an edit for one alone does not reach the other', () => {
  const text = `.c: &c\n  key: ${perJob}\n  paths: [.cache/uv]\na:\n  cache: *c\n  script: x\nb:\n  cache: *c\n  script: y\n`;
  const before = filesOf({ '.gitlab-ci.yml': text });
  const both = change(['keys'], before).jobs();
  expect([both.a?.cache, both.b?.cache]).toEqual([
    { key: 'uv-$CI_COMMIT_REF_SLUG', paths: ['.cache/uv'] },
    { key: 'uv-$CI_COMMIT_REF_SLUG', paths: ['.cache/uv'] },
  ]);
  const one = change(['keys'], before, { jobs: new Set(['a']) }).jobs();
  expect(one.a?.cache).toEqual({ key: 'uv-$CI_COMMIT_REF_SLUG', paths: ['.cache/uv'] });
  expect(one.b?.cache).toEqual({ key: '$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG', paths: ['.cache/uv'] });
});

test('a list that two jobs share is changed for both or not at all', () => {
  const text = `.l:\n  cache:\n    - key: ${perJob}\n      paths: [.cache/uv]\na:\n  extends: .l\n  script: x\nb:\n  extends: .l\n  script: y\n`;
  const before = filesOf({ '.gitlab-ci.yml': text });
  expect(change(['keys'], before).jobs().b?.cache).toEqual([
    { key: 'uv-$CI_COMMIT_REF_SLUG', paths: ['.cache/uv'] },
  ]);
  const one = change(['keys'], before, { jobs: new Set(['a']) });
  expect(one.edits).toEqual([]);
  expect(one.proposals[0]?.notes.join()).toContain('for all of them or none');
});

test('says why there is nothing to do, and never calls an expiry a saved download', () => {
  const state = (text: string, name: ChangeName) => {
    const [one] = change([name], filesOf({ '.gitlab-ci.yml': text })).proposals;
    return `${one?.state}: ${one?.because}`;
  };
  const bare = 'a:\n  script: x\n';
  expect(state(bare, 'expiry')).toBe('impossible: no job keeps downloaded tools as artifacts');
  expect(state(bare, 'keys')).toBe('impossible: no job has a cache');
  expect(state(lint(cacheOf(perJob)), 'policy')).toContain('change the keys first');
  expect(state(bare, 'package-registry')).toContain('no job downloads a tool');
  const [expiry] = change(['expiry'], filesOf({ '.gitlab-ci.yml': tools })).proposals;
  expect(expiry?.saves[0]).toContain('No download of a later pipeline');
  expect(expiry?.expected).toEqual([]);
  expect(expiry?.saves.join()).not.toContain('the project keeps the latest');
  const [kept] = change(['expiry'], filesOf({ '.gitlab-ci.yml': tools }), { keepsLatest: true }).proposals;
  expect(kept?.saves[1]).toContain('the project keeps the latest artifacts, whatever expire_in says');
});

test('edits are those that the editor takes on the files as they were', () => {
  const before = filesOf({
    '.gitlab-ci.yml': `variables: {A: b}\n${tools}${lint(cacheOf(perJob))}`,
    ...locked,
  });
  const changed = change(['expiry', 'keys', 'policy', 'package-registry', 'compression'], before);
  const { configuration } = readingOf(before);
  const resolve = (files: typeof before) => readingOf(files).configuration;
  const edited = editConfiguration({ files: before, configuration, resolve }, changed.edits);
  expect('files' in edited && edited.files[0]?.after).toBe(changed.text());
  const jobs = changed.jobs();
  expect(jobs.types?.cache).toMatchObject({ key: { files: ['uv.lock'], prefix: 'uv' }, policy: 'pull' });
  expect(jobs.lint?.cache).toEqual({ key: { files: ['uv.lock'], prefix: 'uv' }, paths: ['.cache/uv'] });
});
