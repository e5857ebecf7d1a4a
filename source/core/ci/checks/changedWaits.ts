import type { ResolvedJobSet } from '../jobSet.ts';
import type { Job } from '../model.ts';
import { get } from '../yaml/node.ts';
import type { CheckInput, Found, Rule } from './rule.ts';

/** A job that others wait for by their stage since the change, and did not before. */
interface Grown {
  readonly job: Job;
  /** Of the job before; undefined where it is new. */
  readonly from: Job | undefined;
  readonly waiting: Set<string>;
  /** The most steps that one of them now has before it, and had, where they became more. */
  deeper: readonly [before: number, after: number] | undefined;
}

export const waitsForMore: Rule = {
  id: 'waits-for-more',
  severity: 'info',
  summary:
    'With --base: a job that is new, or moved to another stage, and that stage-ordered jobs now wait for; a warning where they have more steps before them than they had.',
  why: 'Jobs without needs wait for every job of all earlier stages: whatever comes into one of these can only delay them.',
  fix: {
    text: 'Give the waiting jobs needs of what they use, or put the job into their stage or a later one, with needs of its own.',
  },
  *check({ sets, before }: CheckInput) {
    const found = new Map<string, Grown>();
    for (const [event, set] of sets) {
      const old = before?.get(event);
      // Without a pipeline before, every job would be new.
      if (old && old.errors.length === 0 && set.errors.length === 0) grown(old, set, found);
    }
    for (const [name, one] of found) yield asFound(name, one);
  },
};

function grown(before: ResolvedJobSet, after: ResolvedJobSet, found: Map<string, Grown>): void {
  const old = new Map(before.jobs.map((job) => [job.name, job]));
  const [waitedBefore, waitsNow] = [stageWaits(before), stageWaits(after)];
  const [depthBefore, depthNow] = [depths(before), depths(after)];
  for (const job of after.jobs) {
    if (!old.has(job.name)) continue;
    const known = new Set((waitedBefore(job.name) ?? []).map(({ name }) => name));
    // One that had needs of its own and gave them up is what its own line says.
    if (waitedBefore(job.name) === undefined) continue;
    const [was, is] = [depthBefore(job.name), depthNow(job.name)];
    for (const other of waitsNow(job.name) ?? []) {
      const { name } = other.definition;
      const from = old.get(other.name);
      if (known.has(other.name) || from?.stage === other.stage) continue;
      const entry = found.get(name) ?? { job: other, from, waiting: new Set(), deeper: undefined };
      entry.waiting.add(job.definition.name);
      if (is > was && depthNow(other.name) + 1 === is && is > (entry.deeper?.[1] ?? 0))
        entry.deeper = [was, is];
      found.set(name, entry);
    }
  }
}

function asFound(name: string, { job, from, waiting, deeper }: Grown): Found {
  const held = [...waiting].filter((one) => one !== name);
  const names = `${held.slice(0, 3).join(', ')}${held.length > 3 ? ` and ${held.length - 3} more` : ''}`;
  const how = from ? `moved from the stage ${from.stage} to ${job.stage}` : `new in the stage ${job.stage}`;
  const later = deeper
    ? `; ${deeper[1] - 1} jobs one after the other before it, where ${deeper[0] - 1} were`
    : '';
  return {
    at: (get(job.definition.keywords, 'stage') ?? job.definition.keywords).span,
    title: `${name} holds back ${names}`,
    saw: `${how}${later}`,
    ...(deeper ? { severity: 'warning' as const } : {}),
  };
}

/** The jobs that one waits for by its stage alone; undefined for one with needs, and for one that is not there. */
function stageWaits({ stages, jobs }: ResolvedJobSet): (name: string) => readonly Job[] | undefined {
  const order = new Map(stages.map((stage, index) => [stage, index]));
  const place = ({ stage }: Job): number => order.get(stage) ?? -1;
  const byName = new Map(jobs.map((job) => [job.name, job]));
  // Nobody waits for a manual job that may fail: GitLab ignores it until it is played.
  const holding = jobs.filter(({ when, allowFailure }) => !(when === 'manual' && allowFailure));
  return (name) => {
    const job = byName.get(name);
    if (job?.needs !== null) return undefined;
    return holding.filter((other) => place(other) < place(job));
  };
}

/** How many jobs one after the other end with a job, itself counted. */
function depths(set: ResolvedJobSet): (name: string) => number {
  const waits = stageWaits(set);
  const byName = new Map(set.jobs.map((job) => [job.name, job]));
  const known = new Map<string, number>();
  const depth = (name: string): number => {
    const job = byName.get(name);
    if (!job) return 0;
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    known.set(name, 0);
    const before = job.needs ? job.needs.map((need) => need.job) : (waits(name) ?? []).map((one) => one.name);
    const most = 1 + before.reduce((deepest, one) => Math.max(deepest, depth(one)), 0);
    known.set(name, most);
    return most;
  };
  return depth;
}
