import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sealPlan } from '../../../source/core/plan/fingerprint.ts';
import type { Plan, PlanStep } from '../../../source/core/plan/plan.ts';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import type { Run, RunOutcome, StepEvent } from '../../../source/tasks/engine/events.ts';
import { fileStep } from '../../../source/tasks/engine/steps.ts';
import { fakeWorkspace } from '../../frames/world.ts';

export interface EngineWorld {
  readonly root: string;
  readonly state: string;
  readonly workspace: Workspace;
  /** The same folders, as another run of the program sees them. */
  reopen(change?: Partial<Workspace>): Workspace;
  remove(): void;
}

/** A checkout of these files, and a journal beside it, in a folder of their own. */
export function engineWorld(files: Readonly<Record<string, string | Buffer>>): EngineWorld {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'huskycat-engine-')));
  const root = join(home, 'checkout');
  const state = join(home, 'state');
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const reopen = (change: Partial<Workspace> = {}): Workspace => {
    const workspace = fakeWorkspace({ journal: join(state, 'journal.jsonl') });
    workspace.gate.arm();
    return { ...workspace, openCheckout: (signal) => openCheckout(root, signal), ...change };
  };
  return {
    root,
    state,
    workspace: reopen(),
    reopen,
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A sealed plan of these steps. */
export function planOf(steps: readonly (PlanStep | undefined)[], more: Partial<Plan> = {}): Plan {
  return sealPlan({
    at: '2026-01-01T00:00:00.000Z',
    task: 'cache-lifetimes',
    target: 'worktree',
    settings: {},
    secrets: [],
    ...more,
    steps: steps.filter((step) => step !== undefined),
  });
}

/** The step that puts `text` into a file; undefined when it is there. */
export function put(root: string, path: string, text: string): Promise<PlanStep | undefined> {
  return fileStep({ id: `edit-${path}`, title: `Change ${path}`, root, path, change: () => text });
}

/** Carries a run to its end. */
export async function finish(run: Run): Promise<RunOutcome & { events: StepEvent[] }> {
  const events: StepEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { ...next.value, events };
    events.push(next.value);
  }
}
