import type { FailureView } from '../../source/core/datum.ts';
import { viewFailure } from '../../source/core/datum.ts';
import { asFailure, Refused } from '../../source/core/failure.ts';
import type { PlanTarget } from '../../source/core/plan/plan.ts';
import type { Secret } from '../../source/core/secret.ts';
import type { RunOutcome } from '../../source/tasks/engine/events.ts';
import { runToResume, runToUndo } from '../../source/tasks/engine/runs.ts';
import { findTask, planTask } from '../../source/tasks/find.ts';
import { pullOption } from '../../source/tasks/rollout/pull.ts';
import { revertOption } from '../../source/tasks/rollout/revert.ts';
import type {
  Known,
  Planned,
  Planning,
  Probe,
  Task,
  TaskOption,
  TaskSetting,
} from '../../source/tasks/task.ts';
import type { Host } from '../host.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Begin } from '../state/ui.ts';
import type { StepView } from './steps.ts';

/** Where one task is between looking and undoing. */
export interface FlowState {
  readonly stage: 'choosing' | 'planning' | 'planned' | 'running' | 'ended';
  readonly options: readonly TaskOption[];
  readonly settings: readonly TaskSetting[];
  readonly option?: string | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly target: PlanTarget;
  readonly planned?: Planned | undefined;
  readonly failure?: FailureView | undefined;
  readonly steps: readonly StepView[];
  readonly outcome?: RunOutcome | undefined;
  /** Absent while it is looked at anew. */
  readonly verification?: Probe | undefined;
  readonly isUndo: boolean;
}

/** One task as it is worked on; lives longer than its screen, since a run goes on when the screen is left. */
export interface Flow {
  readonly task: Task;
  readonly store: Store<FlowState>;
  /** Of a look or a run. */
  abort: AbortController;
}

const empty: FlowState = {
  stage: 'choosing',
  options: [],
  settings: [],
  set: {},
  target: 'worktree',
  steps: [],
  isUndo: false,
};

const flows = new WeakMap<Host, Map<string, Flow>>();

/** The flow of a task on this screen; made when it is first asked for. */
export function flowOf(host: Host, name: string): Flow {
  const known = flows.get(host) ?? new Map<string, Flow>();
  flows.set(host, known);
  const found = known.get(name);
  if (found) return found;
  const made: Flow = { task: findTask(name), store: createStore(empty), abort: new AbortController() };
  known.set(name, made);
  return made;
}

/**
 * Begins anew: nothing that was chosen or planned is left; with `begin` its plan is made at once. A run that goes on is only
 * looked at.
 */
export async function open(host: Host, flow: Flow, begin?: Begin): Promise<void> {
  if (flow.store.get().stage === 'running') return;
  flow.abort.abort();
  flow.abort = new AbortController();
  flow.store.set({
    ...empty,
    planned: undefined,
    failure: undefined,
    outcome: undefined,
    option: begin?.option,
    set: begin?.set ?? {},
  });
  await guarded(flow, 'look at the task', async () => {
    await chooseAgain(host, flow);
    if (begin) return makePlan(host, flow);
    await refresh(host);
    await chooseAgain(host, flow);
  });
}

/** Lets go of what was begun, unless it is a run. */
export function leave({ store, abort }: Flow): void {
  if (store.get().stage !== 'running') abort.abort();
}

async function chooseAgain(host: Host, flow: Flow): Promise<void> {
  const { task, store } = flow;
  const { option, stage } = store.get();
  if (stage !== 'choosing') return;
  const options = (await task.options?.(planningOf(host, flow))) ?? [];
  const first = options.find(({ possible, recommended }) => possible && recommended) ?? options[0];
  if (store.get().stage !== 'choosing') return;
  store.set({ options, option: store.get().option ?? option ?? first?.name });
  await readSettings(host, flow);
}

/** The ways to do it, looked at anew: a trial has left its figures. */
export async function showWays(host: Host, flow: Flow): Promise<void> {
  flow.store.set({ stage: 'choosing', planned: undefined });
  await guarded(flow, 'look at the task', () => chooseAgain(host, flow));
}

/** Plans the trial of the first way after the chosen one that is possible and was not tried; says when there is none. */
export async function planNext(host: Host, flow: Flow): Promise<void> {
  const { store, task } = flow;
  flow.abort = new AbortController();
  await showWays(host, flow);
  const { options, option } = store.get();
  const at = options.findIndex(({ name }) => name === option);
  const isTried = options.some(({ tried }) => tried);
  const next = (isTried ? [...options.slice(at + 1), ...options.slice(0, at + 1)] : options.slice(at)).find(
    ({ name, possible, tried }) => possible && !tried && !wayless.has(name),
  );
  if (!next) return host.notify(`every way of ${task.name} that is possible was tried`);
  store.set({ option: next.name, target: 'trial' });
  await readSettings(host, flow);
  await makePlan(host, flow);
}

/** Options that nothing is tried with. */
const wayless: ReadonlySet<string> = new Set([revertOption, pullOption]);

/** What may be set for the option chosen. */
export async function readSettings(host: Host, flow: Flow): Promise<void> {
  const settings = (await flow.task.settings?.(planningOf(host, flow))) ?? [];
  flow.store.set({ settings });
}

export async function makePlan(host: Host, flow: Flow): Promise<void> {
  const { store, task } = flow;
  store.set({ stage: 'planning', planned: undefined, failure: undefined, steps: [], outcome: undefined });
  await guarded(flow, `plan ${task.name}`, async () => {
    await refresh(host);
    const planned = await planTask(task, planningOf(host, flow));
    store.set({ stage: 'planned', planned });
  });
}

/** What planning and verifying work with, as it is seen now. */
export function planningOf(host: Host, { store, abort }: Flow): Planning {
  const { option, set, target } = store.get();
  return {
    workspace: host.workspace,
    known: knownNow(host),
    choice: { target, settings: set, ...(option === undefined ? {} : { option }) },
    secret: askSecret(host),
    signal: abort.signal,
  };
}

function knownNow({ monitor, workspace }: Host): Known {
  return { ...monitor.snapshot(), now: new Date(workspace.now()).toISOString() };
}

export function refresh({ monitor }: Host): Promise<void> {
  return monitor.refresh(['checkout', 'project', 'attic', 'bazelRemote', 'honey', 'tools']);
}

/** Asks for a secret in a dialog and keeps it out of sight. */
export function askSecret({ ask, hide }: Host): (name: string, title: string) => Promise<Secret> {
  return async (_name, title) => {
    const secret = await ask.secret({ title: 'A secret is needed', lines: [title, 'It is not kept.'] });
    if (secret) {
      hide(secret.reveal());
      return secret;
    }
    throw new Refused({
      tried: `ask for ${title}`,
      saw: 'it was not given',
      next: ['Begin again.'],
      code: 'no-secret',
    });
  };
}

/** Whether there is a run of the task to resume or to undo. */
export function pastRuns(
  { workspace }: Host,
  { task }: Flow,
  stage: FlowState['stage'],
): { resume: boolean; undo: boolean } {
  if (stage === 'running') return { resume: false, undo: false };
  const has = (find: typeof runToResume): boolean => {
    try {
      return find({ workspace }, task.name) !== undefined;
    } catch {
      return false;
    }
  };
  return { resume: has(runToResume), undo: has(runToUndo) };
}

async function guarded(flow: Flow, tried: string, work: () => Promise<void>): Promise<void> {
  const { signal } = flow.abort;
  try {
    await work();
  } catch (thrown) {
    if (signal.aborted) return;
    flow.store.set({ stage: 'choosing', failure: viewFailure(asFailure(thrown, tried)) });
  }
}
