import { isAbort, Refused } from '../../core/failure.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { executorOf, isEffective, openContext } from './context.ts';
import type { Run, StepEvent, StepResult } from './events.ts';
import type { Look } from './executor.ts';
import { historyOf, type StepHistory } from './history.ts';
import { withLines } from './lines.ts';
import { type RunRecord, saveRecord } from './record.ts';
import { askSecrets, lockAll, type RunOptions } from './session.ts';
import { type EffectiveStep, type Going, type StepDone, settle, undoStep } from './step.ts';
import { failureOf } from './stopped.ts';
import { streamed } from './streamed.ts';

export interface UndoOptions extends RunOptions {
  /** Ids of steps that are left as they are. */
  readonly keep?: readonly string[];
}

type Decision = { readonly what: 'undo' | 'skip' | 'keep' | 'refuse'; readonly because: string };

/**
 * Takes a run back, its last step first. Before the first effect every step is looked at; when one is no longer as the run left
 * it, nothing is done and `Refused` says what is there. An interrupted undo goes on where it was.
 */
export async function* undoRun(given: RunRecord, options: UndoOptions): Run {
  const { workspace, signal } = options;
  const { plan } = given;
  const why = workspace.gate.refusal('local');
  if (why !== undefined)
    throw new Refused({
      tried: `undo ${plan.task}`,
      saw: why,
      next: ['Press a to arm writes, or pass --yes on the command line.'],
      code: 'read-only',
    });
  const keep = [...new Set([...given.keep, ...(options.keep ?? [])])];
  const record: RunRecord = { ...given, direction: 'undo', keep };
  const secrets = await askSecrets(plan, options);
  const context = await openContext(workspace, plan, secrets, signal);
  const lock = await lockAll(plan, record.id, context, options);
  let end: (() => void) | undefined;
  try {
    const going: Going = { record, context, lock, signal };
    const { entries } = await workspace.journal.read();
    const history = historyOf(entries, record.id);
    await refuseMoved(going, history);
    const { ended: _, ...open } = record;
    going.record = open;
    await saveRecord(workspace, open);
    end = workspace.gate.confirm(record.id);
    return yield* backward(going, history, options);
  } finally {
    end?.();
    await lock.release();
  }
}

async function* backward(
  going: Going,
  history: ReadonlyMap<string, StepHistory>,
  { workspace }: RunOptions,
): Run {
  const { redact } = workspace;
  const { plan, id } = going.record;
  const results: StepResult[] = [];
  for (const step of effective(plan).reverse()) {
    const begun = workspace.now();
    yield { step: step.id, state: 'started', title: `Undo: ${step.title}`, isUndo: true };
    try {
      going.signal?.throwIfAborted();
      const past = history.get(step.id) ?? { state: 'none' };
      const { what, because } = await decide(going, step, past, true);
      if (what === 'refuse') throw moved(plan.task, [`${step.title}: ${because}`]);
      if (what !== 'undo') {
        results.unshift({ step: step.id, title: step.title, state: what === 'keep' ? 'kept' : 'skipped' });
        yield { step: step.id, state: 'skipped', because: redact(because) };
        continue;
      }
      const { saw } = yield* streamed<StepEvent, StepDone>((emit) =>
        withLines(step.id, redact, emit, (onOutput) => undoStep(going, step, onOutput)),
      );
      results.unshift({ step: step.id, title: step.title, state: 'undone' });
      yield { step: step.id, state: 'done', saw: redact(saw), took: (workspace.now() - begun) / 1000 };
    } catch (thrown) {
      const failure = failureOf(thrown, `undo: ${step.title}`, redact);
      results.unshift({ step: step.id, title: step.title, state: 'failed' });
      yield { step: step.id, state: 'failed', failure };
      return { outcome: isAbort(thrown) ? 'stopped' : 'failed', run: id, steps: results, failure };
    }
  }
  going.record = { ...going.record, ended: 'undone' };
  await saveRecord(workspace, going.record);
  return { outcome: 'undone', run: id, steps: results };
}

/** What becomes of a step; with `isSettled` a write that was interrupted is journaled as it is found. */
async function decide(
  going: Going,
  step: EffectiveStep,
  past: StepHistory,
  isSettled = false,
): Promise<Decision> {
  const { context, record, signal } = going;
  if (past.state === 'none') return { what: 'skip', because: await notOurs(going, step, isSettled) };
  if (past.state === 'undone') return { what: 'skip', because: 'it is taken back' };
  if (record.keep.includes(step.id)) return { what: 'keep', because: 'it is to be kept' };
  const executor = executorOf(step.action, context);
  const seen = await executor.look(signal);
  if (isSettled) await settleBegun(going, past, seen);
  if (seen.state === 'before') return { what: 'skip', because: seen.saw };
  if (isNothingToUndo(step)) return { what: 'skip', because: 'nothing is to be taken back' };
  if (step.undo === 'irreversible') return { what: 'refuse', because: 'it cannot be undone' };
  const never = await executor.cannotUndo?.(signal);
  if (never !== undefined) return { what: 'refuse', because: never };
  if (seen.state !== 'neither') return { what: 'undo', because: seen.saw };
  const isHalf = executor.undoesHalf && past.state !== 'done';
  return { what: isHalf ? 'undo' : 'refuse', because: seen.saw };
}

/** What a run found there already stays when it is taken back: that is said, with what may take it back too. */
async function notOurs({ context, signal }: Going, { action }: EffectiveStep, isLast: boolean) {
  const because = 'this run did not do it';
  if (!isLast || action.kind !== 'commit') return because;
  const { state, saw } = await executorOf(action, context).look(signal);
  if (state !== 'after') return because;
  return `${because}, and it stays: ${saw}. If an earlier run did it, undo again takes that back`;
}

/** A command may have an effect that passes, such as a restart. */
function isNothingToUndo({ action, undo }: EffectiveStep): boolean {
  return action.kind === 'command' && undo !== 'irreversible' && (action.undo ?? []).length === 0;
}

async function settleBegun({ context }: Going, past: StepHistory, seen: Look): Promise<void> {
  if (past.state === 'begun') await settle(context.workspace, past.last, seen, 'after');
  if (past.state === 'undo-begun') await settle(context.workspace, past.last, seen, 'before');
}

async function refuseMoved(going: Going, history: ReadonlyMap<string, StepHistory>): Promise<void> {
  const { plan } = going.record;
  const reasons: string[] = [];
  for (const step of effective(plan)) {
    const { what, because } = await decide(going, step, history.get(step.id) ?? { state: 'none' });
    if (what === 'refuse') reasons.push(`${step.title} (step ${step.id}): ${because}`);
  }
  if (reasons.length > 0) throw moved(plan.task, reasons);
}

function effective({ steps }: Plan): EffectiveStep[] {
  return steps.flatMap(({ action, ...step }) => (isEffective(action) ? [{ ...step, action }] : []));
}

function moved(task: string, reasons: readonly string[]): Refused {
  return new Refused({
    tried: `undo ${task}`,
    saw: reasons.join('; '),
    next: [
      'Bring it to what the step made of it, or to what it was before, then undo again.',
      'Or leave that step as it is: --keep STEP',
    ],
    code: 'cannot-undo',
  });
}
