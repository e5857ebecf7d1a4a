import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../../source/sandbox/start.ts';
import type { Sandbox } from '../../../source/sandbox/types.ts';
import { createGate } from '../../../source/services/gate.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { lockHost } from '../../../source/tasks/engine/lockHost.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import {
  expectEndsWell,
  filesFor,
  flagOf,
  type Kind,
  kinds,
  type Place,
  planFor,
  probes,
  type Reached,
  reach,
} from './effects.ts';
import type { Killed } from './killedEffects.ts';
import { engineWorld, finish } from './world.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  // At its own speed no pipeline ends within a test.
  sandbox = await startSandbox({ speed: 1 });
});
afterAll(() => sandbox.stop());

/** Plans of all kinds of steps, with one proposal or trial at most: a branch is one of the task. */
const onBranch: readonly Kind[] = ['propose', 'try'];
const plans = fc
  .array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 })
  .map((all) =>
    all.filter(
      (kind, index) => !onBranch.includes(kind) || all.findIndex((one) => onBranch.includes(one)) === index,
    ),
  );
const ways = fc.constantFrom('resume' as const, 'undo' as const);

let count = 0;

async function withWorld(all: readonly Kind[], work: (place: Place) => Promise<void>): Promise<void> {
  const world = engineWorld(filesFor(all));
  count += 1;
  try {
    await work({ root: world.root, state: world.state, name: `random${count}` });
  } finally {
    world.remove();
  }
}

/** Fails at the call `at` of all that reach outside. `isLost`: from there on nothing goes through, as in a process that died. */
interface Trouble {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly isLost: boolean;
}

/** A workspace in which trouble comes: in the journal, in what is kept, on honey, on GitLab. */
function troubled({ workspace, gitlab, honey }: Reached, { at, when, isLost }: Trouble): Workspace {
  let calls = 0;
  let isDead = false;
  const guard =
    <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (isDead) throw new Error('power lost');
      calls += 1;
      const isNow = calls === at;
      if (isNow) isDead = isLost;
      if (isNow && when === 'before') throw new Error('trouble');
      const result = await call(...args);
      if (isNow || isDead) throw new Error('trouble');
      return result;
    };
  const guarded = <T extends object>(service: T): T =>
    new Proxy(service, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' && !['clockOffset', 'close'].includes(String(name))
          ? guard((...args: unknown[]) => Promise.resolve(Reflect.apply(member, target, args)))
          : member;
      },
    });
  const append = guard(workspace.journal.append);
  const journal = { ...workspace.journal, append, read: guard(workspace.journal.read) };
  const { activity, redact, now } = workspace;
  const real = createGate({ journal, activity, redact, now, readOnly: false, run: 'test' });
  real.arm();
  const gate: Workspace['gate'] = {
    ...real,
    perform: (write, signal) => {
      const perform = () => real.perform(write, signal);
      return write.effect === 'own' ? guard(perform)() : perform();
    },
  };
  const shell = async (signal?: AbortSignal) => guarded(await honey.shell(signal));
  return {
    ...workspace,
    journal,
    gate,
    gitlab: { service: guarded(gitlab) },
    honey: { service: { ...honey, shell } },
  };
}

/** Honey's lock, which a release that failed left there, is taken over by the next run from here, and let go. */
async function expectLockable({ workspace, honey }: Reached, { name }: Place): Promise<void> {
  const lock = await lockHost(await honey.shell(), { workspace, run: 'next', task: name });
  await lock.release();
}

test('whatever fails at any point, in any plan, ends done, resumed or undone, and the journal tells', async () => {
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.record({
        at: fc.integer({ min: 1, max: 50 }),
        when: fc.constantFrom('before' as const, 'after' as const),
        isLost: fc.boolean(),
      }),
      fc.boolean(),
      ways,
      (all, trouble, isUndoing, way) =>
        withWorld(all, async (place) => {
          const reached = reach(sandbox.addresses, place);
          const plan = await planFor(all, place, reached);
          if (isUndoing) await finish(applyPlan(plan, { workspace: reached.workspace, probes }));
          const workspace = troubled(reached, trouble);
          const run = async () =>
            isUndoing
              ? undoRun(runToUndo({ workspace }, place.name), { workspace, probes })
              : applyPlan(plan, { workspace, probes });
          await run()
            .then(finish)
            .catch(() => {});
          const again = reach(sandbox.addresses, place);
          await expectEndsWell(plan, place, again, way, true);
          await expectLockable(again, place);
          reached.honey.close();
          again.honey.close();
        }),
    ),
    { numRuns: 40 },
  );
}, 120_000);

const program = fileURLToPath(new URL('killedEffects.ts', import.meta.url));

/** Runs the program until it dies or ends; `after` so many milliseconds from its first step on it is killed. */
function runProgram(killed: Killed, after?: number): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(killed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  child.stdout.once('data', () => {
    if (after !== undefined) setTimeout(() => child.kill('SIGKILL'), after);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve();
      else reject(new Error(`${code}: ${said}`));
    });
  });
}

/** What a killed program started goes on by itself: what it does is seen when nothing runs any more that names the folder. */
async function untilQuiet({ state }: Place): Promise<void> {
  const home = dirname(state);
  const isBusy = (): boolean =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home);
        } catch {
          return false;
        }
      });
  await expect.poll(isBusy, { timeout: 10_000, interval: 5 }).toBe(false);
}

async function killAndEnd(
  all: readonly Kind[],
  moment: Pick<Killed, 'at' | 'when'> & { readonly after?: number; readonly isHalf: boolean },
  isUndoing: boolean,
  way: 'resume' | 'undo',
): Promise<void> {
  await withWorld(all, async (place) => {
    const reached = reach(sandbox.addresses, place);
    const plan = await planFor(all, place, reached);
    const file = join(place.state, '..', 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    if (isUndoing) await finish(applyPlan(plan, { workspace: reached.workspace, probes }));
    else if (moment.isHalf) writeFileSync(flagOf(place), '');
    const { at, when, after } = moment;
    const verb = isUndoing ? 'undo' : 'apply';
    await runProgram({ servers: sandbox.addresses, place, plan: file, verb, at, when }, after);
    await untilQuiet(place);
    // What is left undone is done by this process, which is not to be killed.
    rmSync(flagOf(place), { force: true });
    await expectEndsWell(plan, place, reach(sandbox.addresses, place), way);
    reached.honey.close();
  });
}

test('a process killed before or after any call to the file system ends well, its locks are taken over', async () => {
  const at = fc.integer({ min: 1, max: 90 });
  const when = fc.constantFrom('before' as const, 'after' as const);
  const moment = fc.record({ at, when, isHalf: fc.boolean() });
  await fc.assert(fc.asyncProperty(plans, moment, fc.boolean(), ways, killAndEnd), { numRuns: 10 });
}, 120_000);

test.skipIf(process.platform !== 'linux')(
  'a process killed at any time ends well',
  async () => {
    const local = ['edit', 'new', 'here', 'half', 'again', 'wait'] as const;
    const here = fc.array(fc.constantFrom(...local), { minLength: 1, maxLength: 6 });
    const after = fc.integer({ min: 0, max: 120 });
    const moment = fc.record({
      at: fc.constant(0),
      when: fc.constant('after' as const),
      after,
      isHalf: fc.boolean(),
    });
    await fc.assert(fc.asyncProperty(here, moment, fc.boolean(), ways, killAndEnd), { numRuns: 8 });
  },
  120_000,
);
