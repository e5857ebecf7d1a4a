import type { JournalEntry } from '../core/change.ts';
import type { AppliedTask } from '../core/speed/past.ts';
import type { Workspace } from '../services/workspace.ts';
import { catalog } from '../tasks/catalog.ts';
import { type RunRecord, readRecords } from '../tasks/engine/record.ts';

/** What the journal is asked about: the project and the checkout that is looked at. */
export interface AppliedQuery {
  /** `tinyland/ai/huskycat`. */
  readonly project: string;
  /** Path of the checkout; absent without one. */
  readonly root?: string;
  /** Milliseconds that GitLab's clock is ahead. */
  readonly clockOffset: number;
}

/** The tasks that this program applied to the project and did not take back, oldest first. */
export async function readApplied(workspace: Workspace, query: AppliedQuery): Promise<AppliedTask[]> {
  const { runs } = readRecords(workspace);
  const done = runs.filter(({ ended, direction }) => ended === 'done' && direction === 'apply');
  if (done.length === 0) return [];
  const { entries } = await workspace.journal.read();
  const here = done.filter((run) => isHere(run, query));
  const proposed = new Set(here.filter(({ plan }) => plan.target !== 'trial').flatMap(branchesOf));
  // The trial of what was proposed afterwards is the same change.
  const counted = here.filter(
    (run) => run.plan.target !== 'trial' || branchesOf(run).every((branch) => !proposed.has(branch)),
  );
  return counted.map((run) => appliedOf(run, runs, entries, query));
}

function isHere({ plan }: RunRecord, { project, root }: AppliedQuery): boolean {
  return plan.steps.every(({ action }) => {
    if (action.kind === 'commit' || action.kind === 'open-merge-request') return action.project === project;
    return action.kind !== 'edit-file' || action.root === root;
  });
}

function branchesOf({ plan }: RunRecord): string[] {
  return plan.steps.flatMap(({ action }) => (action.kind === 'commit' ? [action.branch] : []));
}

function appliedOf(
  run: RunRecord,
  all: readonly RunRecord[],
  entries: readonly JournalEntry[],
  { clockOffset }: AppliedQuery,
): AppliedTask {
  const { id, plan, startedAt } = run;
  // What tried the same way may be closed since.
  const isOfWay = (one: RunRecord): boolean => one.plan.task === plan.task && one.plan.option === plan.option;
  const tried = run.tried ?? all.findLast((one) => one.tried && isOfWay(one))?.tried;
  const last = entries.findLast(({ taskRun, state }) => taskRun === id && state === 'done');
  const at = last?.at ?? startedAt;
  const commits = plan.steps.flatMap(({ action }) => {
    if (action.kind === 'commit')
      return [{ title: action.message.split('\n')[0] ?? '', branch: action.branch }];
    // A merge that squashes takes the merge request's title.
    return action.kind === 'open-merge-request' ? [{ title: action.title, branch: action.branch }] : [];
  });
  const paths = plan.steps.flatMap(({ action }) => (action.kind === 'edit-file' ? [action.path] : []));
  const isInFiles = commits.length > 0 || paths.length > 0;
  return {
    run: id,
    task: plan.task,
    title: catalog.find(({ name }) => name === plan.task)?.title ?? plan.task,
    // A change of files counts from a pipeline, whenever that was; any other counts by the clock.
    at: isInFiles ? at : new Date(Date.parse(at) + clockOffset).toISOString(),
    commits,
    paths,
    ...(plan.target === 'trial' ? { isTrial: true } : {}),
    ...(plan.predicted ? { predicted: plan.predicted } : {}),
    ...(tried ? { tried } : {}),
  };
}
