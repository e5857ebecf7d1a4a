import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showSimulation } from '../../source/cli/simulate.ts';
import { ask, files, recorder, repository } from './ciWorld.ts';

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
