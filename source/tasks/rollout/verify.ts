import type { Evidence, Rung } from '../../core/evidence.ts';
import { mergeHindrance } from '../../core/gitlab/mergeStatus.ts';
import type { PipelineJob } from '../../core/gitlab/model.ts';
import { wallClock } from '../../core/pipeline/wallClock.ts';
import { branchOf } from '../../core/plan/branch.ts';
import { compare } from '../../core/statistics.ts';
import { duration } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import { type RunRecord, readRecords } from '../engine/record.ts';
import type { Probe, Verifying } from '../task.ts';
import type { LogMark } from './change.ts';
import { marksIn } from './logMarks.ts';
import { isOneOf } from './measure.ts';

/** Pipelines of the default branch that are looked at, and so many at once. */
const newest = 30;
const together = 3;

export interface Wanted {
  /** The task's name. */
  readonly task: string;
  /** The jobs that the change is about; whole pipelines are measured too. */
  readonly jobs: readonly string[];
  readonly marks?: readonly LogMark[];
}

/**
 * What the default branch’s pipelines took before and after the task’s change went in, added to what its probe says. Proven when
 * a log shows it, or when the difference is more than chance.
 */
export async function verifyCiChange(verifying: Verifying, seen: Probe, wanted: Wanted): Promise<Probe> {
  const { workspace, known, signal } = verifying;
  const { gitlab } = workspace;
  const branch = known.project.value?.defaultBranch ?? known.facts?.defaultBranch;
  if ('off' in gitlab || branch === undefined || seen.rung === 'unknown') return seen;
  const { service } = gitlab;
  const since = await changedSince(verifying, service, wanted.task, branch);
  // Without the change here there is something to measure only where it was merged.
  const isBehind = seen.rung === 'absent';
  if (since === undefined || (isBehind && !since.isMerged)) {
    const waiting = await waitingToMerge(verifying, service, wanted.task, branch);
    return waiting ? { ...seen, evidence: [waiting, ...seen.evidence] } : seen;
  }
  const found = (await service.pipelines({ ref: branch, limit: newest }, signal))
    .filter(({ status }) => status === 'success')
    .toReversed();
  const jobs: (readonly PipelineJob[])[] = [];
  for (let at = 0; at < found.length; at += together)
    jobs.push(
      ...(await Promise.all(found.slice(at, at + together).map(({ id }) => service.jobs(id, signal)))),
    );
  const isAfter = found.map(({ createdAt }) => createdAt >= since.at);
  const sides = (measure: (all: readonly PipelineJob[]) => number | undefined) => {
    const side = (after: boolean): number[] =>
      jobs.flatMap((all, index) => (isAfter[index] === after ? (measure(all) ?? []) : []));
    return compare(side(false), side(true));
  };
  const whole = sides(wallClock);
  const own = wanted.jobs.map((name) => ({
    name,
    compared: sides(
      (all) => all.find((job) => isOneOf([name], job.name) && job.status === 'success')?.duration,
    ),
  }));
  const at = new Date(workspace.now()).toISOString();
  const source = `pipelines of ${branch} before and after ${since.what}`;
  const shown = await marksAfter(service, jobs, isAfter, wanted.marks ?? [], signal);
  const evidence: Evidence[] = [
    ...shown.map(({ name, marks }) => ({
      at,
      source: `log of ${name}`,
      saw: `it shows ${marks.join(', ')}`,
    })),
    ...own.map(({ name, compared }) => ({ at, source, saw: `${name}: ${comparisonText(compared)}` })),
    { at, source, saw: `whole pipeline: ${comparisonText(whole)}` },
    ...(isBehind
      ? [
          {
            at,
            source: 'files of the checkout',
            saw: 'they do not have the change yet: the way pull brings it (git pull --ff-only)',
          },
        ]
      : []),
  ];
  const isLess = [whole, ...own.map(({ compared }) => compared)].some(({ verdict }) => verdict === 'less');
  const rung: Rung = shown.length > 0 || isLess ? 'proven' : seen.rung;
  return { ...seen, rung, evidence: [...evidence, ...seen.evidence] };
}

/** A comparison with its numbers, or why there is none yet. */
function comparisonText(compared: ReturnType<typeof compare>): string {
  if (compared.verdict === 'too-few') {
    const { before, after, needed } = compared;
    return `not yet: ${before} runs before and ${after} after, of ${needed} on each side`;
  }
  const { before, after, shift, shiftLow, shiftHigh, verdict } = compared;
  const sides = `median ${duration(before.median)} (N ${before.n}) → ${duration(after.median)} (N ${after.n})`;
  if (verdict === 'same') return `${sides}, no more than chance`;
  const interval = `${signed(shiftLow)} to ${signed(shiftHigh)}`;
  return `${sides}, ${signed(shift)} (19 times in 20 between ${interval})`;
}

function signed(seconds: number): string {
  return seconds < 0 ? `-${duration(-seconds)}` : `+${duration(seconds)}`;
}

/** When the change reached the default branch: its merge, or the end of the run that changed the checkout. */
async function changedSince(
  { workspace, signal }: Verifying,
  gitlab: GitLab,
  task: string,
  target: string,
): Promise<{ readonly at: string; readonly what: string; readonly isMerged: boolean } | undefined> {
  const runs = doneRuns(workspace, task);
  for (const source of branchesOf(runs, task)) {
    const all = await gitlab.mergeRequests({ source, target }, signal);
    const merged = all.find(({ state, mergedAt }) => state === 'merged' && mergedAt !== undefined);
    if (merged?.mergedAt !== undefined)
      return { at: merged.mergedAt, what: `!${merged.iid} was merged`, isMerged: true };
  }
  const here = runs.findLast(({ plan }) => plan.target === 'worktree');
  return here && { at: here.startedAt, what: 'the checkout was changed', isMerged: false };
}

function doneRuns(workspace: Workspace, task: string): readonly RunRecord[] {
  return readRecords(workspace).runs.filter(({ plan, ended }) => plan.task === task && ended === 'done');
}

/** The branches that the task's runs made, the newest first, and the one that it makes usually. */
function branchesOf(runs: readonly RunRecord[], task: string): ReadonlySet<string> {
  const made = runs.flatMap(({ plan }) =>
    plan.steps.flatMap(({ action }) => (action.kind === 'commit' ? [action.branch] : [])),
  );
  return new Set(made.toReversed().concat(branchOf(task)));
}

/** The task's merge request that is still open, and what GitLab says stands in its way. */
async function waitingToMerge(
  { workspace, signal }: Verifying,
  gitlab: GitLab,
  task: string,
  target: string,
): Promise<Evidence | undefined> {
  for (const source of branchesOf(doneRuns(workspace, task), task)) {
    const all = await gitlab.mergeRequests({ source, target }, signal);
    const open = all.find(({ state }) => state === 'opened');
    if (!open) continue;
    return {
      at: new Date(workspace.now()).toISOString(),
      source: `!${open.iid} of ${source}`,
      saw: `open: ${mergeHindrance(open.mergeStatus) ?? 'it waits for somebody to merge it'}`,
    };
  }
  return undefined;
}

async function marksAfter(
  gitlab: GitLab,
  jobs: readonly (readonly PipelineJob[])[],
  isAfter: readonly boolean[],
  marks: readonly LogMark[],
  signal: AbortSignal | undefined,
): Promise<{ readonly name: string; readonly marks: readonly string[] }[]> {
  const last = jobs.findLast((_, index) => isAfter[index]);
  const found: { name: string; marks: readonly string[] }[] = [];
  for (const { id, name, status } of last ?? []) {
    const own = marks.filter((mark) => isOneOf([mark.job], name));
    if (status !== 'success' || own.length === 0) continue;
    const shown = await marksIn(gitlab, id, own, signal);
    if (shown.length > 0) found.push({ name: plain(name), marks: shown });
  }
  return found;
}
