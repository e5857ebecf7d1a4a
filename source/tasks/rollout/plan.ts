import type { EditedFile } from '../../core/ci/edit/model.ts';
import { Refused } from '../../core/failure.ts';
import { branchOf } from '../../core/plan/branch.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { plain } from '../../core/text/safe.ts';
import { planFor } from '../engine/planFor.ts';
import { changeSteps, type TitledChange } from '../engine/steps.ts';
import type { Planned, Planning } from '../task.ts';
import type { CiChange } from './change.ts';
import { closingSteps } from './closing.ts';
import { type Describing, describe } from './describe.ts';
import { judge } from './judge.ts';
import { lintFirst } from './lintFirst.ts';
import { type Past, readPast } from './past.ts';
import { keptPrediction, type Prediction, predict, predictionLines, predictOne } from './predict.ts';
import { type CiReading, readTrial } from './reading.ts';
import type { Rollout } from './rollout.ts';
import { lintStep, mergeRequestCheck, trialSteps, withMeasurements } from './trial.ts';
import { type Worked, workOut } from './workOut.ts';

/**
 * Plans a change of the CI configuration: makes the edits, holds the jobs of every event, what each waits for and the checks
 * against what was before, predicts the gain from past pipelines, and gives the steps for the place that the user chose.
 * Refuses what would change more than it is meant to.
 */
export async function planCiChange(planning: Planning, change: CiChange): Promise<Planned> {
  const worked = await workOut(planning, change);
  if ('refused' in worked) return worked;
  const { files, effect, before, after, checkout } = worked;
  if (files.length === 0)
    return { plan: planFor(planning, { task: change.task, steps: [] }), preflight: change.preflight };
  const past = await readPast(planning);
  const predictions = predict(effect, change, past, checkout.defaultBranch);
  const trial = planning.choice.target === 'trial' ? predictTrial(worked, change, past) : undefined;
  const lines = [
    ...change.preflight,
    ...judge(effect, change, before, after),
    ...predictionLines([...(trial ? [trial] : []), ...predictions], change),
  ];
  // GitLab is asked only about what is sound here, and only where it is to get it.
  if (planning.choice.target !== 'worktree' && lines.every(({ state }) => state !== 'problem'))
    lines.push(await lintFirst(planning, worked));
  const problems = lines.filter(({ state }) => state === 'problem');
  if (problems.length > 0)
    return { refused: problems.map(({ title, saw }) => `${title}: ${saw}`).join('; '), preflight: lines };
  const description = (tried: Describing['trial']): string =>
    describe({ change, files, lines, predictions, past, trial: tried });
  const steps = await stepsFor(planning, { ...worked, change, description, ...(trial ? { trial } : {}) });
  const commit = steps.find(({ action }) => action.kind === 'commit')?.action;
  const closing =
    commit?.kind === 'commit'
      ? await closingSteps(planning, { ...commit, task: change.task })
      : { steps: [], preflight: [] };
  const predicted = predictions.flatMap(keptPrediction);
  // Another trial is ended before this one begins; a proposal stands before what was tried besides is let go.
  const all =
    planning.choice.target === 'trial' ? [...closing.steps, ...steps] : [...steps, ...closing.steps];
  return {
    plan: planFor(planning, { task: change.task, steps: all, predicted }),
    preflight: [...lines, ...closing.preflight],
  };
}

/** What the pipelines of a trial's branch are expected to take. */
function predictTrial(
  { before, after, checkout, entry }: Worked,
  change: CiChange,
  past: Past,
): Prediction | undefined {
  const branch = branchOf(change.task);
  const setOf = ({ files }: CiReading) => readTrial(checkout, entry, { files, branch });
  return predictOne({ event: 'branch', before: setOf(before), after: setOf(after) }, change, past)[0];
}

async function stepsFor(planning: Planning, rollout: Rollout): Promise<PlanStep[]> {
  const { change, files, description } = rollout;
  const { target } = planning.choice;
  const choice = { ...planning.choice, target: target === 'trial' ? ('merge-request' as const) : target };
  const steps = await changeSteps({
    planning: { ...planning, choice },
    task: change.task,
    changes: files.map(
      (file): TitledChange => ({
        path: file.path,
        title: `${change.title}, in ${file.path}`,
        change: (text) => applied(file, text),
      }),
    ),
    title: change.title,
    description: description([]),
  });
  if (target === 'trial') return trialSteps(planning, rollout, steps);
  if (target !== 'merge-request') return steps;
  const measured = await withMeasurements(planning, rollout, steps);
  return [
    ...measured.flatMap((step) =>
      step.action.kind === 'commit' ? [step, lintStep(rollout, step.action)] : [step],
    ),
    ...mergeRequestCheck(rollout, steps),
  ];
}

/** The new text of a file that is as the checkout has it, or that has the change already. */
function applied({ path, before, after }: EditedFile, text: string | undefined): string {
  if (text === after || (text ?? '') === before) return after;
  throw new Refused({
    tried: `change ${plain(path)}`,
    saw: 'the default branch on GitLab has another text of it than this checkout',
    next: ['Bring them together (git pull, or push what is here), then plan again.'],
    code: 'checkout-differs',
  });
}
