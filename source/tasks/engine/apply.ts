import { isAbort, Refused } from '../../core/failure.ts';
import type { Plan, PlanStep } from '../../core/plan/plan.ts';
import { keptJobs, type TrialFigures } from '../../core/plan/trialRun.ts';
import { plain } from '../../core/text/safe.ts';
import { checkPlan } from './check.ts';
import { executorOf, isEffective, openContext } from './context.ts';
import type { Run, RunOutcome, StepEvent, StepResult } from './events.ts';
import { historyOf, type StepHistory } from './history.ts';
import { withLines } from './lines.ts';
import { type RunRecord, saveRecord } from './record.ts';
import { askSecrets, lockAll, newRunId, type RunOptions, refuseUnfinished } from './session.ts';
import { doStep, type Going } from './step.ts';
import { failureOf, isOver } from './stopped.ts';
import { streamed } from './streamed.ts';
import { waitUntilReady } from './wait.ts';

/**
 * Carries a plan out: locks its targets, holds it against the world, then does its steps in order. Throws a `Failure` when it
 * may not begin (read-only, stale, locked, an interrupted run); what fails later is in the outcome.
 */
export async function* applyPlan(plan: Plan, options: RunOptions): Run {
  const { workspace, signal } = options;
  if (plan.steps.length === 0) return { outcome: 'nothing', steps: [] };
  refuseReadOnly(plan, options);
  await refuseUnfinished(plan, options);
  const secrets = await askSecrets(plan, options);
  const context = await openContext(workspace, plan, secrets, signal);
  if (!(await checkPlan(plan, context, signal))) return nothingLeft(plan);
  const id = newRunId();
  const lock = await lockAll(plan, id, context, options);
  try {
    if (!(await checkPlan(plan, context, signal))) return nothingLeft(plan);
    const startedAt = new Date(workspace.now()).toISOString();
    const record: RunRecord = { id, startedAt, plan, direction: 'apply', memories: {}, keep: [] };
    await saveRecord(workspace, record);
    return yield* forward({ record, context, lock, signal }, options);
  } finally {
    await lock.release();
  }
}

/** Goes on with a run that was interrupted: looks at what was begun, then does what is left. */
export async function* resumeRun(record: RunRecord, options: RunOptions): Run {
  const { workspace, signal } = options;
  const { plan } = record;
  refuseReadOnly(plan, options);
  const secrets = await askSecrets(plan, options);
  const context = await openContext(workspace, plan, secrets, signal);
  const lock = await lockAll(plan, record.id, context, options);
  try {
    return yield* forward({ record, context, lock, signal }, options);
  } finally {
    await lock.release();
  }
}

async function* forward(going: Going, options: RunOptions): Run {
  const { plan, id } = going.record;
  const writes = plan.steps.some(({ effect }) => effect !== 'none');
  const end = writes ? options.workspace.gate.confirm(id) : undefined;
  try {
    return yield* stepByStep(going, options);
  } finally {
    end?.();
  }
}

async function* stepByStep(going: Going, options: RunOptions): Run {
  const { workspace } = options;
  const { plan, id } = going.record;
  const { entries } = await workspace.journal.read();
  const history = historyOf(entries, id);
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const begun = workspace.now();
    yield { step: step.id, state: 'started', title: step.title };
    try {
      going.signal?.throwIfAborted();
      const past = history.get(step.id) ?? { state: 'none' };
      const { state, saw } = yield* streamed<StepEvent, Awaited<ReturnType<typeof doStep>>>((emit) =>
        one(going, step, past, options, emit),
      );
      results.push({ step: step.id, title: step.title, state });
      const shown = workspace.redact(saw);
      yield state === 'done'
        ? { step: step.id, state, saw: shown, took: (workspace.now() - begun) / 1000 }
        : { step: step.id, state, because: shown };
    } catch (thrown) {
      const failure = failureOf(thrown, step.title, workspace.redact);
      results.push({ step: step.id, title: step.title, state: 'failed' });
      yield { step: step.id, state: 'failed', failure };
      const isUnchanged = await endUnchanged(going, step, thrown);
      const outcome = isUnchanged ? 'unchanged' : isAbort(thrown) ? 'stopped' : 'failed';
      return { outcome, run: id, steps: withPending(plan, results), failure };
    }
  }
  going.record = { ...going.record, ended: 'done' };
  await saveRecord(workspace, going.record);
  return { outcome: 'done', run: id, steps: results };
}

function one(
  going: Going,
  step: PlanStep,
  past: StepHistory,
  options: RunOptions,
  emit: (event: StepEvent) => void,
): ReturnType<typeof doStep> {
  const { action } = step;
  if (!isEffective(action)) {
    const onLook = (saw: string): void =>
      emit({ step: step.id, state: 'output', text: options.workspace.redact(saw), stream: 'stdout' });
    const onFigures = (figures: TrialFigures): Promise<void> => keepFigures(going, figures);
    return waitUntilReady(action, { ...options, onLook, onFigures }, going.signal);
  }
  return withLines(step.id, options.workspace.redact, emit, (onOutput) =>
    doStep(going, { ...step, action }, past, onOutput),
  );
}

/** A pipeline is kept once, as it was seen last. */
async function keepFigures(going: Going, figures: TrialFigures): Promise<void> {
  const { record, context } = going;
  const others = (record.tried ?? []).filter(({ pipeline }) => pipeline !== figures.pipeline);
  const kept = { ...figures, jobs: figures.jobs.slice(0, keptJobs) };
  going.record = { ...record, tried: [...others, kept].sort((a, b) => a.pipeline - b.pipeline) };
  await saveRecord(context.workspace, going.record);
}

/** A run that failed before it changed anything is over: there is nothing to resume or undo. */
async function endUnchanged(going: Going, step: PlanStep, thrown: unknown): Promise<boolean> {
  const { workspace } = going.context;
  const { entries } = await workspace.journal.read();
  const history = [...historyOf(entries, going.record.id)];
  if (history.some(([id, { state }]) => id !== step.id && state !== 'none')) return false;
  const past = history.find(([id]) => id === step.id);
  if (past && isEffective(step.action)) {
    if (past[1].state === 'done' || !isOver(step.action, thrown)) return false;
    const seen = await executorOf(step.action, going.context)
      .look()
      .catch(() => undefined);
    if (seen?.state !== 'before') return false;
  }
  going.record = { ...going.record, ended: 'unchanged' };
  await saveRecord(workspace, going.record);
  return true;
}

function refuseReadOnly(plan: Plan, { workspace }: RunOptions): void {
  const why = workspace.gate.refusal('local');
  if (why !== undefined && plan.steps.some(({ effect }) => effect !== 'none'))
    throw new Refused({
      tried: `apply ${plain(plan.task)}`,
      saw: why,
      next: ['Press a to arm writes, or pass --yes on the command line.'],
      code: 'read-only',
    });
}

function nothingLeft({ steps }: Plan): RunOutcome {
  return {
    outcome: 'nothing',
    steps: steps.map(({ id, title }) => ({ step: id, title, state: 'skipped' })),
  };
}

function withPending({ steps }: Plan, results: readonly StepResult[]): StepResult[] {
  const rest = steps.slice(results.length);
  return [...results, ...rest.map(({ id, title }) => ({ step: id, title, state: 'pending' as const }))];
}
