import type { Io } from '../cli/io.ts';
import { planLines } from '../cli/plan.ts';
import { followRun, showPlan, showProbe } from '../cli/task.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { Session } from '../compose/session.ts';
import { NeedsUser } from '../core/failure.ts';
import type { Plan, PlanTarget } from '../core/plan/plan.ts';
import { readTextFile } from '../services/files/read.ts';
import { writeFileAtomically } from '../services/files/write.ts';
import { probeTasks } from '../tasks/catalog.ts';
import { applyPlan } from '../tasks/engine/apply.ts';
import type { Run } from '../tasks/engine/events.ts';
import { goOn, runToResume, runToUndo } from '../tasks/engine/runs.ts';
import { parsePlan } from '../tasks/engine/schema.ts';
import type { RunOptions } from '../tasks/engine/session.ts';
import { undoRun } from '../tasks/engine/undo.ts';
import { findTask, planTask, requireTask } from '../tasks/find.ts';
import type { Known, Planned, Planning, Probe, Task } from '../tasks/task.ts';
import { ask, askSecret, askTyped, canAsk } from './ask.ts';
import type { TaskVerb } from './taskVerbs.ts';

export interface TaskFlags {
  readonly option?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly target: PlanTarget;
  readonly plan?: string;
  readonly out?: string;
  readonly run?: string;
  readonly keep: readonly string[];
  readonly breakLock?: boolean;
  readonly yes?: boolean;
}

export interface TaskQuestion {
  readonly name: string;
  readonly verb: TaskVerb;
  readonly flags: CommonFlags & TaskFlags;
  readonly session: Session;
  readonly io: Io;
}

/** Does one thing with one task. Gives the exit status. */
export async function runTask(question: TaskQuestion): Promise<number> {
  const task = findTask(question.name);
  const { flags, session, io } = question;
  const answer = { json: flags.json === true, now: new Date().toISOString() };
  switch (question.verb) {
    case 'probe': {
      const planning = await planningOf(question);
      const row = probeTasks(planning.known).find(({ name }) => name === task.name);
      if (!row) throw new Error(`no row for ${task.name}`);
      return showProbe({ task, row, options: (await task.options?.(planning)) ?? [] }, answer, io);
    }
    case 'verify': {
      const probe = await verify(task, question);
      const row = { ...probe, ...task, blockedBy: [] };
      return showProbe({ task, row, options: [] }, answer, io) || (probe.rung === 'unknown' ? 1 : 0);
    }
    case 'plan': {
      const planned = await planTask(task, await planningOf(question));
      if ('plan' in planned && flags.out !== undefined) await keepPlan(session, planned.plan, flags.out);
      return showPlan(planned, answer, io);
    }
    case 'apply':
      return applyTask(task, question, answer);
    case 'resume': {
      const record = runToResume(session, task.name, flags.run);
      return carryOut(question, task, {
        question: `Go on with the run of ${record.startedAt}?`,
        lines: planLines(record.plan),
        start: (options) => goOn(record, options),
      });
    }
    case 'undo': {
      const record = runToUndo(session, task.name, flags.run);
      return carryOut(question, task, {
        question: `Take back the run of ${record.startedAt}?`,
        lines: record.plan.steps.map(
          ({ title, undo }) => `${title}: ${undo === 'irreversible' ? 'cannot be undone' : undo.text}`,
        ),
        start: (options) => undoRun(record, { ...options, keep: flags.keep }),
      });
    }
  }
}

async function applyTask(
  task: Task,
  question: TaskQuestion,
  answer: { json: boolean; now: string },
): Promise<number> {
  const { flags, io } = question;
  requireAnswer(question);
  const planned: Planned =
    flags.plan === undefined
      ? await planTask(task, await planningOf(question))
      : { plan: parsePlan(readTextFile(flags.plan), flags.plan), preflight: [] };
  if ('refused' in planned) return showPlan(planned, answer, io);
  const { plan } = planned;
  requireTask(plan, task.name);
  return carryOut(question, task, {
    question: 'Apply this plan?',
    lines: planLines(plan),
    start: (options) => applyPlan(plan, options),
    isEmpty: plan.steps.length === 0,
    isFinal: plan.steps.some(({ effect, undo }) => effect === 'destructive' || undo === 'irreversible'),
  });
}

interface Carrying {
  readonly question: string;
  readonly lines: readonly string[];
  readonly start: (options: RunOptions) => Run;
  readonly isEmpty?: boolean;
  /** It destroys something, or cannot be taken back: the task's name is typed. */
  readonly isFinal?: boolean;
}

/** Shows what will be done, asks unless told not to, arms the gate for the run alone, and follows it. */
async function carryOut(question: TaskQuestion, task: Task, carrying: Carrying): Promise<number> {
  const { flags, session, io } = question;
  requireAnswer(question);
  const json = flags.json === true;
  if (!json) io.stdout(carrying.lines.map((line) => `${line}\n`).join(''));
  if (!flags.yes && !carrying.isEmpty && !(await isWanted(carrying, task))) {
    io.stdout('Nothing was done.\n');
    return 1;
  }
  const { workspace } = session;
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new DOMException('stopped', 'AbortError'));
  for (const name of signals) process.once(name, onSignal);
  try {
    if (!carrying.isEmpty) workspace.gate.arm(aDay);
    const run = carrying.start({
      workspace,
      signal: stop.signal,
      isLockBroken: flags.breakLock === true,
      secret: (name, title) => askSecret(name, title, session.hide),
      ...(task.probes ? { probes: task.probes } : {}),
    });
    const now = new Date().toISOString();
    return await followRun(run, { json, now, task: task.name, verify: () => verify(task, question) }, io);
  } finally {
    workspace.gate.disarm();
    for (const name of signals) process.off(name, onSignal);
  }
}

function isWanted({ question, isFinal = false }: Carrying, { name }: Task): Promise<boolean> {
  return isFinal ? askTyped(question, name) : ask(question);
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A run may wait for long; the gate closes when it ends. */
const aDay = 24 * 60 * 60 * 1000;

function requireAnswer({ flags, verb }: TaskQuestion): void {
  if (flags.yes || (canAsk() && flags.json !== true)) return;
  throw new NeedsUser({
    tried: `task ${verb}`,
    saw: 'there is no terminal to ask in',
    next: ['Pass --yes to do it without a question.', 'To see what it would do: plan'],
    code: 'no-yes',
  });
}

async function planningOf({ session, flags }: TaskQuestion): Promise<Planning> {
  const { option, set: settings, target } = flags;
  return {
    workspace: session.workspace,
    known: await lookAround(session),
    choice: { target, settings, ...(option === undefined ? {} : { option }) },
    secret: (name, title) => askSecret(name, title, session.hide),
  };
}

async function lookAround({ monitor }: Session): Promise<Known> {
  await monitor.refresh();
  return { ...monitor.snapshot(), now: new Date().toISOString() };
}

async function verify(task: Task, { session, flags }: TaskQuestion): Promise<Probe> {
  const known = await lookAround(session);
  return task.verify
    ? task.verify({
        workspace: session.workspace,
        known,
        settings: flags.set,
        secret: (name, title) => askSecret(name, title, session.hide),
      })
    : task.probe(known);
}

async function keepPlan({ workspace }: Session, plan: Plan, path: string): Promise<void> {
  await workspace.gate.perform({
    title: 'Keep the plan',
    effect: 'own',
    target: path,
    detail: plan.fingerprint,
    undo: { text: 'Remove the file.' },
    perform: (grant) =>
      writeFileAtomically(grant, path, `${JSON.stringify(plan)}\n`, { mode: 0o600, forceMode: true }),
  });
}
