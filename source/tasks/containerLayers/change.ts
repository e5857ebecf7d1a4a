import { beyond } from '../../core/container/beyond.ts';
import type { ImageJob } from '../../core/container/imageJob.ts';
import { isCached } from '../../core/container/rewrite.ts';
import { weaknesses } from '../../core/container/weaknesses.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { CiChange } from '../rollout/change.ts';
import type { Planning, Preflight, Refusal, TaskSetting } from '../task.ts';
import { imageRuns } from './cachedRuns.ts';
import { checksFor, refusalText } from './checks.ts';
import { correctionLines } from './corrections.ts';
import { expectedDurations } from './durations.ts';
import { answerOf, lookAround, taskName } from './look.ts';
import { marksFor } from './marks.ts';
import { recommended } from './options.ts';
import { optionOf, repositoryOf, selectedOf, settingsOf, wantedOf } from './settings.ts';

/** What may be set for the way that was chosen. */
export async function settings(planning: Planning): Promise<readonly TaskSetting[]> {
  const looked = await lookAround(planning);
  return settingsOf(looked, optionOf(planning.choice) ?? recommended(looked).name);
}

/** Plans the layer cache for the image jobs: the fewest lines that do it, and nothing where it is there. */
export async function change(planning: Planning): Promise<CiChange | Refusal> {
  const { workspace, choice, signal } = planning;
  const looked = await lookAround(planning);
  const option = optionOf(choice) ?? recommended(looked).name;
  const wanted = wantedOf(choice, option);
  const repository = repositoryOf(choice);
  const selected = selectedOf(choice, looked);
  if (looked.jobs.length === 0) return refused(beyond(looked.reading.configuration, looked.checkout));
  const answer = answerOf(looked, {
    option,
    settings: wanted,
    selected,
    ...(repository === undefined ? {} : { repository }),
  });
  const [first] = answer.refused;
  const marks = marksFor(answer.changed, option);
  const runs = await imageRuns(workspace, marks, signal);
  const checks = await checksFor(planning, looked, { answer, option, settings: wanted, runs });
  if (answer.changed.length === 0 && first) {
    const line: Preflight = {
      id: 'edit',
      title: 'Edit',
      state: 'problem',
      saw: `${first.job}: ${refusalText(first)}`,
      ...(first.paste.length > 0 ? { fix: `write by hand:\n${first.paste.join('\n')}` } : {}),
    };
    return { refused: line.saw, preflight: [...checks, line] };
  }
  const durations = expectedDurations(answer.changed, runs);
  return {
    task: taskName,
    title: titleOf(answer.changed),
    edits: answer.edits,
    jobs: new Set(answer.changed),
    durations,
    marks,
    why: whyOf(answer.changed, answer.notes, option),
    preflight:
      answer.changed.length === 0
        ? weaknessLines(looked.jobs)
        : [...checks, ...weaknessLines(looked.jobs), ...correctionLines(option)],
  };
}

/** What could be better about caches that are there; they stay as they are. */
function weaknessLines(jobs: readonly ImageJob[]): Preflight[] {
  return jobs.filter(isCached).flatMap((job) =>
    weaknesses(job).map(
      (saw, index): Preflight => ({
        id: `weakness-${job.job.name}-${index + 1}`,
        title: 'A cache that is there',
        state: 'warning',
        saw: plain(saw),
      }),
    ),
  );
}

function titleOf(jobs: readonly string[]): string {
  const [only] = jobs;
  return jobs.length === 1 && only !== undefined
    ? `Cache the layers of ${only}`
    : `Cache the layers of ${counted(jobs.length, 'image job')}`;
}

function whyOf(jobs: readonly string[], notes: readonly string[], option: string): string[] {
  return [
    `${jobs.join(', ')}: each pipeline builds every layer of the image anew, since runners keep none. The layers now go to the project’s registry and come back from there.`,
    option === 'kaniko' || option === 'buildah'
      ? 'All branches share one repository of layers, each named by what it is made of.'
      : 'A branch reads its own cache and the default branch’s, and writes only its own; which refs are protected is a part of the tag, so that no other ref can write what the default branch reads. A failing export does not fail the build.',
    'The tags that are pushed, the stage, rules, needs, timeout, retry and reports of the jobs stay as they are.',
    'It costs the storage of the cache in the registry: a cleanup policy for its repository keeps that in bounds.',
    ...notes,
  ];
}

/** No image job is known; where some may be that cannot be changed from here, these are named. */
function refused(elsewhere: readonly string[]): Refusal {
  const saw = ['no job of this configuration builds an image', ...elsewhere.map((one) => plain(one))].join(
    '; ',
  );
  return { refused: saw, preflight: [{ id: 'image-jobs', title: 'Image jobs', state: 'problem', saw }] };
}
