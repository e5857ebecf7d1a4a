import { readFileSync } from 'node:fs';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { parsePlan } from '../../../source/tasks/engine/schema.ts';
import { fakeWorkspace } from '../../frames/world.ts';

// Applies a plan and dies without a word at the given moment: KILL AT is a count of journal appends, BEFORE or AFTER it is written.
const [, , root = '', journal = '', plan = '', at = '0', when = 'after'] = process.argv;
const workspace = fakeWorkspace({ journal });
workspace.gate.arm();
const real = workspace.journal.append;
let count = 0;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
workspace.journal.append = async (entry) => {
  count += 1;
  if (count === Number(at) && when === 'before') die();
  await real(entry);
  if (count === Number(at) && when === 'after') die();
};
const run = applyPlan(parsePlan(readFileSync(plan, 'utf8'), plan), {
  workspace: { ...workspace, openCheckout: (signal) => openCheckout(root, signal) },
});
while (!(await run.next()).done);
