import { afterEach, expect, test } from 'vitest';
import { Refused } from '../../../source/core/failure.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { applyPlan, resumeRun } from '../../../source/tasks/engine/apply.ts';
import { runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { parsePlan } from '../../../source/tasks/engine/schema.ts';
import { unfinishedRuns } from '../../../source/tasks/engine/session.ts';
import { changeSteps } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { finish } from '../engine/world.ts';
import { sandboxTask } from '../sandboxTask.ts';

const { look, plan, planned, probes, session, task, undo } = sandboxTask('parallel-jobs');
const branch = 'huskycat-tui/parallel-jobs';

function gitlab(): GitLab {
  const { gitlab: connected } = session().workspace;
  if ('off' in connected) throw new Error('no GitLab');
  return connected.service;
}

/** Asks the server as somebody else does, beside the program. */
async function somebody(method: string, path: string, body?: object): Promise<number> {
  const address = session().sandbox?.gitlab;
  const project = encodeURIComponent(address?.project ?? '');
  const { status } = await fetch(`${address?.url}/api/v4/projects/${project}${path && `/${path}`}`, {
    method,
    headers: { Authorization: `Bearer ${address?.token}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return status;
}

function commitTo(name: string, message: string): Promise<number> {
  const actions = [{ action: 'create', file_path: `notes/${message.replace(/\W/g, '')}.md`, content: 'x\n' }];
  return somebody('POST', 'repository/commits', { branch: name, commit_message: message, actions });
}

const mended: (() => void)[] = [];

/** Has the server answer one question otherwise until the test is over; gives what ends it sooner. */
function instead<Name extends 'lint' | 'lintContent' | 'pipelines' | 'jobs'>(
  name: Name,
  answer: (real: GitLab[Name]) => GitLab[Name],
): () => void {
  const service = gitlab() as { -readonly [Key in keyof GitLab]: GitLab[Key] };
  const real = service[name];
  service[name] = answer(real);
  const mend = (): void => {
    service[name] = real;
  };
  mended.push(mend);
  return mend;
}

afterEach(() => {
  for (const mend of mended.splice(0)) mend();
});

const apply = async (made: Awaited<ReturnType<typeof plan>>) =>
  finish(applyPlan(made.plan, { workspace: session().workspace, probes }));

test('a default branch that moved in something else does not matter', async () => {
  const made = await plan('merge-request');
  expect(await commitTo('main', 'Elsewhere')).toBe(201);
  expect(await apply(made)).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
});

test('a branch that somebody pushed to is neither taken for ours nor deleted', async () => {
  const made = await plan('merge-request');
  expect(await apply(made)).toMatchObject({ outcome: 'done' });
  expect(await commitTo(branch, 'Mine')).toBe(201);
  await expect(undo()).rejects.toThrow(/other commits on the branch/);
  expect(unfinishedRuns(session().workspace)).toEqual([]);
  expect(await gitlab().branch(branch)).toBeDefined();
  expect(await somebody('DELETE', `repository/branches/${encodeURIComponent(branch)}`)).toBe(204);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
});

test('a merge request that nobody has approved waits, and it is said for what', async () => {
  expect(await somebody('POST', 'approvals', { approvals_before_merge: 1 })).toBe(201);
  expect(await apply(await plan('merge-request'))).toMatchObject({ outcome: 'done' });
  const [request] = await gitlab().mergeRequests({ source: branch, target: 'main' });
  const path = `merge_requests/${request?.iid}`;
  const waits = async (): Promise<string> => {
    const { evidence } = (await task.verify?.(await look())) ?? { evidence: [] };
    return evidence.find(({ source }) => source.startsWith(`!${request?.iid} `))?.saw ?? '';
  };
  expect(await somebody('PUT', `${path}/merge`)).toBe(405);
  expect(await waits()).toBe('open: it is not approved yet');
  expect(await somebody('POST', `${path}/approve`)).toBe(201);
  expect(await waits()).toBe('open: it waits for somebody to merge it');
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await somebody('POST', 'approvals', { approvals_before_merge: 0 })).toBe(201);
});

test('a project that lets nobody give variables to pipelines is no hindrance: none are given', async () => {
  const forbid = (role: string) => somebody('PUT', '', { ci_pipeline_variables_minimum_override_role: role });
  expect(await forbid('no_one_allowed')).toBe(200);
  const given = { ref: 'main', variables: [{ key: 'A', value: 'b' }] };
  expect(await somebody('POST', 'pipeline', given)).toBe(400);
  expect(await apply(await plan('trial'))).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await forbid('developer')).toBe(200);
});

test('a merge request that somebody closed is opened again by the next run', async () => {
  expect(await apply(await plan('merge-request'))).toMatchObject({ outcome: 'done' });
  const [first] = await gitlab().mergeRequests({ source: branch, target: 'main' });
  expect(await somebody('PUT', `merge_requests/${first?.iid}`, { state_event: 'close' })).toBe(200);
  const again = await plan('merge-request');
  expect(again.plan.steps.map(({ id }) => id)).toContain('open-merge-request');
  expect(await apply(again)).toMatchObject({ outcome: 'done' });
  const all = await gitlab().mergeRequests({ source: branch, target: 'main' });
  expect(all.filter(({ state }) => state === 'opened')).toHaveLength(1);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await gitlab().branch(branch)).toBeUndefined();
});

test('a rule that protects the branch is named, and nothing is planned', async () => {
  expect(await somebody('POST', 'protected_branches', { name: 'huskycat-tui/*' })).toBe(201);
  await expect(planned('trial')).rejects.toThrow(/the rule huskycat-tui\/\* protects the branch/);
  expect(await somebody('DELETE', `protected_branches/${encodeURIComponent('huskycat-tui/*')}`)).toBe(204);
});

test('the project’s lint is asked before anything is pushed, GitLab’s look at the branch before the proposal', async () => {
  const asked: (string | undefined)[] = [];
  instead('lintContent', (real) => (query, signal) => {
    asked.push(query.as);
    return real(query, signal);
  });
  const { plan: made, preflight } = await plan('merge-request');
  expect(asked.slice(0, 2)).toEqual(['main', 'v2.0.0-beta.1']);
  const saw = preflight.find(({ id }) => id === 'project-lint')?.saw;
  expect(saw).toMatch(/on main it would have the \d+ jobs that were predicted; on v2\.0\.0-beta\.1 it would/);
  expect(made.steps.map(({ id }) => id)).toEqual([
    'commit',
    'lint-branch',
    'open-merge-request',
    'merge-request-jobs',
  ]);
});

test('other jobs by the project’s lint than were predicted, or its refusal: no plan, and it says which', async () => {
  const more = { name: 'surprise', stage: 'test' };
  const mend = instead('lintContent', (real) => async (query, signal) => {
    const lint = await real(query, signal);
    return { ...lint, jobs: [...lint.jobs, more] };
  });
  expect(await planned('trial')).toMatchObject({
    refused: 'GitLab’s lint: on main: GitLab would make other jobs: +surprise',
  });
  mend();
  instead('lintContent', (real) => async (query, signal) => ({
    ...(await real(query, signal)),
    valid: false,
    errors: ['jobs:lint config contains unknown keys: mage'],
  }));
  expect(await planned('merge-request')).toMatchObject({
    refused: 'GitLab’s lint: on main: jobs:lint config contains unknown keys: mage',
  });
  expect(await gitlab().branch(branch)).toBeUndefined();
});

test('a branch that GitLab would give other jobs is not proposed, and the run goes on or back', async () => {
  const made = await plan('merge-request');
  const mend = instead('lint', (real) => async (query, signal) => {
    const lint = await real(query, signal);
    return { ...lint, jobs: lint.jobs.slice(1) };
  });
  expect(await apply(made)).toMatchObject({ outcome: 'failed', failure: { code: 'not-as-predicted' } });
  expect(await gitlab().mergeRequests({ source: branch, target: 'main' })).not.toContainEqual(
    expect.objectContaining({ state: 'opened' }),
  );
  const goOn = () =>
    finish(resumeRun(runToResume(session(), task.name), { workspace: session().workspace, probes }));
  expect(await goOn()).toMatchObject({ outcome: 'failed', failure: { code: 'not-as-predicted' } });
  mend();
  expect(await goOn()).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await gitlab().branch(branch)).toBeUndefined();
});

test('a proposal from a trial’s branch that is taken back says that the branch stays, and for whom', async () => {
  expect(await apply(await plan('trial'))).toMatchObject({ outcome: 'done' });
  expect(await apply(await plan('merge-request'))).toMatchObject({ outcome: 'done' });
  const { workspace } = session();
  const said: string[] = [];
  const run = undoRun(runToUndo(session(), task.name), { workspace });
  for (let next = await run.next(); !next.done; next = await run.next())
    if (next.value.state === 'skipped') said.push(next.value.because);
  expect(said.join()).toMatch(/it stays: the branch .* has the change. If an earlier run did it, undo again/);
  expect(await gitlab().branch(branch)).toBeDefined();
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await gitlab().branch(branch)).toBeUndefined();
});

test('a role that may not lint stops neither trial nor proposal', async () => {
  const forbidden = () => async (): Promise<never> => {
    throw new Refused({ tried: 'lint', saw: '403 Forbidden', next: [], code: 'role', status: 403 });
  };
  instead('lint', forbidden);
  instead('lintContent', forbidden);
  const trial = await plan('trial');
  const outcome = await apply(trial);
  expect(outcome).toMatchObject({ outcome: 'done' });
  expect(JSON.stringify(outcome.events)).toContain('GitLab does not let this token lint the branch');
  expect(await apply(await plan('merge-request'))).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
}, 60_000);

test('a pipeline that was deleted meanwhile stops the trial; it is taken back whole', async () => {
  const made = await plan('trial');
  const run = applyPlan(made.plan, { workspace: session().workspace, probes });
  let end: unknown;
  for (let next = await run.next(); ; next = await run.next()) {
    if (next.done) {
      end = next.value;
      break;
    }
    if (next.value.step === 'measure-1' && next.value.state === 'started')
      instead(
        'pipelines',
        (real) => async (query, signal) => (query.ref === branch ? [] : real(query, signal)),
      );
  }
  expect(end).toMatchObject({
    outcome: 'failed',
    failure: { saw: expect.stringContaining('the pipeline is gone') },
  });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await gitlab().branch(branch)).toBeUndefined();
}, 60_000);

test('a runner that vanished: the jobs that wait for one are named, and the run goes on when it is back', async () => {
  const { workspace } = session();
  const made = await plan('trial');
  const back = instead(
    'jobs',
    (real) => async (pipeline, signal) =>
      (await real(pipeline, signal)).map((job) => {
        const { startedAt: _s, finishedAt: _f, ...waiting } = job;
        return { ...waiting, status: 'pending' as const };
      }),
  );
  const running = instead(
    'pipelines',
    (real) => async (query, signal) =>
      (await real(query, signal)).map((one) =>
        one.ref === branch ? { ...one, status: 'pending' as const } : one,
      ),
  );
  const stop = new AbortController();
  const run = applyPlan(made.plan, { workspace, probes, signal: stop.signal });
  let said = '';
  for (let next = await run.next(); !next.done; next = await run.next())
    if (next.value.step === 'measure-1' && next.value.state === 'output') {
      said = next.value.text;
      stop.abort();
    }
  expect(said).toMatch(/is pending: 0 of \d+ jobs have ended; waiting for a runner: /);
  back();
  running();
  const record = runToResume({ workspace }, task.name);
  expect(await finish(resumeRun(record, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
}, 60_000);

test('a job whose name would keep GitLab from making a pipeline does not get into the commit’s message as it is', async () => {
  const choice = { target: 'merge-request' as const, settings: {} };
  const steps = await changeSteps({
    planning: { ...(await look()), choice },
    task: 'parallel-jobs',
    changes: [{ path: 'notes/x.md', title: 'x', change: () => 'x\n' }],
    title: 'Cache the layers of build [skip ci]',
    description: '',
  });
  const messages = steps.flatMap(({ action }) => (action.kind === 'commit' ? [action.message] : []));
  expect(messages).toEqual(['Cache the layers of build (skip ci)']);
});

test('a plan whose message holds [skip ci] is refused when it is read', async () => {
  const { plan: made } = await plan('trial');
  const text = JSON.stringify(made).replace(/"message":"/, '"message":"[skip ci] ');
  expect(() => parsePlan(text, 'plan.json')).toThrow(/it holds \[skip ci\]/);
});

test('a default branch that moved in what changes makes the plan stale, and the next one says that the checkout is behind', async () => {
  const made = await plan('merge-request');
  const commit = made.plan.steps.flatMap(({ action }) => (action.kind === 'commit' ? [action] : []))[0];
  const path = commit?.files[0]?.path ?? '';
  const { text } = await gitlab().file(path, 'main');
  const actions = [{ action: 'update', file_path: path, content: `${text}# moved\n` }];
  expect(
    await somebody('POST', 'repository/commits', { branch: 'main', commit_message: 'Move', actions }),
  ).toBe(201);
  await expect(apply(made)).rejects.toThrow(/plan is stale/);
  expect(await gitlab().branch(branch)).toBeUndefined();
  await expect(planned('merge-request')).rejects.toMatchObject({ code: 'checkout-differs' });
});
