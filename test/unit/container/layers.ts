import { createTwoFilesPatch } from 'diff';
import { editConfiguration, overlay } from '../../../source/core/ci/edit/edit.ts';
import { jobSet, type ResolvedJobSet } from '../../../source/core/ci/jobSet.ts';
import type { CiFiles, PipelineEvent } from '../../../source/core/ci/model.ts';
import { imageJobs } from '../../../source/core/container/imageJob.ts';
import { builderImages, type LayerOption } from '../../../source/core/container/layerOption.ts';
import { type LayerAnswer, layerEdits } from '../../../source/core/container/rewrite.ts';
import { filesOf } from '../filesOf.ts';

export { filesOf };

export const entry = '.gitlab-ci.yml';
export type Texts = Readonly<Record<string, string>>;

export function setOf(files: CiFiles, event: PipelineEvent = 'push', defaultBranch = 'main'): ResolvedJobSet {
  const ref = event === 'tag' ? 'v1.0.0' : event === 'merge_request' ? 'topic' : defaultBranch;
  return jobSet(entry, { event, ref, defaultBranch, variables: {}, files });
}

export interface Asked {
  readonly selected?: readonly string[];
  readonly repository?: string;
  readonly defaultBranch?: string;
}

export interface Changed {
  readonly answer: LayerAnswer;
  readonly before: CiFiles;
  readonly after: CiFiles;
  /** Unified, without context. */
  readonly diff: string;
  readonly refused?: string;
}

/** Gives the image jobs of a configuration a cache, and says what became of its files. */
export function change(texts: Texts | string, option: LayerOption, asked: Asked = {}): Changed {
  const before = filesOf(typeof texts === 'string' ? { [entry]: texts } : texts);
  const { selected, repository, defaultBranch = 'main' } = asked;
  const { configuration } = setOf(before, 'push', defaultBranch);
  const jobs = imageJobs(configuration, before);
  const answer = layerEdits({
    jobs,
    selected: new Set(selected ?? jobs.map(({ job }) => job.name)),
    option,
    naming: { configuration, jobs, defaultBranch, ...(repository === undefined ? {} : { repository }) },
    settings: { images: builderImages, ttl: '168h' },
    files: before,
  });
  const resolve = (files: CiFiles) => setOf(files, 'push', defaultBranch).configuration;
  const edited = editConfiguration({ files: before, configuration, resolve }, answer.edits);
  if ('refused' in edited) return { answer, before, after: before, diff: '', refused: edited.refused };
  const after = overlay(before, new Map(edited.files.map(({ path, after: text }) => [path, text])));
  const diff = edited.files
    .map(({ path, before: from, after: to }) =>
      createTwoFilesPatch(path, path, from, to, undefined, undefined, { context: 0 }).replace(/^=+\n/, ''),
    )
    .join('\n')
    .replace(/\t?\n/g, '\n');
  return { answer, before, after, diff };
}

/** The added and removed lines of a difference. */
export function lines(diff: string): string[] {
  return diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));
}
