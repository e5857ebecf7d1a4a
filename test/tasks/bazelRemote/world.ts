import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../source/core/plan/plan.ts';
import { Secret } from '../../../source/core/secret.ts';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import { connectHost } from '../../../source/services/host/connectHost.ts';
import { openShell, type ShellOptions } from '../../../source/services/ssh/openShell.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import { bazelRemote } from '../../../source/tasks/bazelRemote/task.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { goOn, runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import type { Known, Planned } from '../../../source/tasks/task.ts';
import { engineWorld, finish } from '../engine/world.ts';

export type Access = Pick<ShellOptions, 'port' | 'user' | 'identityFile' | 'knownHosts' | 'configFile'>;

/** What is given when a plan asks for a secret. */
export const password = 's3cret "$(id)" of the writers';

/** A checkout with the plan's .bazelrc, a journal, and a honey to deploy to. */
export function bazelRemoteWorld(destination: string, access: Access, isSandbox: boolean, secret = password) {
  const world = engineWorld({ '.bazelrc': bazelrc });
  const { gate, activity } = world.workspace;
  const host = connectHost({
    destination,
    now: Date.now,
    timeout: 20_000,
    open: (signal) => openShell({ destination, gate, activity, ...access, ...(signal ? { signal } : {}) }),
  });
  const workspace: Workspace = {
    ...world.workspace,
    isSandbox,
    honey: { service: host },
    toolchain: { look: () => Promise.resolve([]) },
    openCheckout: (signal) => openCheckout(world.root, signal),
  };
  const known = {
    now: new Date().toISOString(),
    caches: [],
    findings: [],
    variableRows: [],
    signing: [],
  } as unknown as Known;
  const path = join(world.root, '.bazelrc');
  const options = {
    workspace,
    probes: bazelRemote.probes ?? {},
    secret: () => Promise.resolve(new Secret(secret)),
  };
  return {
    ...world,
    workspace,
    host,
    bazelrc: () => readFileSync(path, 'utf8'),
    setBazelrc: (text: string) => writeFileSync(path, text),
    plan: (settings: Readonly<Record<string, string>>, option?: string): Promise<Planned> => {
      const { plan } = bazelRemote;
      if (!plan) throw new Error('no plan');
      const way = option === undefined ? {} : { option };
      return plan({ workspace, known, choice: { target: 'worktree', settings, ...way } });
    },
    apply: (plan: Plan) => finish(applyPlan(plan, options)),
    resume: () => finish(goOn(runToResume({ workspace }, 'bazel-remote'), options)),
    undo: () => finish(undoRun(runToUndo({ workspace }, 'bazel-remote'), options)),
    verify: () => {
      const { verify } = bazelRemote;
      if (!verify) throw new Error('no verify');
      return verify({ workspace, known });
    },
    remove() {
      host.close();
      world.remove();
    },
  };
}

export function planIn(planned: Planned): Plan {
  if ('plan' in planned) return planned.plan;
  throw new Error(`${planned.refused}\n${JSON.stringify(planned.preflight, null, 1)}`);
}
