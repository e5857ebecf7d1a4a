import { expect, test } from 'vitest';
import { Refused } from '../../../source/core/failure.ts';
import type { Branch, MergeRequest } from '../../../source/core/gitlab/change.ts';
import type { LintResult, PipelineJob, PipelineSummary } from '../../../source/core/gitlab/model.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import { rolloutProbes } from '../../../source/tasks/rollout/probes.ts';

/** What GitLab answers while somebody waits for a trial. */
interface Answers {
  readonly branch?: Branch | undefined;
  readonly lint?: LintResult | (() => never);
  readonly lintBy?: () => LintResult;
  readonly pipelines?: readonly Partial<PipelineSummary>[];
  readonly jobs?: readonly Partial<PipelineJob>[];
  readonly requests?: readonly Partial<MergeRequest>[];
  readonly log?: string;
}

const branch = 'huskycat-tui/container-layers';
const head: Branch = { name: branch, sha: 'aaaa', isProtected: false };
const names = ['build', 'test'];
const settings = {
  branch,
  onto: 'main',
  count: '1',
  jobs: JSON.stringify(['build']),
  push: JSON.stringify(names),
  web: JSON.stringify(names),
  marks: JSON.stringify([{ job: 'build', pattern: '^#\\d+ CACHED$', shows: 'layers from the cache' }]),
};

function job(name: string, status: PipelineJob['status'] = 'success'): Partial<PipelineJob> {
  const times = { createdAt: '2026-01-01T00:00:00Z', startedAt: '2026-01-01T00:01:00Z' };
  return {
    id: name.length,
    name,
    status,
    tags: [],
    ...times,
    ...(status === 'success' ? { finishedAt: '2026-01-01T00:03:00Z', duration: 120 } : {}),
  };
}

const running = { id: 7, sha: 'aaaa', status: 'running', source: 'push', webUrl: '', ref: branch } as const;
const ended = { ...running, status: 'success' } as const;

async function look(name: string, answers: Answers, more: Readonly<Record<string, string>> = {}) {
  async function* log() {
    yield new TextEncoder().encode(answers.log ?? '');
  }
  const service: Partial<GitLab> = {
    branch: () => Promise.resolve('branch' in answers ? answers.branch : head),
    lint: async () =>
      answers.lintBy?.() ??
      (typeof answers.lint === 'function' ? Promise.reject(caught(answers.lint)) : given(answers.lint)),
    pipelines: () => Promise.resolve((answers.pipelines ?? []) as PipelineSummary[]),
    jobs: () => Promise.resolve((answers.jobs ?? []) as PipelineJob[]),
    mergeRequests: () => Promise.resolve((answers.requests ?? []) as MergeRequest[]),
    trace: () => Promise.resolve(log()),
  };
  const workspace = { gitlab: { service }, now: () => Date.now() } as unknown as Workspace;
  const probe = rolloutProbes[name];
  if (!probe) throw new Error(`no probe ${name}`);
  const seen = await probe(workspace, { ...settings, ...more });
  if (seen.stop) throw seen.stop;
  return seen;
}

function given(lint: LintResult | undefined): Promise<LintResult> {
  return lint ? Promise.resolve(lint) : Promise.reject(new Error('not asked'));
}

function caught(run: () => never): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

test('the branch’s lint is waited for, believed, and stops what GitLab would refuse or make otherwise', async () => {
  const valid = { valid: true, errors: [], warnings: [], includes: [] };
  const jobs = (...all: string[]) => all.map((name) => ({ name, stage: 'test' }));
  expect(await look('branch-lints', { branch: undefined })).toMatchObject({ isReady: false });
  expect(await look('branch-lints', { lint: { ...valid, jobs: jobs(...names) } })).toEqual({
    isReady: true,
    saw: 'GitLab finds it valid, with 2 jobs',
  });
  await expect(
    look('branch-lints', { lint: { ...valid, valid: false, errors: ['jobs:x config is wrong'], jobs: [] } }),
  ).rejects.toThrow(/jobs:x config is wrong/);
  await expect(look('branch-lints', { lint: { ...valid, jobs: jobs('build', 'deploy') } })).rejects.toThrow(
    /other jobs: \+deploy, -test/,
  );
  // To look again is all that resuming does.
  await expect(look('branch-lints', { lint: { ...valid, jobs: jobs('deploy') } })).rejects.toMatchObject({
    next: expect.arrayContaining([expect.stringContaining('resume, which looks again')]),
  });
});

test('what other refs would get is asked for too, and said where GitLab does not tell', async () => {
  const valid = { valid: true, errors: [], warnings: [], includes: [] };
  const jobs = names.map((name) => ({ name, stage: 'test' }));
  const refs = (expected: readonly string[]) => ({ refs: JSON.stringify({ 'v1.2': expected, main: [] }) });
  expect(await look('branch-lints', { lint: { ...valid, jobs } }, refs(names))).toEqual({
    isReady: true,
    saw: 'GitLab finds it valid, with 2 jobs; on v1.2 it would have the 2 jobs that were predicted',
  });
  await expect(look('branch-lints', { lint: { ...valid, jobs } }, refs(['build']))).rejects.toThrow(
    /lint huskycat-tui\/container-layers as v1\.2.*other jobs: \+test/,
  );
  const refused = (): never => {
    throw new Refused({ tried: 'lint', saw: '403 Forbidden', next: [], code: 'role', status: 403 });
  };
  let asked = 0;
  const once = (): LintResult => {
    asked += 1;
    return asked === 1 ? { ...valid, jobs } : refused();
  };
  expect((await look('branch-lints', { lintBy: once }, refs(names))).saw).toContain(
    'what v1.2 would get is predicted from the files alone',
  );
});

test('a token that may not lint stops nothing', async () => {
  const refused = (): never => {
    throw new Refused({ tried: 'lint', saw: '403 Forbidden', next: [], code: 'role', status: 403 });
  };
  expect(await look('branch-lints', { lint: refused })).toMatchObject({ isReady: true });
});

test('a pipeline is waited for, and a runner that does not come is named', async () => {
  const jobs = [job('build', 'pending'), job('test', 'created')];
  expect(await look('pipeline-ended', { pipelines: [running], jobs })).toEqual({
    isReady: false,
    saw: 'pipeline #7 is running: 0 of 2 jobs have ended; waiting for a runner: build',
  });
});

test('what was measured is said with what the log shows', async () => {
  const answers = { pipelines: [ended], jobs: names.map((name) => job(name)) };
  expect(await look('pipeline-ended', { ...answers, log: '#7 [base 1] FROM\n#7 CACHED\n' })).toEqual({
    isReady: true,
    saw: 'pipeline #7 success in 3m 00s; build success in 2m 00s (layers from the cache)',
    figures: {
      pipeline: 7,
      status: 'success',
      wallClock: 180,
      jobs: [{ name: 'build', status: 'success', seconds: 120, marks: ['layers from the cache'] }],
    },
  });
  expect((await look('pipeline-ended', { ...answers, log: 'no #7 CACHED here\n' })).saw).not.toContain(
    'layers',
  );
});

test('other jobs than predicted, a changed job that fails, and a pipeline that is gone stop the run', async () => {
  const all = names.map((name) => job(name));
  await expect(
    look('pipeline-ended', { pipelines: [running], jobs: [...all, job('deploy', 'created')] }),
  ).rejects.toThrow(/other jobs than predicted: \+deploy/);
  await expect(
    look('pipeline-ended', {
      pipelines: [{ ...ended, status: 'failed' }],
      jobs: [job('build', 'failed'), job('test', 'skipped')],
    }),
  ).rejects.toThrow(/build failed in pipeline #7/);
  await expect(
    look('pipeline-ended', { pipelines: [ended], jobs: [job('build', 'skipped'), job('test')] }),
  ).rejects.toThrow(/none of the changed jobs ran/);
  await expect(look('pipeline-ended', { pipelines: [], jobs: [] })).rejects.toThrow(/deleted it, or pushed/);
  await expect(look('pipeline-ended', { branch: undefined, jobs: [] })).rejects.toThrow(/the branch is gone/);
  await expect(
    look('pipeline-ended', { pipelines: [{ ...ended, status: 'skipped' }], jobs: [] }),
  ).rejects.toThrow(/the pipeline is gone/);
});

test('another job that fails, as before the change, does not stop it', async () => {
  const answers = {
    pipelines: [{ ...ended, status: 'failed' as const }],
    jobs: [job('build'), job('test', 'failed')],
  };
  expect(await look('pipeline-ended', answers)).toMatchObject({ isReady: true });
});

test('the merge request’s pipeline is held against the jobs that were predicted; a request that was closed is not', async () => {
  const wanted = { jobs: JSON.stringify(names) };
  const open = [{ iid: 3, state: 'opened' }];
  const all = names.map((name) => job(name));
  expect(await look('merge-request-jobs', { requests: [] }, wanted)).toMatchObject({ isReady: false });
  expect(await look('merge-request-jobs', { requests: open }, wanted)).toMatchObject({ isReady: false });
  expect(
    await look('merge-request-jobs', { requests: open, pipelines: [running], jobs: all }, wanted),
  ).toEqual({
    isReady: true,
    saw: 'pipeline #7 of !3 has the 2 jobs that were predicted',
  });
  await expect(
    look('merge-request-jobs', { requests: open, pipelines: [running], jobs: all.slice(1) }, wanted),
  ).rejects.toThrow(/other jobs than predicted: -build/);
  expect(await look('merge-request-jobs', { requests: [{ iid: 3, state: 'closed' }] }, wanted)).toMatchObject(
    { isReady: true, saw: '!3 is closed' },
  );
});

test('a branch that gets no pipeline is not dry run, and one whose merge request is over is not waited for', async () => {
  const lint = {
    valid: true,
    errors: [],
    warnings: [],
    includes: [],
    jobs: [{ name: 'build', stage: 'test' }],
  };
  expect(await look('branch-lints', { lint }, { push: '[]' })).toEqual({
    isReady: true,
    saw: 'GitLab finds it valid',
  });
  const requests = [{ iid: 3, state: 'merged' as const }];
  expect(await look('branch-lints', { branch: undefined, requests })).toEqual({
    isReady: true,
    saw: `the branch ${branch} is gone, and !3 is merged`,
  });
});
