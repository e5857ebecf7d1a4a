import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { applyPlan, resumeRun } from '../../../source/tasks/engine/apply.ts';
import { readRecords, saveRecord } from '../../../source/tasks/engine/record.ts';
import { runToResume } from '../../../source/tasks/engine/runs.ts';
import { unfinishedRuns } from '../../../source/tasks/engine/session.ts';
import { finish } from '../engine/world.ts';
import { sandboxTask } from '../sandboxTask.ts';

const { look, plan, probes, session, task, undo } = sandboxTask('container-layers');
const branch = 'huskycat-tui/container-layers';
const job = 'container:build:amd64';

function gitlab(): GitLab {
  const { gitlab: connected } = session().workspace;
  if ('off' in connected) throw new Error('no GitLab');
  return connected.service;
}

async function branches(): Promise<string[]> {
  const names = [branch, `${branch}-2`, `${branch}-3`];
  const found = await Promise.all(names.map((name) => gitlab().branch(name)));
  return names.filter((_, index) => found[index]);
}

test('the next way ends the trial before it, both stay to choose from, and the proposal shows both', async () => {
  const { workspace } = session();
  const first = await plan('trial', 'buildkit');
  expect(first.plan.predicted?.map(({ event }) => event)).toContain('push');
  expect(await finish(applyPlan(first.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const kept = readRecords(workspace).runs.at(-1);
  expect(kept?.plan.predicted).toEqual(first.plan.predicted);
  expect(kept?.tried?.map(({ jobs }) => jobs.map(({ name }) => name))).toEqual([[job], [job]]);

  const second = await plan('trial', 'kaniko');
  expect(second.plan.steps.map(({ id }) => id.replace(/^close-.*/, 'close'))).toEqual([
    'close',
    'commit',
    'lint-branch',
    'pipeline-1',
    'measure-1',
    'pipeline-2',
    'measure-2',
  ]);
  expect(second.plan.steps[0]?.title).toMatch(
    /^End the trial of buildkit of .*: delete huskycat-tui\/container-layers$/,
  );
  expect(await branches()).toEqual([branch]);
  expect(await finish(applyPlan(second.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(await branches()).toEqual([`${branch}-2`]);
  const options = (await task.options?.(await look())) ?? [];
  expect(
    options.flatMap(({ name, tried }) => (tried ? [[name, tried.isOpen, tried.pipelines.length]] : [])),
  ).toEqual([
    ['buildkit', false, 2],
    ['kaniko', true, 2],
  ]);

  const proposal = await plan('merge-request', 'kaniko');
  expect(proposal.plan.steps.map(({ id }) => id)).toEqual([
    'commit',
    'lint-branch',
    'open-merge-request',
    'merge-request-jobs',
  ]);
  const [commit, , request] = proposal.plan.steps;
  expect(commit?.target).toContain(`${branch}-2`);
  const body = request && 'request' in request.preview ? request.preview.body : '';
  expect(body).toMatch(
    /\| before \(median\) \| kaniko #\d+ \| kaniko #\d+ \| buildkit #\d+ \| buildkit #\d+ \|/,
  );
  const other = await plan('merge-request', 'buildkit');
  expect(other.plan.steps.map(({ id }) => id.replace(/^close-.*/, 'close'))).toEqual([
    'commit',
    'lint-branch',
    'open-merge-request',
    'merge-request-jobs',
    'close',
  ]);

  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await branches()).toEqual([branch]);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await branches()).toEqual([]);
}, 120_000);

test('a trial that failed or was stopped is ended by the next way, wherever that is interrupted', async () => {
  const { workspace } = session();
  const first = await plan('trial', 'buildkit');
  const stop = new AbortController();
  const run = applyPlan(first.plan, { workspace, probes, signal: stop.signal });
  for (let next = await run.next(); !next.done; next = await run.next())
    if (next.value.step === 'pipeline-1') stop.abort();
  expect(unfinishedRuns(workspace)).toHaveLength(1);

  const second = await plan('trial', 'kaniko');
  expect(second.plan.steps[0]?.id).toMatch(/^close-/);
  // The server ends the branch, and the program dies before it hears of it.
  const dying = applyPlan(second.plan, { workspace, probes });
  const real = gitlab().deleteBranch;
  const dead = new Error('killed');
  gitlab().deleteBranch = async (...given) => {
    await real(...given);
    throw dead;
  };
  expect(await finish(dying)).toMatchObject({ outcome: 'failed' });
  gitlab().deleteBranch = real;
  expect(await branches()).toEqual([]);
  const resumed = runToResume({ workspace }, task.name);
  expect(resumed.plan.option).toBe('kaniko');
  expect(await finish(resumeRun(resumed, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(unfinishedRuns(workspace)).toEqual([]);
  expect(await branches()).toEqual([`${branch}-2`]);

  expect(await undo()).toMatchObject({ outcome: 'undone' });
  // The stopped trial is as it was: to be resumed or taken back.
  expect(await branches()).toEqual([branch]);
  expect(unfinishedRuns(workspace)).toHaveLength(1);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await branches()).toEqual([]);
}, 120_000);

test('a branch that somebody pushed to, or that a merge request is open of, stays, and it is said', async () => {
  const { workspace } = session();
  const first = await plan('trial', 'buildkit');
  expect(await finish(applyPlan(first.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const proposal = await plan('merge-request', 'buildkit');
  expect(await finish(applyPlan(proposal.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const next = await plan('trial', 'buildah');
  expect(next.plan.steps[0]?.id).toBe('commit');
  expect(next.preflight.find(({ id }) => id === `trial-${branch}`)?.saw).toMatch(
    /^it stays: !\d+ of .* is opened$/,
  );
  expect(await undo()).toMatchObject({ outcome: 'undone' });
}, 120_000);

test('what was merged is pulled into a clean checkout that follows it, and moved back; else it says what is in the way', async () => {
  const { workspace, sandbox } = session();
  const made = await plan('merge-request', 'buildkit');
  expect(await finish(applyPlan(made.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const [opened] = await gitlab().mergeRequests({ source: branch, target: 'main' });
  const address = sandbox?.gitlab;
  const answer = await fetch(
    `${address?.url}/api/v4/projects/${encodeURIComponent(address?.project ?? '')}/merge_requests/${opened?.iid}/merge`,
    { method: 'PUT', headers: { Authorization: `Bearer ${address?.token}` } },
  );
  expect(answer.status).toBe(200);
  const { merge_commit_sha: merged } = (await answer.json()) as { merge_commit_sha: string };
  // What was merged is not taken back by half.
  await expect(undo()).rejects.toThrow(/was merged: the way revert takes the change back/);
  expect(unfinishedRuns(workspace)).toEqual([]);

  const root = sandbox?.checkout ?? '';
  const git = (...argv: string[]): string =>
    execFileSync('git', ['-C', root, ...argv], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const offered = async () => {
    const all = (await task.options?.(await look())) ?? [];
    const found = all.find(({ name }) => name === 'pull');
    return found && (found.possible || found.because);
  };
  const path = join(root, 'CHANGELOG.md');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, `${text}mine\n`);
  expect(await offered()).toBe('1 change of the working tree would be in the way: commit or stash');
  await expect(plan('worktree', 'pull')).rejects.toThrow(/it is not possible: 1 change/);
  writeFileSync(path, text);
  git('switch', '-q', '-c', 'mine');
  expect(await offered()).toBe('mine is checked out, not main: git switch main');
  git('switch', '-q', '--detach');
  expect(await offered()).toBe('no branch is checked out: git switch main');
  git('switch', '-q', 'main');
  git('branch', '--unset-upstream');
  expect(await offered()).toBe('main follows no branch: git branch --set-upstream-to=origin/main');
  git('branch', '-q', '--set-upstream-to=origin/main');
  git('commit', '-q', '--allow-empty', '-m', 'mine');
  expect(await offered()).toBe('main has 1 commit that its remote has not');
  git('reset', '-q', '--hard', 'HEAD~1');

  const before = git('rev-parse', 'HEAD');
  expect(await offered()).toBe(true);
  const ways = (await task.options?.(await look())) ?? [];
  expect(ways.filter(({ recommended }) => recommended).map(({ name }) => name)).toEqual(['pull']);
  const pull = await plan('worktree', 'pull');
  expect(git('rev-parse', 'HEAD')).toBe(before);
  expect(await finish(applyPlan(pull.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  // Colleagues may have pushed since: what they did is pulled too.
  expect(git('merge-base', merged, 'HEAD')).toBe(merged);
  expect(task.probe((await look()).known).rung).toBe('valid');
  expect(await offered()).toBeUndefined();
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(git('rev-parse', 'HEAD')).toBe(before);
}, 120_000);

test('what is predicted stands beside the plan in a run’s record, and is passed over where it cannot be read', async () => {
  const { workspace } = session();
  const { plan: made } = await plan('worktree', 'kaniko');
  const run = { plan: made, direction: 'apply', memories: {}, keep: [], ended: 'undone' } as const;
  const id = '00000000-0000-4000-8000-000000000000';
  await saveRecord(workspace, { ...run, id, startedAt: '2000-01-01T00:00:00.000Z' });
  const path = join(dirname(workspace.journal.path), 'runs', `${id}.json`);
  const text = readFileSync(path, 'utf8');
  const written = JSON.parse(text);
  expect(written.plan.predicted).toBeUndefined();
  expect(written.predicted).toEqual(made.predicted);
  const found = () => readRecords(workspace).runs.find((one) => one.id === id);
  expect(found()?.plan).toEqual(made);
  writeFileSync(path, JSON.stringify({ ...written, predicted: [{ event: 'moon' }], tried: 7, later: true }));
  expect(found()?.plan.predicted).toBeUndefined();
  expect(found()?.plan.steps).toEqual(made.steps);
  expect(readRecords(workspace).damaged).toEqual([]);
});
