import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Plan, PlanTarget } from '../../../source/core/plan/plan.ts';
import { Secret } from '../../../source/core/secret.ts';
import { createMonitor } from '../../../source/monitor/monitor.ts';
import { flake } from '../../../source/sandbox/checkout/files/flake.ts';
import { nixCi } from '../../../source/sandbox/checkout/files/nixCi.ts';
import { connectAttic } from '../../../source/services/attic/connect.ts';
import { createTransport } from '../../../source/services/http/transport.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { findTask, planTask } from '../../../source/tasks/find.ts';
import type { Known, Planned, Probe } from '../../../source/tasks/task.ts';
import { engineWorld, finish } from '../engine/world.ts';

export const task = findTask('attic-public-key');

export interface AtticWorldOptions {
  readonly url: string;
  readonly cache?: string;
  readonly token?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly services?: Partial<Workspace>;
}

/** A checkout that names a cache and does not trust it, and the task over it, from looking to undoing. */
export function openAtticWorld({ url, cache = 'main', token, files = {}, services = {} }: AtticWorldOptions) {
  const names = (text: string): string => text.replaceAll(`${url}/main`, `${url}/${cache}`);
  const world = engineWorld({
    'flake.nix': names(flake(url)),
    '.gitlab-ci.yml': 'include: .gitlab/ci/nix.yml\nstages: [build, test, deploy]\n',
    '.gitlab/ci/nix.yml': names(nixCi(url)),
    'README.md': '# HuskyCat\n',
    ...files,
  });
  onTestFinished(() => world.remove());
  const { activity, redact } = world.workspace;
  const transport = createTransport({ activity, redact, userAgent: 'test' });
  const secret = token === undefined ? {} : { token: new Secret(token) };
  const attic = { service: connectAttic({ url, cache, transport, now: Date.now, ...secret }) };
  const workspace = world.reopen({ attic, ...services });
  const look = async (): Promise<Known> => {
    const monitor = createMonitor({ workspace });
    try {
      await monitor.refresh();
      return { ...monitor.snapshot(), now: new Date().toISOString() };
    } finally {
      monitor.stop();
    }
  };
  const planning = async (option?: string, settings = {}, target: PlanTarget = 'worktree') => ({
    workspace,
    known: await look(),
    choice: { target, settings, ...(option === undefined ? {} : { option }) },
  });
  const plan = async (option?: string, settings: Record<string, string> = {}): Promise<Planned> =>
    planTask(task, await planning(option, settings));
  return {
    ...world,
    workspace,
    read: (path: string) => readFileSync(join(world.root, path), 'utf8'),
    write: (path: string, text: string) => writeFileSync(join(world.root, path), text),
    options: async () => (await task.options?.(await planning())) ?? [],
    plan,
    /** The plan, or an error with why there is none. */
    async planned(option?: string, settings: Record<string, string> = {}): Promise<Plan> {
      const planned = await plan(option, settings);
      if ('plan' in planned) return planned.plan;
      throw new Error(planned.refused);
    },
    apply: (plan: Plan) =>
      finish(applyPlan(plan, { workspace, ...(task.probes ? { probes: task.probes } : {}) })),
    async verify(settings: Record<string, string> = {}): Promise<Probe> {
      if (!task.verify) throw new Error('no verify');
      return task.verify({ workspace, known: await look(), settings });
    },
    undo: () => finish(undoRun(runToUndo({ workspace }, task.name), { workspace })),
  };
}

/** What is said about one thing in a preflight. */
export function said(planned: Planned, id: string): string {
  const lines = planned.preflight.filter((line) => line.id === id);
  return lines.map(({ state, saw }) => `${state}: ${saw}`).join('\n');
}

/** Gives a cache a new key. */
export async function regenerate(url: string, token: string, cache = 'main'): Promise<void> {
  const answer = await fetch(`${url}/_api/v1/cache-config/${cache}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ keypair: 'Generate' }),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
}
