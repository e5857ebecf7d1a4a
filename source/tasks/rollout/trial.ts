import { Refused } from '../../core/failure.ts';
import type { Commit, RunPipeline } from '../../core/plan/action.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { waitStep } from '../engine/steps.ts';
import type { Planning } from '../task.ts';
import { measureTrial } from './measure.ts';
import { expectedOfTrial } from './predict.ts';
import { readBranch, tagOf } from './reading.ts';
import type { Rollout } from './rollout.ts';
import { sideBySide, triedWays } from './tried.ts';

/** Seconds that a pipeline may take, and between two looks at it. */
const longest = 6 * 3_600;
const pause = 5;
/** Seconds that GitLab is given to know a new branch. */
const soon = 60;

/**
 * The steps of a trial: the branch with its one commit, GitLab's own look at it, then a pipeline with empty caches and, where
 * the change fills some, another with full ones. No merge request.
 */
export function trialSteps(
  { workspace }: Planning,
  rollout: Rollout,
  proposed: readonly PlanStep[],
): PlanStep[] {
  const { change, trial } = rollout;
  const commit = proposed.find(({ action }) => action.kind === 'commit');
  if (commit?.action.kind !== 'commit' || 'off' in workspace.gitlab) return [];
  const { server, project, branch } = commit.action;
  const { push, web, expected } = branchJobs(rollout, branch);
  if (!web || (web.jobs.length === 0 && push?.jobs.length === 0))
    throw new Refused({
      tried: `try the change on ${branch}`,
      saw: `no pipeline would be made for a branch: ${web?.errors[0]?.message ?? 'no job runs there'}`,
      next: ['Open the merge request instead: --target merge-request'],
      code: 'no-branch-pipeline',
    });
  const watched = {
    ...expected,
    jobs: JSON.stringify([...change.jobs]),
    marks: JSON.stringify(change.marks ?? []),
  };
  const isTwice =
    change.fillsCaches === true || (change.durations ?? []).some(({ warm }) => warm !== undefined);
  return [
    commit,
    lintStep(rollout, commit.action),
    ...(isTwice ? [1, 2] : [1]).flatMap((count) => {
      const action: RunPipeline = { kind: 'run-pipeline', server, project, branch, count };
      const which = isTwice ? (count === 1 ? ' with empty caches' : ' with full caches') : '';
      return [
        {
          id: `pipeline-${count}`,
          title: `Run a pipeline of the branch${which}`,
          effect: 'remote' as const,
          target: `${project}, branch ${branch}`,
          preview: previewOf(action),
          undo: { text: 'Cancel the pipeline while it runs; what it has used stays used.' },
          action,
        },
        slowWait(
          waitStep({
            id: `measure-${count}`,
            title: `Measure the pipeline${which}`,
            target: project,
            probe: 'pipeline-ended',
            settings: {
              ...watched,
              count: String(count),
              ...(trial
                ? { expected: JSON.stringify(expectedOfTrial(trial, change, count === 1 ? 'cold' : 'warm')) }
                : {}),
            },
            timeout: longest,
          }),
        ),
      ];
    }),
  ];
}

/** The jobs that a pipeline of the branch would have, as GitLab starts one for a push, and as by hand. */
function branchJobs({ checkout, entry, after: { files } }: Rollout, branch: string) {
  const [push, web] = (['push', 'web'] as const).map((event) =>
    readBranch(checkout, entry, { files, branch, event }),
  );
  const names = (set: typeof push): string => JSON.stringify(set?.jobs.map(({ name }) => name) ?? []);
  const expected = { branch, push: names(push?.jobs.length ? push : web), web: names(web) };
  return { push, web, expected };
}

/** The step that holds GitLab's own look at the branch against what was predicted for it, the default branch and the newest tag. */
export function lintStep(rollout: Rollout, { branch, onto, project }: Commit): PlanStep {
  const { checkout, after } = rollout;
  // A dry run is for a ref that is there: the default branch, and the newest tag where there is one.
  const tag = tagOf(checkout);
  const refs = {
    [checkout.defaultBranch]: after.sets.get('push')?.jobs.map(({ name }) => name) ?? [],
    ...(checkout.refs?.includes(tag)
      ? { [tag]: after.sets.get('tag')?.jobs.map(({ name }) => name) ?? [] }
      : {}),
  };
  return waitStep({
    id: 'lint-branch',
    title: `See what GitLab makes of ${branch}`,
    target: project,
    probe: 'branch-lints',
    settings: { ...branchJobs(rollout, branch).expected, onto, refs: JSON.stringify(refs) },
    timeout: soon,
  });
}

function slowWait(step: PlanStep): PlanStep {
  return step.action.kind === 'wait' ? { ...step, action: { ...step.action, every: pause } } : step;
}

/** The step that holds the merge request's own pipeline against the jobs that were predicted for it. */
export function mergeRequestCheck({ after }: Rollout, steps: readonly PlanStep[]): PlanStep[] {
  const request = steps.find(({ action }) => action.kind === 'open-merge-request');
  if (request?.action.kind !== 'open-merge-request') return [];
  const { branch, onto, project } = request.action;
  const jobs = after.sets.get('merge_request')?.jobs.map(({ name }) => name) ?? [];
  return [
    waitStep({
      id: 'merge-request-jobs',
      title: 'See that the merge request’s pipeline has the jobs that were predicted',
      target: project,
      probe: 'merge-request-jobs',
      settings: { branch, onto, jobs: JSON.stringify(jobs) },
      timeout: soon,
    }),
  ];
}

/** The steps of a merge request, its description with what pipelines of its branch have measured. */
export async function withMeasurements(
  { workspace, choice, signal }: Planning,
  { change, description }: Rollout,
  steps: readonly PlanStep[],
): Promise<PlanStep[]> {
  const { gitlab } = workspace;
  if ('off' in gitlab) return [...steps];
  return Promise.all(
    steps.map(async (step) => {
      const { action } = step;
      if (action.kind !== 'open-merge-request') return step;
      const { branch } = action;
      const measuring = { branch, jobs: [...change.jobs], marks: change.marks ?? [] };
      const own = await measureTrial(gitlab.service, measuring, signal);
      const runs = sideBySide(choice.option, own, triedWays(workspace, change.task));
      if (runs.length === 0) return step;
      const measured = { ...action, description: description(runs) };
      return { ...step, action: measured, preview: previewOf(measured) };
    }),
  );
}
