import { viewFailure } from '../../source/core/datum.ts';
import { asFailure } from '../../source/core/failure.ts';
import type { Plan } from '../../source/core/plan/plan.ts';
import { summary } from '../../source/core/plan/summary.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import type { Run } from '../../source/tasks/engine/events.ts';
import { goOn, runToResume, runToUndo } from '../../source/tasks/engine/runs.ts';
import type { RunOptions } from '../../source/tasks/engine/session.ts';
import { undoRun } from '../../source/tasks/engine/undo.ts';
import type { Host } from '../host.ts';
import { askSecret, type Flow, planningOf, refresh } from './flow.ts';
import { withEvent } from './steps.ts';

/** Carries out the plan that is shown, once the user said yes to it. */
export async function apply(host: Host, flow: Flow): Promise<void> {
  const { planned } = flow.store.get();
  if (!planned || !('plan' in planned)) return;
  const { plan } = planned;
  const isFinal = plan.steps.some(({ effect, undo }) => effect === 'destructive' || undo === 'irreversible');
  const isSure = await sure(host, {
    title: `Apply: ${summary(plan.steps)}?`,
    lines: plan.steps.map(({ title, target }) => `${title} (${target})`),
    ...(isFinal ? { typed: flow.task.name } : {}),
  });
  if (isSure) await follow(host, flow, (options) => applyPlan(plan, options), false);
}

/** Takes the last run back. */
export async function undo(host: Host, flow: Flow): Promise<void> {
  const record = runToUndo(host, flow.task.name);
  const isSure = await sure(host, {
    title: `Take back the run of ${record.startedAt}?`,
    lines: undoLines(record.plan),
  });
  if (isSure) await follow(host, flow, (options) => undoRun(record, options), true);
}

/** Goes on with a run that was interrupted, the way it went. */
export async function resume(host: Host, flow: Flow): Promise<void> {
  const record = runToResume(host, flow.task.name);
  const isBack = record.direction === 'undo';
  const isSure = await sure(host, {
    title: `Go on with the run of ${record.startedAt}?`,
    lines: isBack ? undoLines(record.plan) : record.plan.steps.map(({ title }) => title),
  });
  if (isSure) await follow(host, flow, (options) => goOn(record, options), isBack);
}

function undoLines({ steps }: Plan): string[] {
  return steps.map(
    ({ title, undo: back }) => `${title}: ${back === 'irreversible' ? 'cannot be undone' : back.text}`,
  );
}

/** Asks, and offers to arm writes where they are locked. */
async function sure(host: Host, question: Parameters<Host['ask']['confirm']>[0]): Promise<boolean> {
  const { workspace, ask, notify } = host;
  const armed = workspace.gate.armed();
  if (armed.state === 'read-only' && armed.locked) {
    notify('started with --read-only: writes cannot be armed', 'warn');
    return false;
  }
  const isLocked = armed.state === 'read-only';
  const lines = isLocked
    ? [...question.lines, '', 'Writes are locked: yes arms them for ten minutes.']
    : question.lines;
  if (!(await ask.confirm({ ...question, lines }))) return false;
  if (isLocked) workspace.gate.arm();
  return true;
}

async function follow(
  host: Host,
  flow: Flow,
  start: (options: RunOptions) => Run,
  isUndo: boolean,
): Promise<void> {
  const { workspace } = host;
  const { store, task } = flow;
  flow.abort = new AbortController();
  store.set({
    stage: 'running',
    steps: [],
    outcome: undefined,
    verification: undefined,
    failure: undefined,
    isUndo,
  });
  try {
    const run = start({
      workspace,
      signal: flow.abort.signal,
      secret: askSecret(host),
      ...(task.probes ? { probes: task.probes } : {}),
    });
    let next = await run.next();
    while (!next.done) {
      const event = next.value;
      store.set(({ steps }) => ({ steps: withEvent(steps, event, workspace.now()) }));
      next = await run.next();
    }
    store.set({ stage: 'ended', outcome: next.value });
  } catch (thrown) {
    store.set({ stage: 'ended', failure: viewFailure(asFailure(thrown, `task ${task.name}`)) });
  }
  await verify(host, flow);
}

/** Looks whether it works now, without a run before it: as after a merge. */
export async function lookAgain(host: Host, flow: Flow): Promise<void> {
  flow.store.set({
    stage: 'ended',
    steps: [],
    planned: undefined,
    outcome: undefined,
    verification: undefined,
    failure: undefined,
    isUndo: false,
  });
  await verify(host, flow);
}

/** Looks anew at what came of it. */
async function verify(host: Host, flow: Flow): Promise<void> {
  const { task, store } = flow;
  flow.abort = new AbortController();
  try {
    await refresh(host);
    const { set } = store.get();
    const planning = planningOf(host, flow);
    const seen = await (task.verify?.({ ...planning, settings: set }) ?? task.probe(planning.known));
    if (store.get().stage === 'ended') store.set({ verification: seen });
  } catch (thrown) {
    if (!flow.abort.signal.aborted && store.get().stage === 'ended')
      store.set({ failure: viewFailure(asFailure(thrown, `verify ${task.name}`)) });
  }
}
