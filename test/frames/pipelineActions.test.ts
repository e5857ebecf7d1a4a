import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import type { Grant } from '../../source/services/grant.ts';
import { openJournal } from '../../source/services/journal.ts';
import { withPipeline } from './pipelineWorld.ts';
import { noon } from './snapshots.ts';
import { type Shown, show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

const jobs = withPipeline().pipeline.value!.jobs;
const summary = withPipeline().pipelines.value![0]!;
const earliest = { ...summary, id: 2_050, status: 'failed' as const };
const earlier = { ...summary, id: 2_100, status: 'success' as const };

/** What was written, and with which grant. */
const wrote: string[] = [];

function gitlab(older: readonly PipelineJob[]): GitLab {
  const find = (id: number): PipelineJob => jobs.find((one) => one.id === id)!;
  const write = (verb: string) => async (grant: Grant, id: number) => {
    grant.check(verb);
    wrote.push(`${verb} ${find(id).name}`);
    return { ...find(id), status: 'pending' as const };
  };
  const known: Partial<GitLab> = {
    server: 'https://gitlab.example',
    projectPath: 'tinyland/ai/huskycat',
    clockOffset: () => 0,
    pipelines: async () => [earlier],
    jobs: async (id) => (id === earlier.id ? older : jobs),
    job: async (id) => find(id),
    retryJob: write('retry'),
    cancelJob: write('cancel'),
    playJob: async (grant, id, variables) => {
      grant.check('play');
      wrote.push(`play ${find(id).name} ${JSON.stringify(variables)}`);
      return { ...find(id), status: 'running' as const };
    },
  };
  return known as GitLab;
}

async function open(older: readonly PipelineJob[] = jobs): Promise<Shown & { readonly journal: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-pipeline-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const journal = join(directory, 'journal.jsonl');
  const workspace = {
    ...fakeWorkspace({ now: () => noon, journal }),
    gitlab: { service: gitlab(older) },
  };
  wrote.length = 0;
  const snapshot = withPipeline();
  const pipelines = {
    ...snapshot.pipelines,
    value: [...(snapshot.pipelines.value ?? []), earlier, earliest],
  };
  const shown = await show({ ...snapshot, pipelines }, { columns: 110, rows: 34, workspace });
  await shown.type('5');
  await shown.type('+');
  return Object.assign(shown, { journal });
}

async function select(shown: Shown, name: string): Promise<void> {
  await shown.type(`/${name}`);
  await shown.type('\r');
}

test('a retry names what it will start, and is in the journal', async () => {
  const shown = await open();
  shown.workspace.gate.arm();
  await select(shown, 'spell');
  await shown.type('T');
  await shown.until('Retry job spell');
  expect(shown.frame()).toMatch(/starts \d: spell/);
  expect(wrote).toEqual([]);
  await shown.type('y');
  await shown.until('is pending');
  expect(wrote).toEqual(['retry spell']);
  const { entries } = await openJournal(shown.journal).read();
  expect(entries.map(({ state }) => state)).toEqual(['intent', 'done']);
  expect(entries[0]?.write.target).toContain('tinyland/ai/huskycat job #');
});

test('no key but yes cancels a job', async () => {
  const shown = await open();
  shown.workspace.gate.arm();
  await select(shown, 'system');
  await shown.type('X');
  await shown.until('Cancel job system');
  expect(shown.frame()).toContain('stops 1: system');
  await shown.type('\u001B');
  await shown.settle();
  expect(wrote).toEqual([]);
});

test('a manual job is played with variables', async () => {
  const shown = await open();
  shown.workspace.gate.arm();
  await select(shown, 'deploy');
  await shown.type('P');
  await shown.until('Play deploy');
  await shown.type('STAGE=test; LEVEL=2');
  await shown.type('\r');
  await shown.until('variables: STAGE, LEVEL');
  await shown.type('y');
  await shown.until('is running');
  expect(wrote).toEqual(['play deploy {"STAGE":"test","LEVEL":"2"}']);
});

test('what GitLab would refuse is refused with the reason', async () => {
  const shown = await open();
  shown.workspace.gate.arm();
  await select(shown, 'system');
  await shown.type('T');
  expect(shown.frame()).toContain('only what has ended is retried');
});

test('what-if shows the gain of a thought-of change, and takes it back', async () => {
  const shown = await open();
  await select(shown, 'container:build');
  await shown.type('w');
  await shown.until('Enter adds a change');
  await shown.type('\r');
  await shown.until('What would be different?');
  await shown.type('\r');
  await shown.until('Which job?');
  await shown.type('\r');
  await shown.until('The needs of container:build');
  await shown.type('\u0015');
  await shown.type('\r');
  await shown.until('container:build starts at once');
  expect(shown.frame()).toMatch(/(saves|costs) /);
  expect(shown.frame()).toMatch(/before \d+m[\s\S]*after \d+m/);
  await shown.type('u');
  await shown.until('Enter adds a change');
});

test('compares with the pipeline before', async () => {
  const older = jobs
    .filter(({ name }) => name !== 'unit')
    .map((job) => (job.name === 'lint' ? { ...job, stage: 'build', duration: 10 } : job));
  const shown = await open(older);
  await shown.type('c');
  await shown.until('appeared (1)');
  expect(shown.frame()).toContain('+ unit');
  expect(shown.frame()).toMatch(/lint +build → validate/);
  expect(shown.frame()).toContain('too few runs');
  await shown.type('H');
  await shown.until('Compare #2191 with which?');
  expect(shown.frame()).toContain('#2050');
  await shown.type('\r');
  await shown.until('#2050 → #2191');
});

test('the list of pipelines chooses one', async () => {
  const shown = await open();
  await shown.type('H');
  await shown.until('#2100');
  await expect(`${shown.frame()}\n`).toMatchFileSnapshot('frames/pipelines-110x34.txt');
});
