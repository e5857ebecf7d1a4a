import type { PlanTarget } from '../../source/core/plan/plan.ts';
import type { Binding } from '../actions/action.ts';
import { useActions } from '../hooks/useKeys.ts';
import { type Host, useHost } from '../host.ts';
import { moved } from '../state/listWindow.ts';
import { type Flow, makePlan, planNext, readSettings, showWays } from './flow.ts';
import { apply, lookAgain, resume, undo } from './run.ts';

/** Binds what can be done with a task at the stage where it is. */
export function useTaskActions(flow: Flow, past: { readonly resume: boolean; readonly undo: boolean }): void {
  const host = useHost();
  const { task, store } = flow;
  const { stage, options, option, target } = store.get();
  const { busy, unplannable, unready, readOnly, untried, offline } = reasonsAgainst(flow, host);
  const plan: Binding = { run: () => void makePlan(host, flow), disabled: busy ?? unplannable };
  const go: Binding = { run: () => void apply(host, flow), disabled: busy ?? unready ?? readOnly };
  useActions('task', {
    'task.plan': plan,
    'task.apply': go,
    'task.verify': { run: () => void lookAgain(host, flow), disabled: busy },
    'task.settings': {
      run: () => void changeSetting(host, flow),
      disabled: busy ?? (task.plan ? undefined : unplannable),
    },
    'task.target': {
      run: () => store.set({ target: nextTarget(target, task.canTry === true), stage: 'choosing' }),
      disabled: busy ?? offline,
    },
    'task.undo': {
      run: () => void undo(host, flow),
      disabled: busy ?? readOnly ?? (past.undo ? undefined : 'there is no run of it to undo'),
    },
    'task.resume': {
      run: () => void resume(host, flow),
      disabled: busy ?? readOnly ?? (past.resume ? undefined : 'no run of it was interrupted'),
    },
    'task.next': { run: () => void planNext(host, flow), disabled: busy ?? untried ?? offline },
    'task.ways': {
      run: () => void showWays(host, flow),
      disabled: busy ?? (stage === 'choosing' ? 'they are shown' : undefined),
    },
    'task.stop': {
      run: () => flow.abort.abort(new DOMException('stopped', 'AbortError')),
      disabled: stage === 'running' ? undefined : 'nothing runs',
    },
  });
  const move = (by: number): void => {
    const at = options.findIndex(({ name }) => name === option);
    const next = options[moved(at, by, options.length)];
    if (!next) return;
    store.set({ option: next.name, failure: undefined });
    void readSettings(host, flow).catch(() => {});
  };
  useActions(
    'list',
    { 'list.down': { run: () => move(1) }, 'list.up': { run: () => move(-1) } },
    stage === 'choosing',
  );
  useActions(
    'list',
    { 'list.open': stage === 'choosing' ? plan : go },
    stage === 'choosing' || stage === 'planned',
  );
}

/** Why something cannot be done with the task now, each where it is so. */
function reasonsAgainst({ task, store }: Flow, { workspace: { gate, gitlab } }: Host) {
  const { stage, options, option, planned } = store.get();
  const chosen = options.find(({ name }) => name === option);
  const impossible = chosen && !chosen.possible ? `it is not possible: ${chosen.because ?? ''}` : undefined;
  const steps = planned && 'plan' in planned ? planned.plan.steps : [];
  const empty = steps.length === 0 ? 'there is nothing to do' : undefined;
  const armed = gate.armed();
  const isLocked = armed.state === 'read-only' && armed.locked;
  return {
    busy: stage === 'running' || stage === 'planning' ? 'it is at work' : undefined,
    unplannable: task.plan ? impossible : 'this task is looked at, and not carried out',
    unready: stage === 'planned' ? empty : 'there is no plan yet: press p',
    readOnly: isLocked ? 'started with --read-only: writes cannot be armed' : undefined,
    untried: task.canTry ? undefined : 'nothing of it can be tried on a branch',
    offline: 'off' in gitlab ? gitlab.off : undefined,
  };
}

/** Asks which setting, and for its value; the plan that was made with the old one is let go. */
async function changeSetting(host: Host, flow: Flow): Promise<void> {
  const { ask, notify } = host;
  const { settings, set } = flow.store.get();
  if (settings.length === 0) return notify('there is nothing to set');
  const name = await ask.choice({
    title: 'Which setting?',
    lines: [],
    options: settings.map((one) => ({
      value: one.name,
      label: `${one.name}: ${set[one.name] ?? one.value ?? '-'}  ${one.title}`,
    })),
  });
  const setting = settings.find((one) => one.name === name);
  if (!setting) return;
  const lines = setting.because === undefined ? [setting.title] : [setting.title, setting.because];
  const initial = set[setting.name] ?? setting.value;
  const value = setting.choices
    ? await ask.choice({
        title: setting.name,
        lines,
        options: setting.choices.map((one) => ({ value: one, label: one })),
      })
    : await ask.text({ title: setting.name, lines, ...(initial === undefined ? {} : { initial }) });
  if (value === undefined) return;
  flow.store.set(({ set: before, stage }) => ({
    set: { ...before, [setting.name]: value.trim() },
    ...(stage === 'running' ? {} : { stage: 'choosing' as const, planned: undefined }),
  }));
}

/** The places for changes in turn; a trial comes before the merge request that it is for. */
function nextTarget(target: PlanTarget, canTry: boolean): PlanTarget {
  const targets = canTry ? turns : turns.filter((one) => one !== 'trial');
  return targets[(targets.indexOf(target) + 1) % targets.length] ?? 'worktree';
}

const turns: readonly PlanTarget[] = ['worktree', 'trial', 'merge-request'];
