import fc from 'fast-check';
import { stringify } from 'yaml';

/** A repository with a configuration, and the pipeline that is asked for. */
export interface Sample {
  readonly files: Readonly<Record<string, string>>;
  readonly event: 'push' | 'merge_request' | 'tag';
  readonly ref: string;
}

type Keywords = Record<string, unknown>;

const stages = ['build', 'test', 'deploy'];
const words = ['alpha', 'beta', 'gamma'];
const word = fc.constantFrom(...words);
const commands = fc.array(
  word.map((text) => `echo ${text}`),
  { minLength: 1, maxLength: 2 },
);
const variables = fc.dictionary(fc.constantFrom('A', 'B', 'C'), word, { minKeys: 1, maxKeys: 2 });

const match = fc.constantFrom(
  '$CI_COMMIT_TAG =~ /^v\\d+/',
  '$CI_COMMIT_BRANCH =~ /^FEATURE/i',
  '$CI_COMMIT_BRANCH !~ /^stable/',
);
const equality = fc.oneof(
  fc.constantFrom(
    '$CI_COMMIT_BRANCH',
    '$CI_COMMIT_TAG',
    '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH',
    '$CI_PIPELINE_SOURCE == "merge_request_event"',
    '$CI_PIPELINE_SOURCE == "push"',
    '$UNSET',
    '$UNSET == null',
    '$A != null',
  ),
  fc
    .tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('==', '!='), word)
    .map(([a, b, c]) => `$${a} ${b} "${c}"`),
);
const comparison = fc.oneof({ weight: 3, arbitrary: equality }, match);
const condition = fc.oneof(
  { weight: 3, arbitrary: comparison },
  fc.tuple(comparison, fc.constantFrom('&&', '||'), comparison).map((parts) => parts.join(' ')),
  fc.tuple(equality, equality, comparison).map(([a, b, c]) => `(${a} || ${b}) && ${c}`),
);

const rule: fc.Arbitrary<Keywords> = fc
  .record(
    {
      if: condition,
      exists: fc.constantFrom(['README.md'], ['docs/*.md'], ['**/*.go'], ['missing/*']),
      changes: fc.constant(['src/**/*']),
      when: fc.constantFrom('on_success', 'manual', 'always', 'never', 'on_failure'),
      allow_failure: fc.boolean(),
      variables,
    },
    { requiredKeys: [] },
  )
  .filter((found) => Object.keys(found).length > 0);

const parallel = fc.oneof(
  fc.integer({ min: 2, max: 3 }),
  fc.constantFrom(
    { matrix: [{ OS: ['linux', 'mac'], CPU: ['x', 'y'] }] },
    { matrix: [{ OS: 'linux' }, { OS: ['mac', 'bsd'], CPU: 'x' }] },
  ),
);

const template: fc.Arbitrary<Keywords> = fc.record(
  {
    before_script: commands,
    after_script: commands,
    variables,
    tags: fc.array(word, { minLength: 1, maxLength: 1 }),
    image: word.map((name) => `${name}:1`),
    when: fc.constantFrom('on_success', 'manual', 'always'),
    allow_failure: fc.boolean(),
    interruptible: fc.boolean(),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    retry: fc.constantFrom(1, 2),
    timeout: fc.constantFrom('1h', '30m'),
  },
  { requiredKeys: ['variables'] },
);

interface Shape {
  readonly own: Keywords;
  readonly bases: readonly number[];
  readonly isAnchored: boolean;
  readonly refers: number | undefined;
  readonly rules: readonly Keywords[] | undefined;
  readonly parallel: unknown;
  readonly needs: readonly { at: number; artifacts: boolean; form: 'text' | 'hash' }[] | undefined;
  readonly inherit: unknown;
  readonly file: number;
}

const templateCount = 4;
const base = fc.integer({ min: 0, max: templateCount - 1 });
const job: fc.Arbitrary<Shape> = fc.record({
  own: fc.record(
    {
      variables,
      when: fc.constantFrom('on_success', 'manual', 'always', 'on_failure'),
      allow_failure: fc.boolean(),
      tags: fc.array(word, { minLength: 1, maxLength: 2 }),
      before_script: commands,
    },
    { requiredKeys: [] },
  ),
  bases: fc.uniqueArray(base, { maxLength: 2 }),
  isAnchored: fc.boolean(),
  refers: fc.option(base, { nil: undefined }),
  rules: fc.option(fc.array(rule, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  parallel: fc.option(parallel, { nil: undefined, freq: 3 }),
  needs: fc.option(
    fc.uniqueArray(
      fc.record({ at: fc.nat(9), artifacts: fc.boolean(), form: fc.constantFrom('text', 'hash') }),
      { maxLength: 2, selector: ({ at }) => at },
    ),
    { nil: undefined },
  ),
  inherit: fc.option(
    fc.constantFrom({ default: false }, { variables: false }, { default: ['image'], variables: ['A'] }),
    { nil: undefined, freq: 4 },
  ),
  file: fc.nat(2),
});

const target = fc.constantFrom<Pick<Sample, 'event' | 'ref'>>(
  { event: 'push', ref: 'main' },
  { event: 'push', ref: 'feature/x' },
  { event: 'merge_request', ref: 'feature/x' },
  { event: 'tag', ref: 'v1.0' },
);

/** Configurations of several files that GitLab accepts: needs point at earlier jobs and are optional where rules may leave one out. */
export const samples: fc.Arbitrary<Sample> = fc
  .record({
    templates: fc.array(template, { minLength: templateCount, maxLength: templateCount }),
    chain: fc.array(fc.boolean(), { minLength: templateCount, maxLength: templateCount }),
    jobs: fc.array(job, { minLength: 3, maxLength: 9 }),
    top: fc.record({
      default: fc.record(
        {
          image: word.map((name) => `${name}:0`),
          before_script: commands,
          after_script: commands,
          services: fc.array(
            word.map((name) => `${name}:0`),
            { minLength: 1, maxLength: 2 },
          ),
        },
        { requiredKeys: [] },
      ),
      variables,
      workflow: fc.option(
        fc.constantFrom(
          { rules: [{ when: 'always' }] },
          { rules: [{ if: '$CI_COMMIT_TAG' }, { if: '$CI_PIPELINE_SOURCE != "web"' }] },
        ),
        { nil: undefined, freq: 2 },
      ),
    }),
    overrides: fc.option(template, { nil: undefined }),
    nested: fc.boolean(),
    target,
  })
  .map(({ templates, chain, jobs, top, overrides, nested, target }) => {
    const texts: string[][] = [[], [], []];
    templates.forEach((own, at) => {
      const extended = at > 0 && chain[at] ? { extends: `.t${at - 1}`, ...own } : own;
      for (const text of texts)
        text.push(block(`.t${at}`, { script: [`echo base ${at}`], ...extended }, `a${at}`));
    });
    for (const [at, shape] of jobs.entries()) texts[shape.file]?.push(jobText(shape, at, jobs.length));
    const first = jobs[0];
    if (overrides && first && first.file !== 0) {
      const { rules: _, ...rest } = overrides;
      texts[0]?.push(block('job0', rest));
    }
    const include = { include: nested ? [{ local: '/ci/1.yml' }] : ['ci/1.yml', { local: 'ci/2.yml' }] };
    const files = {
      '.gitlab-ci.yml': [stringify({ ...include, stages, ...top }), ...(texts[0] ?? [])].join(''),
      'ci/1.yml': [nested ? 'include: ci/2.yml\n' : '', ...(texts[1] ?? [])].join(''),
      'ci/2.yml': (texts[2] ?? []).join(''),
      'README.md': 'a\n',
      'docs/a.md': 'a\n',
      'src/a.py': 'a\n',
    };
    return { files, ...target };
  });

function jobText(shape: Shape, at: number, count: number): string {
  const { own, bases, isAnchored, refers, rules, parallel, needs, inherit } = shape;
  const [first] = bases;
  const keywords: Keywords = {
    ...(isAnchored || bases.length === 0
      ? {}
      : { extends: bases.length === 1 ? `.t${first}` : bases.map((one) => `.t${one}`) }),
    ...own,
    ...(rules ? { rules } : {}),
    ...(parallel === undefined ? {} : { parallel }),
    ...(inherit === undefined ? {} : { inherit }),
    stage: stages[Math.floor((at * stages.length) / count)],
    ...(needs ? { needs: needList(needs, at) } : {}),
  };
  const merge = isAnchored && first !== undefined ? `  <<: *a${first}\n` : '';
  const script =
    refers === undefined
      ? `  script: [echo job${at}]\n`
      : `  script:\n    - !reference [.t${refers}, script]\n    - echo job${at}\n`;
  return `job${at}:\n${merge}${indented(keywords)}${script}`;
}

function needList(needs: NonNullable<Shape['needs']>, at: number): unknown[] {
  const earlier = new Map(needs.filter(() => at > 0).map((need) => [need.at % at, need]));
  return [...earlier].map(([index, { artifacts }]) => ({ job: `job${index}`, artifacts, optional: true }));
}

function block(name: string, keywords: Keywords, anchor?: string): string {
  return `${name}:${anchor === undefined ? '' : ` &${anchor}`}\n${indented(keywords)}`;
}

function indented(keywords: Keywords): string {
  if (Object.keys(keywords).length === 0) return '';
  const text = stringify(keywords, { aliasDuplicateObjects: false, lineWidth: 0 });
  return text.replace(/^(?=.)/gm, '  ');
}
