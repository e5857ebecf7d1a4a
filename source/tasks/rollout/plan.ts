import { editConfiguration, overlay } from '../../core/ci/edit/edit.ts';
import type { EditedFile } from '../../core/ci/edit/model.ts';
import { effectOf } from '../../core/ci/effect.ts';
import { jobSet } from '../../core/ci/jobSet.ts';
import { Refused } from '../../core/failure.ts';
import { sealPlan } from '../../core/plan/fingerprint.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { plain } from '../../core/text/safe.ts';
import type { Checkout } from '../../services/git/checkout.ts';
import { pipelineContext } from '../../services/git/pipelineContext.ts';
import { changeSteps, type TitledChange } from '../engine/steps.ts';
import type { Planned, Planning, Preflight } from '../task.ts';
import type { CiChange } from './change.ts';
import { describe } from './describe.ts';
import { judge } from './judge.ts';
import { readPast } from './past.ts';
import { predict, predictionLines } from './predict.ts';
import { type CiReading, readCi } from './reading.ts';
import { trialSteps, withMeasurements } from './trial.ts';

/**
 * Plans a change of the CI configuration: makes the edits, holds the jobs of every event, what each waits for and the checks
 * against what was before, predicts the gain from past pipelines, and gives the steps for the place that the user chose.
 * Refuses what would change more than it is meant to.
 */
export async function planCiChange(planning: Planning, change: CiChange): Promise<Planned> {
  const { workspace, known, signal } = planning;
  const checkout = await workspace.openCheckout(signal);
  const entry = known.project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const branch = branchOf(change.task);
  const before = readCi(checkout, entry, { branch });
  const edited = editConfiguration(
    {
      files: checkout,
      configuration: before.configuration,
      resolve: (files) => jobSet(entry, { ...pipelineContext(checkout, 'push'), files }).configuration,
    },
    change.edits,
  );
  if ('refused' in edited) {
    const { refused, at, paste } = edited;
    const saw = at ? `${refused} (${at.file}:${at.line})` : refused;
    const line: Preflight = {
      id: 'edit',
      title: 'Edit',
      state: 'problem',
      saw,
      fix: `write by hand: ${paste.join('\n')}`,
    };
    return { refused: saw, preflight: [...change.preflight, line] };
  }
  const files = [...edited.files, ...newFiles(change, checkout)];
  if (files.length === 0) return { plan: sealed(planning, change, []), preflight: change.preflight };
  const texts = new Map(files.map(({ path, after }) => [path, after] as const));
  const after = readCi(checkout, entry, { branch, files: overlay(checkout, texts) });
  const effect = effectOf(before.sets, after.sets);
  const past = await readPast(planning);
  const predictions = predict(effect, change, past, checkout.defaultBranch);
  const lines = [
    ...change.preflight,
    ...judge(effect, change, before, after),
    ...predictionLines(predictions, change),
  ];
  const problems = lines.filter(({ state }) => state === 'problem');
  if (problems.length > 0)
    return { refused: problems.map(({ title, saw }) => `${title}: ${saw}`).join('; '), preflight: lines };
  const description = (trial: Parameters<typeof describe>[0]['trial']): string =>
    describe({ change, files, lines, predictions, past, trial });
  const steps = await stepsFor(planning, { change, files, checkout, entry, after, description });
  return { plan: sealed(planning, change, steps), preflight: lines };
}

/** The first of the branches that a task's changes are put on. */
export function branchOf(task: string): string {
  return `huskycat-tui/${task}`;
}

export interface Rollout {
  readonly change: CiChange;
  readonly files: readonly EditedFile[];
  readonly checkout: Checkout;
  readonly entry: string;
  readonly after: CiReading;
  /** Of the merge request, with what a trial measured. */
  readonly description: (trial: Parameters<typeof describe>[0]['trial']) => string;
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
  return target === 'merge-request' ? withMeasurements(planning, rollout, steps) : steps;
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

function newFiles({ newFiles: added = new Map() }: CiChange, checkout: Checkout): EditedFile[] {
  return [...added].flatMap(([path, after]): EditedFile[] => {
    const before = checkout.read(path) ?? '';
    return before === after ? [] : [{ path, before, after }];
  });
}

function sealed(
  { workspace, choice }: Planning,
  { task }: CiChange,
  steps: readonly PlanStep[],
): ReturnType<typeof sealPlan> {
  const { option, target, settings } = choice;
  return sealPlan({
    at: new Date(workspace.now()).toISOString(),
    task,
    ...(option === undefined ? {} : { option }),
    target,
    settings,
    secrets: [],
    steps,
  });
}
