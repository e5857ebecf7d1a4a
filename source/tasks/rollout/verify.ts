import type { Evidence, Rung } from '../../core/evidence.ts';
import type { MergeRequest } from '../../core/gitlab/change.ts';
import { mergeHindrance } from '../../core/gitlab/mergeStatus.ts';
import type { PipelineJob, PipelineSummary } from '../../core/gitlab/model.ts';
import { known } from '../../core/known.ts';
import { wallClock } from '../../core/pipeline/wallClock.ts';
import { branchOf } from '../../core/plan/branch.ts';
import { compare } from '../../core/statistics.ts';
import { duration } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { readRecords } from '../engine/record.ts';
import type { Probe, Verifying } from '../task.ts';
import type { LogMark } from './change.ts';
import { marksIn } from './logMarks.ts';
import { isOneOf } from './measure.ts';

/** Pipelines of the default branch that are looked at on each side of the change, and so many at once. */
const side = 15;
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
  const { workspace, signal } = verifying;
  const { gitlab } = workspace;
  const branch = verifying.known.project.value?.defaultBranch ?? verifying.known.facts?.defaultBranch;
  if ('off' in gitlab || branch === undefined || seen.rung === 'unknown') return seen;
  const { service } = gitlab;
  const at = new Date(workspace.now()).toISOString();
  const { since, open } = await reached(verifying, service, wanted.task, branch);
  // Without the change here there is something to measure only where it was merged.
  const isBehind = seen.rung === 'absent';
  if (since === undefined || (isBehind && !since.isMerged))
    return open ? { ...seen, evidence: [waiting(open, at), ...seen.evidence] } : seen;
  const found = await around(service, branch, since.at, signal);
  const jobs: (readonly PipelineJob[])[] = [];
  for (let first = 0; first < found.length; first += together)
    jobs.push(
      ...(await Promise.all(found.slice(first, first + together).map(({ id }) => service.jobs(id, signal)))),
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

/** Successful pipelines of a branch, oldest first: the newest, and the last that ended before a moment, however long ago that is. */
async function around(
  gitlab: GitLab,
  ref: string,
  moment: string,
  signal: AbortSignal | undefined,
): Promise<PipelineSummary[]> {
  const query = { ref, status: 'success', limit: side };
  const parts = await Promise.all([
    gitlab.pipelines({ ...query, updatedBefore: moment }, signal),
    gitlab.pipelines(query, signal),
  ]);
  return [...new Map(parts.flat().map((one) => [one.id, one])).values()].sort((a, b) => a.id - b.id);
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
interface Since {
  readonly at: string;
  readonly what: string;
  readonly isMerged: boolean;
}

/** Since when the change is there, and the task's merge request that is still open; of its newest branch that has one. */
async function reached(
  { workspace, signal }: Verifying,
  gitlab: GitLab,
  task: string,
  target: string,
): Promise<{ readonly since?: Since; readonly open?: MergeRequest }> {
  const runs = readRecords(workspace).runs.filter(
    ({ plan, ended }) => plan.task === task && ended === 'done',
  );
  const branches = runs.flatMap(({ plan }) =>
    plan.steps.flatMap(({ action }) => (action.kind === 'commit' ? [action.branch] : [])),
  );
  let open: MergeRequest | undefined;
  for (const source of new Set(branches.toReversed().concat(branchOf(task)))) {
    const all = await gitlab.mergeRequests({ source, target }, signal);
    const merged = all.find(({ state, mergedAt }) => state === 'merged' && mergedAt !== undefined);
    if (merged?.mergedAt !== undefined)
      return { since: { at: merged.mergedAt, what: `!${merged.iid} was merged`, isMerged: true } };
    open ??= all.find(({ state }) => state === 'opened');
  }
  const here = runs.findLast(({ plan }) => plan.target === 'worktree');
  const since = here && { at: here.startedAt, what: 'the checkout was changed', isMerged: false };
  return known({ since, open });
}

/** What GitLab says stands in the way of an open merge request. */
function waiting({ iid, source, mergeStatus }: MergeRequest, at: string): Evidence {
  const saw = `open: ${mergeHindrance(mergeStatus) ?? 'it waits for somebody to merge it'}`;
  return { at, source: `!${iid} of ${plain(source)}`, saw };
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
