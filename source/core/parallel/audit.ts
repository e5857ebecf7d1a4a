import type { Place } from '../ci/model.ts';
import { get } from '../ci/yaml/node.ts';
import { ancestorsOf } from './ancestors.ts';
import { describeUse, mustWait, type Use } from './uses.ts';
import { immovable, whensOf } from './waits.ts';
import type { World } from './world.ts';

/** One need of a job, and what it is for. */
export interface AuditedNeed {
  readonly job: string;
  /** The needed job. */
  readonly need: string;
  readonly uses: readonly Use[];
  /** `no` where something is used; `unknown` where that cannot be told; `yes` where only the order is. */
  readonly canGo: 'yes' | 'no' | 'unknown';
  readonly why: string;
  readonly at: Place;
}

/** A job in stage order, and what of the stages before it uses. */
export interface AuditedStageOrder {
  readonly job: string;
  readonly stage: string;
  /** How many jobs it waits for. */
  readonly waitsFor: number;
  /** Those of which it uses, or may use, something. */
  readonly uses: readonly { readonly job: string; readonly uses: readonly Use[] }[];
  readonly canStartEarlier: 'yes' | 'no' | 'unknown';
  readonly why: string;
  readonly at: Place;
}

export interface Audit {
  readonly needs: readonly AuditedNeed[];
  readonly stageOrder: readonly AuditedStageOrder[];
}

/** Looks at each need of each job that some event's pipeline holds, and at the jobs without needs. */
export function auditNeeds(world: World): Audit {
  const { configuration, waits, events } = world;
  const needs: AuditedNeed[] = [];
  const stageOrder: AuditedStageOrder[] = [];
  for (const job of configuration.jobs.values()) {
    const wait = waits.get(job.name);
    const isThere = events.some(({ jobs }) => jobs.has(job.name));
    if (!wait || !isThere) continue;
    const fixed = immovable(job);
    if (wait.needs === null) stageOrder.push(inOrder(world, job.name, fixed));
    for (const { job: need, item } of wait.needs ?? []) {
      const uses = world.uses.of(job.name, need);
      const at = (item ?? get(job.keywords, 'needs'))?.span ?? job.at;
      needs.push({ job: job.name, need, uses, ...verdict(world, uses, fixed, need), at: place(at) });
    }
  }
  return { needs, stageOrder };
}

function verdict(
  world: World,
  uses: readonly Use[],
  fixed: string | undefined,
  need: string,
): Pick<AuditedNeed, 'canGo' | 'why'> {
  if (!world.configuration.jobs.has(need)) return { canGo: 'unknown', why: 'the job is not defined here' };
  if (fixed !== undefined) return { canGo: 'no', why: fixed };
  const needed = world.configuration.jobs.get(need);
  if (needed && whensOf(needed).has('manual')) return { canGo: 'no', why: 'it waits for a hand' };
  const sure = uses.find(({ isSure }) => isSure);
  if (sure) return { canGo: 'no', why: describeUse(sure) };
  const [maybe] = uses;
  if (maybe) return { canGo: 'unknown', why: describeUse(maybe) };
  return { canGo: 'yes', why: 'order only: nothing of it is used' };
}

function inOrder(world: World, job: string, fixed: string | undefined): AuditedStageOrder {
  const { configuration, waits, events } = world;
  const stage = waits.get(job)?.stage ?? '';
  const before = new Set(
    events.flatMap((event) => (event.jobs.has(job) ? [...ancestorsOf(world, event, waits, job)] : [])),
  );
  const used = [...before].flatMap((other) => {
    const uses = world.uses.of(job, other);
    return mustWait(uses) ? [{ job: other, uses }] : [];
  });
  const unused = before.size - used.length;
  const isSure = used.every(({ uses }) => uses.some((use) => use.isSure));
  const [canStartEarlier, why] = ((): [AuditedStageOrder['canStartEarlier'], string] => {
    if (before.size === 0) return ['no', 'nothing is before it'];
    if (fixed !== undefined) return ['no', fixed];
    const published = world.uses.leaves(job)?.publishes;
    if (published !== undefined) return ['no', `it publishes (${published}), and waits for all before it`];
    if (unused === 0) return ['no', 'it uses, or may use, something of each'];
    const rest = used.length === 0 ? 'it uses nothing of them' : `it uses ${used.length} of ${before.size}`;
    return [isSure ? 'yes' : 'unknown', rest];
  })();
  const at = configuration.jobs.get(job)?.at ?? { file: '', line: 1, column: 1 };
  return { job, stage, waitsFor: before.size, uses: used, canStartEarlier, why, at: place(at) };
}

function place({ file, line, column }: Place): Place {
  return { file, line, column };
}
