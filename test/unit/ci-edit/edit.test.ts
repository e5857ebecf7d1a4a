import { expect, test } from 'vitest';
import { editConfiguration, overlay } from '../../../source/core/ci/edit/edit.ts';
import type { JobEdit } from '../../../source/core/ci/edit/model.ts';
import { changedJobs } from '../../../source/core/ci/effect.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { CiFiles, Configuration } from '../../../source/core/ci/model.ts';

const entry = '.gitlab-ci.yml';

function configurationOf(files: CiFiles): Configuration {
  return jobSet(entry, { event: 'push', ref: 'main', defaultBranch: 'main', variables: {}, files })
    .configuration;
}

function edited(contents: Readonly<Record<string, string>> | string, ...edits: JobEdit[]) {
  const texts = typeof contents === 'string' ? { [entry]: contents } : contents;
  const files = { read: (path: string) => texts[path], list: () => Object.keys(texts) };
  const configuration = configurationOf(files);
  expect(configuration.errors).toEqual([]);
  const result = editConfiguration({ files, configuration, resolve: configurationOf }, edits);
  if ('refused' in result) return { refused: result.refused, paste: result.paste };
  const after = configurationOf(
    overlay(files, new Map(result.files.map((file) => [file.path, file.after] as const))),
  );
  return {
    texts: Object.fromEntries(result.files.map(({ path, after }) => [path, after])),
    changed: changedJobs(configuration, after).map(
      ({ job, keywords }) => `${job}: ${keywords.toSorted().join(', ')}`,
    ),
  };
}

function set(job: string, path: string, yaml: string): JobEdit {
  const [first = '', ...rest] = path.split('.');
  return { kind: 'set', job, path: [first, ...rest], yaml };
}

/** By what is done: before, the edits, after; one file. */
const single: Record<string, [before: string, edits: JobEdit[], after: string]> = {
  'replaces a value and keeps what stands beside it': [
    'a:\n  stage: test # where it runs\n  script: x\n',
    [set('a', 'stage', 'build')],
    'a:\n  stage: build # where it runs\n  script: x\n',
  ],
  'keeps a comment behind the key where the value comes to stand on lines of its own': [
    'a:\n  image: x # why\n  script: [ x, y ]  # both\n',
    [set('a', 'image', 'name: z'), set('a', 'script', '- x\n- |\n  y\n  z')],
    'a:\n  image: # why\n    name: z\n  script:  # both\n    - x\n    - |\n      y\n      z\n',
  ],
  'adds needs behind the stage': [
    '# top\na:\n  stage: test   # here\n  script:\n    - x\n\n# next\nb:\n  script: y\n',
    [set('a', 'needs', '[]')],
    '# top\na:\n  stage: test   # here\n  needs: []\n  script:\n    - x\n\n# next\nb:\n  script: y\n',
  ],
  'adds at the end of the last job, without a line end as before': [
    'b:\n  stage: build\n  script: y\na:\n  stage: test\n  script: x',
    [set('a', 'artifacts.expire_in', '1 week')],
    'b:\n  stage: build\n  script: y\na:\n  stage: test\n  script: x\n  artifacts:\n    expire_in: 1 week',
  ],
  'keeps items that stay, with their comments': [
    'b:\n  stage: build\n  script: y\nc:\n  stage: build\n  script: y\na:\n  needs:\n    # the first\n    - b # why\n    - c\n  script: x\n',
    [set('a', 'needs', '- b')],
    'b:\n  stage: build\n  script: y\nc:\n  stage: build\n  script: y\na:\n  needs:\n    # the first\n    - b # why\n  script: x\n',
  ],
  'adds an item at the end in the style of the list': [
    'b:\n  stage: build\n  script: y\nc:\n  stage: build\n  script: y\na:\n  needs:\n  - b # why\n  script: x\n',
    [set('a', 'needs', '- b\n- job: c\n  optional: true')],
    'b:\n  stage: build\n  script: y\nc:\n  stage: build\n  script: y\na:\n  needs:\n  - b # why\n  - job: c\n    optional: true\n  script: x\n',
  ],
  'turns a list into another form': [
    'b:\n  stage: build\n  script: y\na:\n  needs:\n    - b\n  script: x\n',
    [set('a', 'needs', '[]')],
    'b:\n  stage: build\n  script: y\na:\n  needs: []\n  script: x\n',
  ],
  'writes into braces': [
    'a: { stage: test, script: [x] }\n',
    [set('a', 'needs', '[]'), set('a', 'artifacts.paths', '- out')],
    'a: { stage: test, script: [x], needs: [], artifacts: { paths: [ out ] } }\n',
  ],
  'fills an empty value': [
    'a:\n  needs: # none yet\n  script: x\n',
    [set('a', 'needs', '[]')],
    'a:\n  needs: [] # none yet\n  script: x\n',
  ],
  'replaces an alias by a value of the job’s own': [
    '.n: &n\n  - b\nb:\n  stage: build\n  script: y\na:\n  needs: *n\n  script: x\nc:\n  needs: *n\n  script: x\n',
    [set('a', 'needs', '[]')],
    '.n: &n\n  - b\nb:\n  stage: build\n  script: y\na:\n  needs: []\n  script: x\nc:\n  needs: *n\n  script: x\n',
  ],
  'merges into an aliased mapping': [
    '.keep: &keep\n  paths: [out]\n  expire_in: 1 day\na:\n  script: x\n  artifacts: *keep\nb:\n  script: x\n  artifacts: *keep\n',
    [set('a', 'artifacts.expire_in', '1 week')],
    '.keep: &keep\n  paths: [out]\n  expire_in: 1 day\na:\n  script: x\n  artifacts:\n    <<: *keep\n    expire_in: 1 week\nb:\n  script: x\n  artifacts: *keep\n',
  ],
  'overrides a part of what extends gives': [
    '.t:\n  artifacts:\n    paths: [out]\n    expire_in: 1 day\na:\n  extends: .t\n  script: x\nb:\n  extends: .t\n  script: x\n',
    [set('a', 'artifacts.expire_in', '1 week')],
    '.t:\n  artifacts:\n    paths: [out]\n    expire_in: 1 day\na:\n  extends: .t\n  script: x\n  artifacts:\n    expire_in: 1 week\nb:\n  extends: .t\n  script: x\n',
  ],
  'writes the whole of what a merge key gives': [
    '.t: &t\n  artifacts:\n    paths: [out]\n    expire_in: 1 day\na:\n  <<: *t\n  script: x\nb:\n  <<: *t\n  script: x\n',
    [set('a', 'artifacts.expire_in', '1 week')],
    '.t: &t\n  artifacts:\n    paths: [out]\n    expire_in: 1 day\na:\n  <<: *t\n  script: x\n  artifacts:\n    paths:\n      - out\n    expire_in: 1 week\nb:\n  <<: *t\n  script: x\n',
  ],
  'changes the template when all that use it change alike': [
    '.t: &t\n  artifacts:\n    paths: [out]\n    expire_in: 1 day # short\na:\n  <<: *t\n  script: x\nb:\n  extends: .t\n  script: x\n',
    [set('a', 'artifacts.expire_in', '1 week'), set('b', 'artifacts.expire_in', '1 week')],
    '.t: &t\n  artifacts:\n    paths: [out]\n    expire_in: 1 week # short\na:\n  <<: *t\n  script: x\nb:\n  extends: .t\n  script: x\n',
  ],
  'writes a script over several lines': [
    'a:\n  script:\n    - x\n    - |\n      y\n      z\n  stage: test\n',
    [set('a', 'script', '- x\n- |\n  one\n\n  two')],
    'a:\n  script:\n    - x\n    - |\n      one\n\n      two\n  stage: test\n',
  ],
  'removes a keyword with its lines': [
    'a:\n  stage: test\n  artifacts:\n    paths:\n      - out\n\n  script: x\n',
    [{ kind: 'remove', job: 'a', path: ['artifacts'] }],
    'a:\n  stage: test\n\n  script: x\n',
  ],
  'removes from braces': [
    'a: { stage: test, needs: [], script: [x] }\n',
    [{ kind: 'remove', job: 'a', path: ['needs'] }],
    'a: { stage: test, script: [x] }\n',
  ],
  'keeps Windows line ends': [
    'a:\r\n  stage: test\r\n  script:\r\n    - x\r\n',
    [set('a', 'artifacts', 'paths:\n  - out'), set('a', 'needs', '[]')],
    'a:\r\n  stage: test\r\n  needs: []\r\n  script:\r\n    - x\r\n  artifacts:\r\n    paths:\r\n      - out\r\n',
  ],
  'keeps a byte order mark and what is not ASCII': [
    '\ufeff# Grüße 🐕\na:\n  script: "é"\n  stage: test\n',
    [set('a', 'stage', 'build')],
    '\ufeff# Grüße 🐕\na:\n  script: "é"\n  stage: build\n',
  ],
};

test.each(Object.entries(single))('%s', (_, [before, edits, after]) => {
  expect(edited(before, ...edits)).toMatchObject({ texts: { [entry]: after } });
});

test('edits the included file that writes the keyword, and nothing else', () => {
  const contents = {
    [entry]: 'include:\n  - local: ci/a.yml\nstages: [build, test]\na:\n  tags: [x]\n',
    'ci/a.yml': '# ours\na:\n  stage: test\n  needs: ["b"]\n  script: x\nb:\n  stage: build\n  script: y\n',
  };
  expect(edited(contents, set('a', 'needs', '[]'))).toEqual({
    texts: {
      'ci/a.yml': '# ours\na:\n  stage: test\n  needs: []\n  script: x\nb:\n  stage: build\n  script: y\n',
    },
    changed: ['a: needs'],
  });
});

test('changes each of two templates that hold the same value, in one file and in another', () => {
  const template = (name: string) =>
    `.${name}:\n  cache:\n    key: old # of ${name}\n    paths: [.cache]\n${name}1:\n  extends: .${name}\n  script: x\n${name}2:\n  extends: .${name}\n  script: x\n`;
  const contents = {
    [entry]: `include:\n  - local: c.yml\n${template('a')}${template('b')}`,
    'c.yml': template('c'),
  };
  const jobs = ['c1', 'c2', 'a1', 'a2', 'b1', 'b2'];
  const long = 'files:\n  - uv.lock\nprefix: uv';
  const edits = ['key', 'policy'].flatMap((name) =>
    jobs.map((job) => set(job, `cache.${name}`, name === 'key' ? long : 'pull')),
  );
  const { texts = {} } = edited(
    contents,
    ...edits.filter((edit) => edit.kind === 'set' && edit.path[1] === 'key'),
  );
  const lines = (text = '') => text.split('\n').filter((line) => /key:|files:|cache:/.test(line));
  expect(lines(texts[entry])).toEqual([
    '  cache:',
    '    key: # of a',
    '      files:',
    '  cache:',
    '    key: # of b',
    '      files:',
  ]);
  expect(lines(texts['c.yml'])).toEqual(['  cache:', '    key: # of c', '      files:']);
  expect(edited(contents, ...edits)).toMatchObject({ changed: jobs.map((job) => `${job}: cache`) });
});

test('writes bytes where they were found, counted in UTF-8', () => {
  const before = '# Grüße\na:\n  script:\n    - old ü\n';
  const start = Buffer.from(before.slice(0, before.indexOf('old'))).length;
  const edit: JobEdit = { kind: 'text', file: entry, start, end: start + 3, text: 'new' };
  expect(edited(before, edit, set('a', 'stage', 'build'))).toMatchObject({
    texts: { [entry]: '# Grüße\na:\n  script:\n    - new ü\n  stage: build\n' },
    changed: ['a: script, stage'],
  });
});

test('refuses a value that other places stand for, with the lines to write by hand', () => {
  const before =
    'a:\n  needs: &n [b]\n  script: x\nc:\n  needs: *n\n  script: x\nb:\n  stage: build\n  script: y\n';
  expect(edited(before, set('a', 'needs', '[]'))).toMatchObject({
    refused: expect.stringContaining('needs of a cannot be changed by itself'),
    paste: ['a:', '  needs: []'],
  });
});

test('refuses when a later merge key decides', () => {
  const before =
    '.t: &t\n  stage: test\na:\n  stage: build\n  <<: *t\n  script: x\nb:\n  <<: *t\n  script: x\n';
  expect(edited(before, set('a', 'stage', 'deploy'))).toMatchObject({
    refused: expect.stringContaining('another place'),
  });
});

test('gives no file when nothing is to be done', () => {
  const before = 'a:\n  stage: test\n  script: x\n';
  expect(edited(before, set('a', 'stage', 'test'))).toEqual({ texts: {}, changed: [] });
  expect(edited(before, { kind: 'remove', job: 'a', path: ['needs'] })).toEqual({ texts: {}, changed: [] });
});
