import { repositoryBeside } from '../../core/container/cacheRefs.ts';
import { type ImageJob, imageJobs } from '../../core/container/imageJob.ts';
import type { LayerOption, LayerSettings } from '../../core/container/layerOption.ts';
import { isCached, type LayerAnswer, layerEdits } from '../../core/container/rewrite.ts';
import { branchOf } from '../../core/plan/branch.ts';
import type { Checkout } from '../../services/git/checkout.ts';
import { type CiReading, readCi } from '../rollout/reading.ts';
import type { Planning } from '../task.ts';

export const taskName = 'container-layers';
/** The branch that a trial or a merge request of this task is put on. */
export const trialBranch = branchOf(taskName);

/** The checkout's image jobs. */
export interface Looked {
  readonly checkout: Checkout;
  readonly entry: string;
  readonly reading: CiReading;
  readonly jobs: readonly ImageJob[];
  /** What is proposed for the layers. */
  readonly repository: string;
}

/** Reads the configuration that a push to the default branch gets. */
export async function lookAround({
  workspace,
  known,
  signal,
}: Pick<Planning, 'workspace' | 'known' | 'signal'>): Promise<Looked> {
  const checkout = await workspace.openCheckout(signal);
  const entry = known.project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const reading = readCi(checkout, entry, { branch: trialBranch });
  const jobs = imageJobs(reading.configuration, checkout);
  const first = jobs.find((job) => job.images.length > 0 && !isCached(job)) ?? jobs[0];
  const image = first?.images[0];
  return {
    checkout,
    entry,
    reading,
    jobs,
    repository: first && image ? repositoryBeside(first, image) : '$CI_REGISTRY_IMAGE/cache',
  };
}

export interface Asked {
  readonly option: LayerOption;
  readonly settings: LayerSettings;
  readonly selected: ReadonlySet<string>;
  readonly repository?: string;
}

/** What a way would change here. */
export function answerOf(
  { checkout, reading, jobs }: Looked,
  { option, settings, selected, repository }: Asked,
): LayerAnswer {
  const { configuration } = reading;
  const { defaultBranch } = checkout;
  const naming = { configuration, jobs, defaultBranch, ...(repository === undefined ? {} : { repository }) };
  return layerEdits({ jobs, selected, option, naming, settings, files: checkout });
}
