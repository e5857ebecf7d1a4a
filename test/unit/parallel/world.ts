import { expect } from 'vitest';
import { editConfiguration, overlay } from '../../../source/core/ci/edit/edit.ts';
import { jobSet, type ResolvedJobSet } from '../../../source/core/ci/jobSet.ts';
import type { CiFiles, PipelineEvent } from '../../../source/core/ci/model.ts';
import type { PipelineJob } from '../../../source/core/gitlab/model.ts';
import { editsOf } from '../../../source/core/parallel/edits.ts';
import { createPipelines, usualWeights } from '../../../source/core/parallel/pipelines.ts';
import { type SearchOptions, searchMoves } from '../../../source/core/parallel/search.ts';
import type { Waits } from '../../../source/core/parallel/waits.ts';
import { createWorld } from '../../../source/core/parallel/world.ts';
import { historyOf } from '../../../source/core/pipeline/history.ts';
import type { RunnerSpec } from '../../../source/core/pipeline/runners.ts';
import { filesOf } from '../filesOf.ts';

export { filesOf };

export const events = ['push', 'merge_request', 'tag', 'schedule', 'web'] as const;

export type Sets = ReadonlyMap<PipelineEvent, ResolvedJobSet>;

/** The job sets of every event. */
export function setsOf(files: CiFiles, more: { readonly changed?: readonly string[] } = {}): Sets {
  const refs = { push: 'main', merge_request: 'feature', tag: 'v1.0.0', schedule: 'main', web: 'main' };
  return new Map(
    events.map((event) => [
      event,
      jobSet('.gitlab-ci.yml', {
        event,
        ref: refs[event],
        defaultBranch: 'main',
        variables: {},
        files,
        ...more,
      }),
    ]),
  );
}

export interface Given {
  /** Seconds by job name; 60 for the rest. */
  readonly durations?: Readonly<Record<string, number>>;
  readonly runners?: readonly RunnerSpec[];
  readonly options?: Partial<SearchOptions>;
}

/** Looks for moves in a configuration, and can make them. */
export function study(texts: Readonly<Record<string, string>> | string, given: Given = {}) {
  const files = filesOf(typeof texts === 'string' ? { '.gitlab-ci.yml': texts } : texts);
  const sets = setsOf(files);
  const configuration = sets.get('push')?.configuration;
  if (!configuration) throw new Error('no configuration');
  const world = createWorld(configuration, sets, files);
  const jobs = Object.entries(given.durations ?? {}).map(
    ([name, duration], id): PipelineJob => ({
      id,
      name,
      stage: 'x',
      kind: 'build',
      status: 'success',
      allowFailure: false,
      createdAt: '2026-01-01T00:00:00Z',
      startedAt: '2026-01-01T00:00:00Z',
      webUrl: '',
      tags: [],
      artifacts: [],
      duration,
    }),
  );
  const pipelines = createPipelines(world, historyOf(jobs.length > 0 ? [jobs] : []), given.runners ?? []);
  const found = searchMoves(world, pipelines, { weights: usualWeights, minimum: 10, ...given.options });
  /** The files once waits are written down. */
  const edit = (waits: Waits): CiFiles => {
    const edited = editConfiguration(
      { files, configuration, resolve: (now) => setsOf(now).get('push')?.configuration ?? configuration },
      editsOf(world, waits),
    );
    if ('refused' in edited) throw new Error(edited.refused);
    return overlay(files, new Map(edited.files.map(({ path, after }) => [path, after])));
  };
  return { files, sets, world, pipelines, found, edit };
}

export function errorsOf(sets: Sets): string[] {
  return [...sets].flatMap(([event, { errors }]) => errors.map(({ message }) => `${event}: ${message}`));
}

export function namesOf(sets: Sets): Record<string, string[]> {
  return Object.fromEntries(
    [...sets].map(([event, { jobs }]) => [event, jobs.map(({ name }) => name).sort()]),
  );
}

/** The configuration is one that GitLab would take for a push. */
export function expectSound({ sets }: { readonly sets: Sets }): void {
  expect(sets.get('push')?.errors.map(({ message }) => message)).toEqual([]);
}
