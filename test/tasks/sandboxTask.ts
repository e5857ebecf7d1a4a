import { afterAll, beforeAll } from 'vitest';
import { openSession, type Session } from '../../source/compose/session.ts';
import type { PlanTarget } from '../../source/core/plan/plan.ts';
import { runToUndo } from '../../source/tasks/engine/runs.ts';
import { undoRun } from '../../source/tasks/engine/undo.ts';
import { findTask, planTask } from '../../source/tasks/find.ts';
import { finish } from './engine/world.ts';

/** A task in an embedded world of its own, with writes armed, for all tests of a file. `speed` is that of its clock. */
export function sandboxTask(name: string, speed = 6_000) {
  const task = findTask(name);
  let session: Session;
  beforeAll(async () => {
    session = await openSession({
      flags: { sandbox: true },
      version: 'test',
      isSandboxWelcome: true,
      sandbox: { speed },
    });
    session.workspace.gate.arm();
  });
  afterAll(() => session.close());
  const look = async () => {
    const { workspace, monitor } = session;
    await monitor.refresh();
    return { workspace, known: { ...monitor.snapshot(), now: new Date().toISOString() } };
  };
  const planned = async (target: PlanTarget, option?: string, settings: Record<string, string> = {}) => {
    const choice = { target, settings, ...(option === undefined ? {} : { option }) };
    return planTask(task, { ...(await look()), choice });
  };
  return {
    task,
    probes: task.probes ?? {},
    session: () => session,
    look,
    planned,
    async plan(target: PlanTarget, option?: string, settings: Record<string, string> = {}) {
      const made = await planned(target, option, settings);
      if ('refused' in made) throw new Error(made.refused);
      return made;
    },
    undo: () => finish(undoRun(runToUndo(session, task.name), { workspace: session.workspace })),
  };
}
