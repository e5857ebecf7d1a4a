import type { JournalEntry } from '../../core/change.ts';
import { Refused } from '../../core/failure.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import type { Write } from '../../services/gate.ts';
import type { Workspace } from '../../services/workspace.ts';
import { type Context, type Effective, executorOf } from './context.ts';
import type { Executor, Look, OnOutput } from './executor.ts';
import type { StepHistory } from './history.ts';
import type { Lock } from './lock.ts';
import { type RunRecord, saveRecord } from './record.ts';

/** One run while it goes on. */
export interface Going {
  record: RunRecord;
  readonly context: Context;
  readonly lock: Lock;
  readonly signal: AbortSignal | undefined;
}

/** A step that changes something. */
export type EffectiveStep = PlanStep & { readonly action: Effective };

export type StepDone = { readonly state: 'done' | 'skipped'; readonly saw: string };

/** Does one step unless its effect is there; what its undo needs is on disk before its intent, its intent before its effect. */
export async function doStep(
  going: Going,
  step: EffectiveStep,
  past: StepHistory,
  onOutput: OnOutput,
): Promise<StepDone> {
  const { context, signal } = going;
  const { workspace } = context;
  const executor = executorOf(step.action, context);
  const seen = await executor.look(signal);
  if (past.state === 'begun') await settle(workspace, past.last, seen, 'after');
  if (seen.state === 'after') return { state: 'skipped', saw: seen.saw };
  if (seen.state === 'unknown' && past.state === 'done')
    return { state: 'skipped', saw: 'it was done before' };
  if (seen.state === 'neither') throw inBetween(step, seen);
  await going.lock.check();
  const memory = await executor.remember(signal);
  going.record = { ...going.record, memories: { ...going.record.memories, [step.id]: memory } };
  await saveRecord(workspace, going.record);
  const saw = await workspace.gate.perform(
    writeOf(going, step, executor, (grant, given) => executor.apply(grant, onOutput, given)),
    signal,
  );
  const after = await executor.look(signal);
  if (after.state === 'after' || after.state === 'unknown') return { state: 'done', saw };
  throw notThere(step, after);
}

/** Takes one step back. */
export async function undoStep(going: Going, step: EffectiveStep, onOutput: OnOutput): Promise<StepDone> {
  const { context, signal, record } = going;
  const executor = executorOf(step.action, context);
  await going.lock.check();
  const memory = record.memories[step.id] ?? {};
  const write = writeOf(going, step, executor, (grant, given) =>
    executor.undo(grant, memory, onOutput, given),
  );
  const saw = await context.workspace.gate.perform({ ...backwards(write, step) }, signal);
  const after = await executor.look(signal);
  if (after.state === 'before' || after.state === 'unknown') return { state: 'done', saw };
  throw notThere(step, after);
}

/** Writes down what came of a write that was interrupted, now that it has been looked at. */
export async function settle(
  { journal, now }: Workspace,
  last: JournalEntry | undefined,
  { state, saw }: Look,
  wanted: 'before' | 'after',
): Promise<void> {
  if (last === undefined || state === 'neither' || state === 'unknown') return;
  const found = state === wanted ? 'done' : 'failed';
  if (last.state === found) return;
  const at = new Date(now()).toISOString();
  const result = `looked at again: ${saw}`;
  await journal.append({ ...last, at, state: found, result });
}

function writeOf(
  { record }: Going,
  step: PlanStep,
  { current }: Executor,
  perform: Write<string>['perform'],
): Write<string> {
  const { title, target, before, after, preview, undo, effect } = step;
  return {
    title,
    // A step that only looks is not performed; it would be held to the strictest.
    effect: effect === 'none' ? 'destructive' : effect,
    target,
    detail: 'diff' in preview ? preview.diff : JSON.stringify(preview),
    undo: undo === 'irreversible' ? undo : { ...undo, command: `huskycat-tui task ${record.plan.task} undo` },
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(current ? { current } : {}),
    task: record.plan.task,
    step: step.id,
    taskRun: record.id,
    perform,
    result: (saw) => saw,
  };
}

function backwards({ title, before, after, ...write }: Write<string>, step: PlanStep): Write<string> {
  return {
    ...write,
    title: `Undo: ${title}`,
    isUndo: true,
    detail: step.undo === 'irreversible' ? '' : step.undo.text,
    undo: { text: 'Apply the step again.', command: `huskycat-tui task ${write.task ?? ''} plan` },
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

function inBetween({ title, target }: PlanStep, { saw }: Look): Refused {
  return new Refused({
    tried: `${title} (${target})`,
    saw,
    next: [
      'Bring it to where it was before the step, or to what the plan wants, then resume.',
      'Or take back what was done: undo.',
    ],
    code: 'in-between',
  });
}

function notThere({ title, target }: PlanStep, { saw }: Look): Refused {
  return new Refused({
    tried: `${title} (${target})`,
    saw: `it went through, but afterwards: ${saw}`,
    next: ['Look at the target, then resume or undo.'],
    code: 'not-verified',
  });
}
