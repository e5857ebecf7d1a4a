import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../source/compose/session.ts';
import type { Plan, PlanTarget } from '../../source/core/plan/plan.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../source/tasks/engine/runs.ts';
import { undoRun } from '../../source/tasks/engine/undo.ts';
import { findTask, planTask } from '../../source/tasks/find.ts';
import { finish } from './engine/world.ts';

const task = findTask('cache-lifetimes');
const probes = task.probes ?? {};

let session: Session;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  session.workspace.gate.arm();
});
afterAll(() => session.close());

async function look() {
  const { workspace, monitor } = session;
  await monitor.refresh();
  return { workspace, known: { ...monitor.snapshot(), now: new Date().toISOString() } };
}

interface Question {
  readonly target?: PlanTarget;
  readonly option?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

async function planned({ target = 'worktree', option, settings = {} }: Question = {}) {
  const choice = { target, settings, ...(option === undefined ? {} : { option }) };
  return planTask(task, { ...(await look()), choice });
}

async function plan(question: Question = {}): Promise<Plan> {
  const found = await planned(question);
  if ('plan' in found) return found.plan;
  throw new Error(`${found.refused}\n${JSON.stringify(found.preflight, null, 1)}`);
}

const rung = async () => task.probe((await look()).known).rung;
const undo = () => finish(undoRun(runToUndo(session, task.name), { workspace: session.workspace }));

function changedLines({ steps }: Plan): string[] {
  return steps.flatMap(({ preview }) =>
    'diff' in preview ? preview.diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line)) : [],
  );
}

test('the options say what each would do, what it saves, and that an expiry saves no download', async () => {
  const options = (await task.options?.(await look())) ?? [];
  expect(options.map(({ name }) => name)).toEqual([
    'planned',
    'expiry',
    'keys',
    'policy',
    'package-registry',
    'compression',
    'all',
  ]);
  const because = (name: string) => options.find((one) => one.name === name)?.because;
  expect(because('expiry')).toContain('No download of a later pipeline');
  expect(because('keys')).toMatch(/validate:lint: found in \d+ of \d+ runs/);
  expect(because('package-registry')).toMatch(/runs 2m \d\ds \(median, N \d+\)/);
});

test('as planned: from absent to valid and back, each changed line being meant', async () => {
  const { workspace } = session;
  expect(await rung()).toBe('absent');
  const first = await plan();
  expect(first.steps.map(({ target }) => target).sort()).toEqual([
    '.gitlab-ci.yml',
    '.gitlab/ci/binaries.yml',
    '.gitlab/ci/download-tools.yml',
  ]);
  expect(changedLines(first).sort()).toEqual([
    '+    expire_in: 1 week',
    '+    expire_in: 1 week',
    '+    key: "uv-$CI_COMMIT_REF_SLUG"',
    '+    key: "uv-$CI_COMMIT_REF_SLUG"',
    '-    expire_in: 1 day',
    '-    expire_in: 1 day',
    '-    key: "$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"',
    '-    key: "$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"',
  ]);
  expect(await finish(applyPlan(first, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(await rung()).toBe('valid');
  const checked = await task.verify?.(await look());
  expect(checked?.rung).toBe('valid');
  expect(checked?.evidence.some(({ saw }) => saw.startsWith('whole pipeline: not yet'))).toBe(true);
  expect((await plan()).steps).toEqual([]);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await rung()).toBe('absent');
});

test('all at once: the shell that is written is one, and nothing is left to plan', async () => {
  const { workspace } = session;
  const all = await plan({ option: 'all' });
  expect(await finish(applyPlan(all, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const { root } = await workspace.openCheckout();
  for (const path of ['scripts/download-tools.sh', 'scripts/kept-download.sh'])
    execFileSync('sh', ['-n', `${root}/${path}`]);
  expect((await plan({ option: 'all' })).steps).toEqual([]);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect((await workspace.openCheckout()).read('scripts/kept-download.sh')).toBeUndefined();
});

test('settings choose what is changed, and a word that means nothing is refused', async () => {
  const one = await plan({ settings: { changes: 'expiry', 'expire-in': '30 days' } });
  expect(changedLines(one)).toContain('+    expire_in: 30 days');
  expect(one.steps).toHaveLength(1);
  await expect(plan({ settings: { changes: 'expiry,nonsense' } })).rejects.toThrow('no such value');
  await expect(plan({ settings: { jobs: 'validate:lnt' } })).rejects.toThrow('no job validate:lnt');
  const none = await plan({ settings: { changes: 'expiry', 'expire-in': 'soon' } });
  expect(none.steps).toEqual([]);
});

test('as a merge request: one commit with all files, and what it saves in the description', async () => {
  const made = await plan({ target: 'merge-request' });
  expect(made.steps.map(({ id }) => id)).toEqual([
    'commit',
    'lint-branch',
    'open-merge-request',
    'merge-request-jobs',
  ]);
  const opened = made.steps.find(({ id }) => id === 'open-merge-request');
  expect(JSON.stringify(opened?.preview)).toContain('artifacts belong to one pipeline');
});
