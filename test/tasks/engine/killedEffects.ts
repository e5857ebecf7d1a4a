import { readFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { goOn, runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { parsePlan } from '../../../source/tasks/engine/schema.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { type Place, probes, reach, type Servers } from './effects.ts';

/** What this program is told: which plan to carry out, and at which of its calls to the file system it dies. */
export interface Killed {
  readonly servers: Servers;
  readonly place: Place;
  readonly plan: string;
  readonly verb: 'apply' | 'resume' | 'undo';
  /** Counted from 1; 0 for never. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

const { servers, place, plan, verb, at, when }: Killed = JSON.parse(process.argv[2] ?? '{}');
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let count = 0;

/** A call that changes a file, flushes it, or names it: the power may go before or after each. */
function counted(owner: object, name: string): void {
  const real = Reflect.get(owner, name) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(owner, name, async function (this: unknown, ...args: unknown[]) {
    count += 1;
    const isNow = count === at;
    if (isNow && when === 'before') die();
    const result = await real.apply(this, args);
    if (isNow) die();
    return result;
  });
}

const file = await promises.open(process.execPath);
for (const name of ['writeFile', 'appendFile', 'sync', 'chmod']) counted(Object.getPrototypeOf(file), name);
await file.close();
for (const name of ['rename', 'link', 'rm', 'mkdir']) counted(promises, name);
syncBuiltinESMExports();

const { workspace, honey } = reach(servers, place);
const options = { workspace, probes };
const run =
  verb === 'apply'
    ? applyPlan(parsePlan(readFileSync(plan, 'utf8'), plan), options)
    : verb === 'undo'
      ? undoRun(runToUndo(options, place.name), options)
      : goOn(runToResume(options, place.name), options);
process.stdout.write('begun\n');
while (!(await run.next()).done);
honey.close();
