import { readFileSync } from 'node:fs';
import { openCheckout } from '../../source/services/git/checkout.ts';
import { connectHost } from '../../source/services/host/connectHost.ts';
import { openShell } from '../../source/services/ssh/openShell.ts';
import { bazelRemote } from '../../source/tasks/bazelRemote/task.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { parsePlan } from '../../source/tasks/engine/schema.ts';
import { fakeWorkspace } from '../frames/world.ts';
import { onCommandOf } from './task10Honey.ts';

// Applies a plan, and dies without a word when the write with the given title has begun its command on the host.
const [, , root = '', journal = '', plan = '', configFile = '', destination = '', title = ''] = process.argv;
const base = fakeWorkspace({ journal });
base.gate.arm();
const { gate, activity } = base;
const host = connectHost({
  destination,
  now: Date.now,
  open: (signal) => openShell({ destination, gate, activity, configFile, ...(signal ? { signal } : {}) }),
});
const workspace = {
  ...base,
  openCheckout: (signal?: AbortSignal) => openCheckout(root, signal),
  honey: { service: host },
};
// The command is sent in this turn of the event loop, and answered in a later one.
onCommandOf(workspace, title, () => setImmediate(() => process.kill(process.pid, 'SIGKILL')));
const run = applyPlan(parsePlan(readFileSync(plan, 'utf8'), plan), {
  workspace,
  probes: bazelRemote.probes ?? {},
});
while (!(await run.next()).done);
