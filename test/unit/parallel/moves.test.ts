import { describe, expect, test } from 'vitest';
import { auditNeeds } from '../../../source/core/parallel/audit.ts';
import { movesOf, plansMove } from '../../../source/core/parallel/moves.ts';
import { propose } from '../../../source/core/parallel/propose.ts';
import { errorsOf, expectSound, namesOf, setsOf, study } from './world.ts';

const workflow = 'workflow: {rules: [{when: always}]}\n';
const stages = 'stages: [validate, build, test, package, deploy]\n';

function job(name: string, stage: string, more = '', script = 'pytest'): string {
  return `${name}:\n  stage: ${stage}\n  script: ${script}\n${more === '' ? '' : `${more.replace(/^/gm, '  ')}\n`}`;
}

/** Titles of the best set, and what is written then. */
function best(text: string, given: Parameters<typeof study>[1] = {}) {
  const one = study(text, given);
  expectSound(one);
  const { best: found } = one.found;
  return {
    ids: found?.moves.map(({ id }) => id).sort(),
    handedOn: found?.handedOn.map(({ job: to, need }) => `${to} → ${need}`),
    gains: found?.value.gains.map(({ event, before, after }) => [event, before - after]),
    text: found && one.edit(found.waits).read('.gitlab-ci.yml'),
    one,
  };
}

describe('moves', () => {
  test('a job in stage order that uses nothing starts at once', () => {
    const text = workflow + stages + job('base', 'build') + job('lint', 'test');
    const { ids, text: after } = best(text, { durations: { base: 600, lint: 60 } });
    expect(ids).toEqual(['lint:at-once']);
    expect(after).toBe(text.replace('lint:\n  stage: test\n', 'lint:\n  stage: test\n  needs: []\n'));
  });

  test('a cache that each job fills itself is nothing to wait for, but a need for it stays', () => {
    const shared =
      workflow +
      stages +
      'cache: {key: {files: [uv.lock]}, paths: [.cache]}\n' +
      job('lint', 'validate', '', 'ruff check') +
      job('tests', 'test');
    const { ids, text } = best(shared, { durations: { lint: 60, tests: 600 } });
    expect(ids).toEqual(['tests:at-once']);
    expect(text).toContain('tests:\n  stage: test\n  needs: []\n');
    const needed = shared.replace('script: pytest\n', 'script: pytest\n  needs: [lint]\n');
    expect(best(needed, { durations: { lint: 60, tests: 600 } }).ids).toBeUndefined();
  });

  test('a job waits for the makers of what it uses, with their files where it reads them', () => {
    const makes = 'artifacts: {paths: [dist/app]}';
    const text =
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build', makes) +
      job('check', 'test', '', 'cat dist/app');
    const { ids, text: after } = best(text, { durations: { slow: 600, app: 60, check: 60 } });
    expect(ids).toEqual(['check:exact-needs']);
    expect(after).toContain('check:\n  stage: test\n  needs:\n    - app\n');
  });

  test('needs for the order alone go, and what is published waits for their results itself', () => {
    const text =
      workflow +
      stages +
      job('tests', 'test', 'needs: []') +
      job('app', 'package', 'needs: [tests]\nartifacts: {paths: [dist/app]}', 'make') +
      job('publish', 'deploy', 'needs: [app]', 'npm publish dist/app');
    const { ids, handedOn, text: after } = best(text, { durations: { tests: 300, app: 200, publish: 10 } });
    expect(ids).toEqual(['app:drop:tests']);
    expect(handedOn).toEqual(['publish → tests']);
    expect(after).toContain('needs: [app, tests]');
  });

  test('a result that is waited for by hand is no mere order', () => {
    const text =
      workflow +
      stages +
      job('approve', 'build', 'when: manual\nallow_failure: false') +
      job('a', 'test', 'needs: [approve]');
    const { world } = study(text);
    expect(movesOf(world, 'a')).toMatchObject({ because: 'each need is used' });
    expect(auditNeeds(world).needs).toMatchObject([{ canGo: 'no', why: 'it waits for a hand' }]);
  });

  test('a set may gain where each of its moves alone gains nothing', () => {
    const text = workflow + stages + job('slow', 'build') + job('a', 'test') + job('b', 'test');
    const { ids, gains } = best(text, { durations: { slow: 600, a: 100, b: 100 } });
    expect(ids).toEqual(['a:at-once', 'b:at-once']);
    expect(gains).toContainEqual(['push', 100]);
  });

  test('what adds nothing to the rest is left alone', () => {
    const text = workflow + stages + job('slow', 'build') + job('a', 'test') + job('b', 'test');
    expect(best(text, { durations: { slow: 600, a: 100, b: 8 } }).ids).toEqual(['a:at-once']);
  });

  test('no gain is called one: off the critical path, or eaten up by the runners', () => {
    const off =
      workflow +
      stages +
      job('slow', 'build', 'artifacts: {paths: [x]}') +
      job('more', 'test', 'needs: [slow]', 'cat x') +
      job('lint', 'test', '', 'echo');
    expect(best(off, { durations: { slow: 600, more: 300, lint: 60 } }).ids).toBeUndefined();
    const runners = [{ name: 'one', tags: [], runUntagged: true, concurrent: 1 }];
    const text = workflow + stages + job('base', 'build') + job('lint', 'test');
    expect(best(text, { durations: { base: 600, lint: 60 }, runners }).ids).toBeUndefined();
  });

  test('what cannot be told is offered by name, and not taken by itself', () => {
    const text =
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build', 'artifacts: {paths: [dist/app]}') +
      job('check', 'test');
    const { ids, one } = best(text, { durations: { slow: 600, app: 60, check: 60 } });
    expect(ids).toBeUndefined();
    const offered = one.found.single.find(({ moves }) => moves[0]?.id === 'check:exact-needs');
    expect(offered?.moves[0]?.guesses).toEqual(['app: may use artifact dist/app']);
    expect(one.edit(offered?.waits ?? new Map()).read('.gitlab-ci.yml')).toContain('- app\n');
  });

  test.each([
    ['publishing', 'environment: production'],
    ['clean-up that runs always', 'when: always'],
    ['alarms that run on failure', 'when: on_failure'],
    ['needs that rules change', 'rules: [{if: $CI_COMMIT_TAG, needs: []}, {when: on_success}]'],
  ])('%s keeps its place', (_, more) => {
    const text = workflow + stages + job('base', 'build') + job('last', 'test', more);
    expect('because' in movesOf(study(text).world, 'last')).toBe(true);
  });

  test('a child pipeline may do anything, and keeps its place', () => {
    const text = `${workflow + stages + job('base', 'build')}child:\n  stage: test\n  trigger: {include: child.yml}\n`;
    const { world } = study({ '.gitlab-ci.yml': text, 'child.yml': 'x: {script: echo}' });
    expect(movesOf(world, 'child')).toMatchObject({ because: expect.stringContaining('another pipeline') });
  });

  test('files of a job that is started by hand cannot be needed', () => {
    const makes = 'when: manual\nartifacts: {paths: [dist/app]}';
    const text =
      workflow +
      stages +
      job('app', 'build', makes) +
      job('slow', 'build') +
      job('check', 'test', '', 'cat dist/app');
    expect(movesOf(study(text).world, 'check')).toMatchObject({
      because: expect.stringContaining('by hand'),
    });
  });
});

describe('pipelines stay creatable', () => {
  test('a needed job that some event does not have is optional', () => {
    const makes = 'artifacts: {paths: [dist/app]}\nrules: [{if: $CI_COMMIT_BRANCH == "main"}]';
    const text =
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build', makes) +
      job('check', 'test', '', 'cat dist/app');
    const { text: after, one } = best(text, { durations: { slow: 600, app: 60, check: 60 } });
    expect(after).toContain('needs:\n    - job: app\n      optional: true\n');
    const sets = setsOf(one.edit(one.found.best?.waits ?? new Map()));
    expect(errorsOf(sets)).toEqual([]);
    expect(namesOf(sets)).toEqual(namesOf(one.sets));
  });

  test('the same rules need no such word, other paths do', () => {
    const rules = 'rules: [{if: $CI_COMMIT_TAG == null, changes: [src/*]}]';
    const other = 'rules: [{if: $CI_COMMIT_TAG == null, changes: [docs/*]}]';
    const text = (last: string) =>
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build', `artifacts: {paths: [dist/app]}\n${rules}`) +
      job('check', 'test', last, 'cat dist/app');
    const durations = { slow: 600, app: 60, check: 60 };
    expect(best(text(rules), { durations }).text).not.toContain('optional');
    expect(best(text(other), { durations }).text).toContain('optional: true');
  });

  test('more than fifty needs are refused', () => {
    const many = Array.from({ length: 51 }, (_, index) =>
      job(`a${index}`, 'build', `artifacts: {paths: [out/${index}]}`),
    );
    const text = workflow + stages + many.join('') + job('slow', 'build') + job('all', 'test', '', 'ls out');
    const { world } = study(text);
    const moves = movesOf(world, 'all');
    if ('because' in moves) throw new Error(moves.because);
    const [exact] = moves;
    expect(exact && propose(world, [exact]).problems).toEqual(['all would need 51 jobs; GitLab allows 50']);
  });

  test('dependencies must stay among the needs', () => {
    const text =
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build') +
      job('check', 'test', 'dependencies: [app]', 'echo');
    const { world } = study(text);
    const moves = movesOf(world, 'check');
    if ('because' in moves || !moves[0]) throw new Error('no move');
    expect(propose(world, [moves[0]]).problems[0]).toContain('dependencies');
  });

  test('jobs of a matrix move together, and needs on single ones stay as they are written', () => {
    const matrix = 'parallel: {matrix: [{P: [x, y]}]}';
    const text =
      workflow +
      stages +
      job('slow', 'build') +
      job('app', 'build', `${matrix}\nneeds: []\nartifacts: {paths: ["out/$P"]}`, 'make') +
      job(
        'check',
        'test',
        `needs:\n  - job: app\n    parallel: {matrix: [{P: x}]}\n  - slow # for the order`,
        'cat out/x',
      );
    const {
      ids,
      text: after,
      one,
    } = best(text, {
      durations: { slow: 600, 'app: [x]': 60, 'app: [y]': 60, check: 60 },
    });
    expect(ids).toEqual(['check:drop:slow']);
    expect(after).toContain('- job: app\n      parallel: {matrix: [{P: x}]}\n');
    const sets = setsOf(one.edit(one.found.best?.waits ?? new Map()));
    expect(
      sets
        .get('push')
        ?.jobs.find(({ name }) => name === 'check')
        ?.needs?.map((need) => need.job),
    ).toEqual(['app: [x]']);
  });
});

describe("the plan's own move", () => {
  const text =
    workflow +
    stages +
    job('base', 'validate') +
    job(
      'download:tools:linux',
      'build',
      'needs: [base]\nartifacts: {paths: [dist/tools]}',
      'curl -o dist/tools/x https://x',
    ) +
    job('package', 'package', 'needs: ["download:tools:linux"]', 'cp dist/tools/x y');

  test('is valued like any other', () => {
    const { world, found } = study(text, {
      durations: { base: 600, 'download:tools:linux': 100, package: 50 },
    });
    const plan = plansMove(world);
    expect(plan).toMatchObject({
      id: 'plan',
      changes: [{ job: 'download:tools:linux', stage: 'validate', needs: [] }],
    });
    const valued = found.single.find(({ moves }) => moves[0]?.kind === 'plan');
    expect(valued?.problems).toEqual([]);
    expect(valued?.value.gains).toContainEqual({ event: 'push', before: 750, after: 600 });
  });

  test('costs time where jobs in stage order then wait for it', () => {
    const held = `${text}${job('lint', 'build')}${job('last', 'test', 'needs: [lint]', 'cat x')}`;
    const durations = { base: 10, 'download:tools:linux': 100, package: 5, lint: 50, last: 60 };
    const valued = study(held, { durations }).found.single.find(({ moves }) => moves[0]?.kind === 'plan');
    expect(valued?.value.gains).toContainEqual({ event: 'push', before: 120, after: 210 });
    expect(valued?.value.score).toBeLessThan(0);
  });

  test('is impossible where the download uses what it waited for, and over where it was made', () => {
    const uses = text
      .replace(
        'base:\n  stage: validate\n',
        'base:\n  stage: validate\n  artifacts: {paths: [versions.txt]}\n',
      )
      .replace('curl -o dist/tools/x https://x', 'sh get.sh $(cat versions.txt)');
    const one = study(uses);
    const plan = plansMove(one.world);
    expect('id' in plan && propose(one.world, [plan]).problems).toEqual([
      'download:tools:linux uses versions.txt of base',
    ]);
    const { world } = study(
      text.replace('stage: build\n', 'stage: validate\n').replace('needs: [base]', 'needs: []'),
    );
    expect(plansMove(world)).toMatchObject({ because: expect.stringContaining('already') });
  });
});
