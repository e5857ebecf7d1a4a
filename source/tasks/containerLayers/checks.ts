import { editConfiguration, overlay } from '../../core/ci/edit/edit.ts';
import { jobSet } from '../../core/ci/jobSet.ts';
import type { Configuration } from '../../core/ci/model.ts';
import { beyond } from '../../core/container/beyond.ts';
import { type ImageJob, imageJobs } from '../../core/container/imageJob.ts';
import { imageName } from '../../core/container/imageName.ts';
import type { LayerOption, LayerRefusal, LayerSettings } from '../../core/container/layerOption.ts';
import type { LayerAnswer } from '../../core/container/rewrite.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import { pipelineContext } from '../../services/git/pipelineContext.ts';
import type { Planning, Preflight } from '../task.ts';
import type { ImageRun } from './cachedRuns.ts';
import type { Looked } from './look.ts';
import { takerLine, takersOf } from './runners.ts';

export interface Checked {
  readonly answer: LayerAnswer;
  readonly option: LayerOption;
  readonly settings: LayerSettings;
  readonly runs: readonly ImageRun[];
}

/** What the task itself looks at before a change. */
export async function checksFor(
  { workspace, known, signal }: Planning,
  looked: Looked,
  { answer, option, settings, runs }: Checked,
): Promise<Preflight[]> {
  const changed = looked.jobs.filter(({ job }) => answer.changed.includes(job.name));
  return [
    ...answer.refused.map(
      (refusal): Preflight => ({
        id: `refused-${refusal.job}`,
        title: `${refusal.job} stays as it is`,
        state: 'warning',
        saw: refusalText(refusal),
        ...(refusal.paste.length > 0 ? { fix: `write by hand:\n${refusal.paste.join('\n')}` } : {}),
      }),
    ),
    ...beyond(looked.reading.configuration, looked.checkout).map(
      (saw, index): Preflight => ({
        id: `beyond-${index + 1}`,
        title: 'Not looked into',
        state: 'unknown',
        saw: plain(saw),
      }),
    ),
    ...changed.map((job) => takerLine(takersOf(job, looked, known, runs), option)),
    pushedLine(looked, answer),
    defaultBranchLine(looked, known.protections.value?.branches),
    ...(isWritten(answer, builderOf(option, settings))
      ? [await builderLine(workspace, builderOf(option, settings), signal)]
      : []),
    ...answer.notes.map(
      (saw, index): Preflight => ({ id: `note-${index + 1}`, title: 'To know', state: 'fine', saw }),
    ),
    {
      id: 'cleanup-policy',
      title: 'Cleanup of the registry',
      state: 'unknown',
      saw: 'a cleanup policy of the project may delete the cache’s tags: then a build is cold once, and writes them anew',
    },
  ];
}

/** Why a job stays as it is, and where. */
export function refusalText({ because, at }: LayerRefusal): string {
  return plain(`${because}${at ? ` (${at.file}:${at.line})` : ''}`, 1_000);
}

/** Every image that other jobs can read is pushed under the same tags as before. */
function pushedLine({ checkout, entry, reading }: Looked, { edits, changed }: LayerAnswer): Preflight {
  const line = { id: 'pushed-tags', title: 'Tags pushed' };
  const resolve = (files: typeof reading.files): Configuration =>
    jobSet(entry, { ...pipelineContext(checkout, 'push'), files }).configuration;
  const edited = editConfiguration({ files: checkout, configuration: reading.configuration, resolve }, edits);
  if ('refused' in edited) return { ...line, state: 'unknown', saw: edited.refused };
  const files = overlay(checkout, new Map(edited.files.map(({ path, after }) => [path, after])));
  const before = pushedTags(imageJobs(reading.configuration, checkout), changed);
  const after = pushedTags(imageJobs(resolve(files), files), changed);
  const differing = [...before, ...after].filter((tag) => !(before.has(tag) && after.has(tag)));
  if (differing.length > 0)
    return {
      ...line,
      state: 'problem',
      saw: `not the same as before: ${[...new Set(differing)].map((one) => plain(one)).join(', ')}`,
    };
  return {
    ...line,
    state: 'fine',
    saw:
      before.size === 0
        ? 'none, as before'
        : `the same ${counted(before.size, 'tag')} as before: ${[...before].map((one) => plain(one)).join(', ')}`,
  };
}

/** By job and tag, as they are written. */
function pushedTags(jobs: readonly ImageJob[], names: readonly string[]): Set<string> {
  return new Set(
    jobs
      .filter(({ job }) => names.includes(job.name))
      .flatMap(({ job, steps, images }) => [
        ...images.flatMap(({ pushed }) => pushed.map((tag) => `${job.name} ${imageName(tag)}`)),
        ...steps.flatMap((step) =>
          step.kind === 'push' && step.image ? [`${job.name} ${imageName(step.image)}`] : [],
        ),
      ]),
  );
}

function defaultBranchLine({ checkout }: Looked, branches: readonly string[] | undefined): Preflight {
  const { defaultBranch } = checkout;
  const line = { id: 'protected-branch', title: 'Who writes what all read' };
  if (!branches) return { ...line, state: 'unknown', saw: 'protected branches are not known here' };
  const isProtected = branches.some((pattern) => matches(pattern, defaultBranch));
  return isProtected
    ? {
        ...line,
        state: 'fine',
        saw: `${plain(defaultBranch)} is protected: only its pipelines write the cache that other branches read`,
      }
    : {
        ...line,
        state: 'warning',
        saw: `${plain(defaultBranch)} is not protected: other branches read no cache but their own`,
        fix: `Protect ${plain(defaultBranch)} in the project’s settings.`,
      };
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function builderOf(option: LayerOption, { images }: LayerSettings): string {
  return {
    buildkit: images.buildkit,
    kaniko: images.kaniko,
    'buildkit-rootless': images.rootless,
    buildah: images.buildah,
  }[option];
}

/** Jobs with a builder of their own keep it. */
function isWritten({ edits }: LayerAnswer, image: string): boolean {
  return edits.some((edit) => {
    const text = edit.kind === 'set' ? edit.yaml : edit.kind === 'text' ? edit.text : '';
    return text.includes(image);
  });
}

/** Whether the builder's image is there, as its registry says. */
async function builderLine(
  { registry, isSandbox }: Planning['workspace'],
  image: string,
  signal: AbortSignal | undefined,
): Promise<Preflight> {
  const line = { id: 'builder-image', title: 'Builder' };
  const fix = '--set builder-image=IMAGE:VERSION, with one that is there';
  // The embedded world has no registry but its own.
  const found = isSandbox ? undefined : await registry.resolve(image, signal).catch(() => undefined);
  signal?.throwIfAborted();
  if (found && 'value' in found) return { ...line, state: 'fine', saw: `${image} is ${found.value.digest}` };
  if (found?.failure.code === 'no-such-image')
    return { ...line, state: 'problem', saw: `its registry knows no ${image}`, fix };
  const because = isSandbox
    ? 'the embedded world asks no registry'
    : `its registry gave no answer${found ? `: ${found.failure.saw}` : ''}`;
  return {
    ...line,
    state: 'unknown',
    saw: `${image}: not checked whether there is such an image, since ${because}`,
    fix: `Look for the tag in its registry; else ${fix}`,
  };
}
