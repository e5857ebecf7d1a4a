import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../source/core/change.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { historyOf } from '../../source/tasks/engine/history.ts';
import { readRecords } from '../../source/tasks/engine/record.ts';
import { goOn, runToResume, runToUndo } from '../../source/tasks/engine/runs.ts';
import { unfinishedRuns } from '../../source/tasks/engine/session.ts';
import { undoRun } from '../../source/tasks/engine/undo.ts';
import { type EngineWorld, engineWorld, finish, planOf, put } from '../tasks/engine/world.ts';

const names = ['a', 'b', 'c', 'd'];
const before: Record<string, string> = { a: 'a\n', b: '\uFEFFb\r\n', c: 'c' };
const after = (name: string): string => `${name} after\r\n`;

function contents({ root }: EngineWorld): (string | undefined)[] {
  return names.map((name) => {
    const path = join(root, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  });
}

const original = names.map((name) => before[name]);
const planned = names.map(after);

async function planIn({ root }: EngineWorld) {
  return planOf(await Promise.all(names.map((name) => put(root, name, after(name)))));
}

/** No file is changed unless the journal has an intent for it. */
async function expectDescribed(world: EngineWorld): Promise<void> {
  const [run] = readRecords(world.workspace).runs;
  const { entries } = await world.workspace.journal.read();
  const history = historyOf(entries, run?.id ?? '');
  for (const [index, text] of contents(world).entries()) {
    expect([original[index], planned[index]]).toContain(text);
    const state = history.get(`edit-${names[index]}`)?.state ?? 'none';
    if (text !== original[index]) expect(['begun', 'done', 'undo-begun']).toContain(state);
    else expect(['none', 'begun', 'undo-begun', 'undone']).toContain(state);
  }
}

async function endWell(world: EngineWorld, way: 'resume' | 'undo'): Promise<void> {
  await expectDescribed(world);
  const workspace = world.reopen();
  if (unfinishedRuns(workspace).length > 0) {
    const options = { workspace, isLockBroken: true };
    const run =
      way === 'resume'
        ? goOn(runToResume(options, 'cache-lifetimes'), options)
        : undoRun(runToUndo(options, 'cache-lifetimes'), options);
    const { outcome } = await finish(run);
    expect(['done', 'undone']).toContain(outcome);
    expect(contents(world)).toEqual(outcome === 'done' ? planned : original);
  } else expect([original, planned]).toContainEqual(contents(world));
  await expectDescribed(world);
  expect(unfinishedRuns(workspace)).toEqual([]);
}

const ways = fc.constantFrom('resume', 'undo');

test('a failure of the journal at any entry, before or after it is written, ends done or undone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      ways,
      async (at, isWritten, isTorn, isUndoing, way) => {
        const world = engineWorld(before);
        try {
          const plan = await planIn(world);
          if (isUndoing) await finish(applyPlan(plan, { workspace: world.workspace }));
          let count = 0;
          const broken = world.reopen();
          const failing = {
            ...broken.journal,
            async append(entry: JournalEntry) {
              count += 1;
              if (count >= at && !(isWritten && count === at)) throw new Error('power lost');
              await broken.journal.append(entry);
              if (count >= at) throw new Error('power lost');
            },
          };
          const workspace = world.reopen({
            journal: failing,
            gate: gateOver(broken.gate, () => count >= at),
          });
          const run = isUndoing
            ? undoRun(runToUndo({ workspace }, 'cache-lifetimes'), { workspace })
            : applyPlan(plan, { workspace });
          await finish(run).catch(() => {});
          if (isTorn && existsSync(broken.journal.path)) appendFileSync(broken.journal.path, '{"at":"20');
          await endWell(world, way);
        } finally {
          world.remove();
        }
      },
    ),
    { numRuns: 40 },
  );
});

/** A gate that performs nothing once the power is lost. */
function gateOver(gate: EngineWorld['workspace']['gate'], isLost: () => boolean) {
  const perform: typeof gate.perform = (write, signal) =>
    isLost() ? Promise.reject(new Error('power lost')) : gate.perform(write, signal);
  return { ...gate, perform };
}

test('a run that is left at any event can be resumed or undone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), ways, async (events, way) => {
      const world = engineWorld(before);
      try {
        const run = applyPlan(await planIn(world), { workspace: world.workspace });
        for (let count = 0; count < events; count += 1) await run.next();
        await endWell(world, way);
      } finally {
        world.remove();
      }
    }),
    { numRuns: 20 },
  );
});

const program = fileURLToPath(new URL('../tasks/engine/killedRun.ts', import.meta.url));

test.each(
  [1, 3, 8].flatMap((at) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['resume', 'undo'] as const).map((way) => ({ at, when, way })),
    ),
  ),
)(
  'a process killed $when journal entry $at ends well by $way, its lock is taken over',
  async ({ at, when, way }) => {
    const world = engineWorld(before);
    try {
      const plan = join(world.root, '..', 'plan.json');
      writeFileSync(plan, JSON.stringify(await planIn(world)));
      const journal = world.workspace.journal.path;
      const argv = [program, world.root, journal, plan, String(at), when];
      const exit = await new Promise<string | null | undefined>((resolve) => {
        execFile(process.execPath, argv, (error) => resolve(error?.signal));
      });
      expect(exit).toBe('SIGKILL');
      await expectDescribed(world);
      const workspace = world.reopen();
      const options = { workspace };
      const run =
        way === 'resume'
          ? goOn(runToResume(options, 'cache-lifetimes'), options)
          : undoRun(runToUndo(options, 'cache-lifetimes'), options);
      const { outcome } = await finish(run);
      expect(outcome).toBe(way === 'resume' ? 'done' : 'undone');
      expect(contents(world)).toEqual(way === 'resume' ? planned : original);
    } finally {
      world.remove();
    }
  },
);
