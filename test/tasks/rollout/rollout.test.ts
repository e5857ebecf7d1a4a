import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../../source/compose/session.ts';
import type { JobEdit } from '../../../source/core/ci/edit/model.ts';
import type { Rung } from '../../../source/core/evidence.ts';
import type { PlanTarget } from '../../../source/core/plan/plan.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { planTask } from '../../../source/tasks/find.ts';
import type { CiChange } from '../../../source/tasks/rollout/change.ts';
import { ciTask } from '../../../source/tasks/rollout/task.ts';
import { verifyCiChange } from '../../../source/tasks/rollout/verify.ts';
import type { Task } from '../../../source/tasks/task.ts';
import { finish } from '../engine/world.ts';

const downloads = ['download:tools:linux-amd64', 'download:tools:darwin-arm64'];

function early(): JobEdit[] {
  return downloads.flatMap((job): JobEdit[] => [{ kind: 'set', job, path: ['needs'], yaml: '[]' }]);
}

function taskOf(change: Partial<CiChange> = {}, rung: Rung = 'valid'): Task {
  return ciTask({
    number: 12,
    name: 'early-downloads',
    title: 'Download early',
    wave: 'Test',
    dependsOn: [],
    probe: () => ({ rung: 'valid', evidence: [], findings: [] }),
    options: async () => [
      { name: 'early', title: 'Early', tradeOff: 'None.', possible: true, recommended: true },
    ],
    change: () =>
      Promise.resolve({
        task: 'early-downloads',
        title: 'Download the tools at once',
        edits: early(),
        jobs: new Set(downloads),
        why: ['The download jobs use nothing of the image build.'],
        preflight: [],
        ...change,
      }),
    verify: (verifying) =>
      verifyCiChange(
        verifying,
        { rung, evidence: [], findings: [] },
        { task: 'early-downloads', jobs: downloads },
      ),
  });
}

let session: Session;
beforeAll(async () => {
  session = await openSession({
    flags: { sandbox: true },
    version: 'test',
    isSandboxWelcome: true,
    sandbox: { speed: 6_000 },
  });
  session.workspace.gate.arm();
});
afterAll(() => session.close());

async function look() {
  const { workspace, monitor } = session;
  await monitor.refresh();
  return { workspace, known: { ...monitor.snapshot(), now: new Date().toISOString() } };
}

async function planned(target: PlanTarget, change: Partial<CiChange> = {}, option?: string) {
  const choice = { target, settings: {}, ...(option === undefined ? {} : { option }) };
  return planTask(taskOf(change), { ...(await look()), choice });
}

async function plan(target: PlanTarget, change: Partial<CiChange> = {}, option?: string) {
  const made = await planned(target, change, option);
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

test('it says what changes for which event, and what is predicted, before anything is written', async () => {
  const { plan: made, preflight } = await plan('worktree');
  const said = preflight.map(({ title, state, saw }) => `${state} ${title}: ${saw}`);
  expect(said).toContain(
    'fine Jobs changed: download:tools:linux-amd64 (needs), download:tools:darwin-arm64 (needs)',
  );
  expect(said.find((line) => line.includes('Jobs, push'))).toMatch(/the same \d+ jobs before and after/);
  expect(said).toContain('fine download:tools:linux-amd64: after container:build:amd64 → at once');
  expect(said.find((line) => line.includes('Predicted, push'))).toMatch(
    /→ .*from \d+ pipelines on \d runners/,
  );
  expect(made.steps.map(({ id }) => id)).toEqual(['edit-gitlab-ci-download-tools-yml']);
  const [step] = made.steps;
  expect(step && 'diff' in step.preview ? step.preview.diff.match(/^[-+] .*/gm) : []).toEqual([
    '-  needs:',
    '-    - container:build:amd64',
    '+  needs: []',
    '-  needs:',
    '-    - container:build:amd64',
    '+  needs: []',
  ]);
});

test('it refuses to change another job, to lose a job, and what GitLab would refuse', async () => {
  const other = await planned('worktree', { jobs: new Set(downloads.slice(0, 1)) });
  expect(other).toMatchObject({
    refused: expect.stringContaining('would also change download:tools:darwin'),
  });
  const never: JobEdit = {
    kind: 'set',
    job: 'validate:lint',
    path: ['rules'],
    yaml: '- when: never',
  };
  const lost = await planned('worktree', { edits: [never], jobs: new Set(['validate:lint']) });
  expect(lost).toMatchObject({ refused: expect.stringContaining('validate:lint would vanish') });
  const late: JobEdit = { kind: 'set', job: 'validate:lint', path: ['needs'], yaml: '[pages]' };
  const broken = await planned('worktree', { edits: [late], jobs: new Set(['validate:lint']) });
  expect(broken).toMatchObject({ refused: expect.stringContaining('GitLab would not create the pipeline') });
});

test('a trial, its measurements in the merge request, the merge, what was measured after it, and the way back', async () => {
  const { workspace } = session;
  if ('off' in workspace.gitlab) throw new Error('no GitLab');
  const gitlab = workspace.gitlab.service;
  const task = taskOf();
  const probes = task.probes ?? {};
  const { plan: trial } = await plan('trial');
  expect(trial.steps.map(({ id }) => id)).toEqual(['commit', 'lint-branch', 'pipeline-1', 'measure-1']);
  expect(await gitlab.branch('huskycat-tui/early-downloads')).toBeUndefined();
  expect(await finish(applyPlan(trial, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(trial.steps.at(-1)?.action).toMatchObject({
    settings: { expected: expect.stringContaining('wallClock') },
  });
  const { plan: proposal } = await plan('merge-request');
  const request = proposal.steps.find(({ id }) => id === 'open-merge-request');
  expect(JSON.stringify(request?.preview)).toMatch(/\| `download:tools:linux-amd64` \| .* \(N \d+\) \| /);
  const preview = JSON.stringify(request?.preview);
  expect(preview).toMatch(
    /\| whole pipeline \| [^|]+ \(simulated\) \| [^|]+ \((?:\d+ % (?:under|over) the predicted|< 1 %|as predicted)/,
  );
  expect(await finish(applyPlan(proposal, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const [opened] = await gitlab.mergeRequests({ source: 'huskycat-tui/early-downloads', target: 'main' });
  expect(opened?.state).toBe('opened');
  await mergeOnServer(opened?.iid ?? 0);
  const proof = await task.verify?.(await look());
  expect(proof?.evidence[0]?.source).toBe(`pipelines of main before and after !${opened?.iid} was merged`);
  expect(proof?.evidence.map(({ saw }) => saw).join('\n')).toMatch(/whole pipeline: (?:not yet|median)/);
  const behind = await taskOf({}, 'absent').verify?.(await look());
  expect(behind?.evidence.map(({ saw }) => saw)).toContain(
    'they do not have the change yet: the way pull brings it (git pull --ff-only)',
  );
  const { plan: back } = await plan('merge-request', {}, 'revert');
  expect(JSON.stringify(back.steps[0]?.preview)).toContain('+    - container:build:amd64');
  expect(await finish(applyPlan(back, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(await finish(undoRun(runToUndo(session, task.name), { workspace }))).toMatchObject({
    outcome: 'undone',
  });
});

async function mergeOnServer(iid: number): Promise<void> {
  const { gitlab } = session.sandbox ?? {};
  if (!gitlab) throw new Error('no sandbox');
  const project = encodeURIComponent(gitlab.project);
  const answer = await fetch(`${gitlab.url}/api/v4/projects/${project}/merge_requests/${iid}/merge`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${gitlab.token}` },
  });
  expect(answer.status).toBe(200);
}
