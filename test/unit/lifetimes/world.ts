import { editConfiguration, overlay } from '../../../source/core/ci/edit/edit.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { CiFiles, PipelineEvent } from '../../../source/core/ci/model.ts';
import { plain } from '../../../source/core/ci/yaml/node.ts';
import { composeChanges, type Reading } from '../../../source/core/lifetimes/changes/compose.ts';
import type { ChangeInput, ChangeName, Wanted } from '../../../source/core/lifetimes/changes/model.ts';
import { filesOf } from '../filesOf.ts';

export { filesOf };

export const events: readonly PipelineEvent[] = ['push', 'merge_request', 'tag', 'schedule', 'web'];

export const wanted: Wanted = {
  expireIn: '1 week',
  keyStyle: 'auto',
  fallback: 'auto',
  isUnprotected: false,
  storing: 'protected',
  level: 'fast',
};

export function readingOf(files: CiFiles): Reading {
  const sets = new Map(
    events.map((event) => [
      event,
      jobSet('.gitlab-ci.yml', {
        event,
        ref: event === 'tag' ? 'v1.0.0' : event === 'merge_request' ? 'topic' : 'main',
        defaultBranch: 'main',
        variables: {},
        files,
      }),
    ]),
  );
  const push = sets.get('push');
  if (!push) throw new Error('no push');
  return { configuration: push.configuration, sets };
}

export type Question = Partial<Wanted> &
  Partial<Pick<ChangeInput, 'isSeparated' | 'keepsLatest' | 'measures'>>;

/** Makes changes on files, and gives all files and what each job is afterwards. */
export function change(names: readonly ChangeName[], files: CiFiles, question: Question = {}) {
  const { isSeparated, keepsLatest, measures = new Map(), ...more } = question;
  const composed = composeChanges(names, {
    files,
    read: readingOf,
    known: {
      measures,
      defaultBranch: 'main',
      wanted: { ...wanted, ...more },
      ...(isSeparated === undefined ? {} : { isSeparated }),
      ...(keepsLatest === undefined ? {} : { keepsLatest }),
    },
  });
  if ('refused' in composed)
    return {
      ...composed,
      files,
      edits: [],
      text: () => composed.refused,
      jobs: (): ReturnType<typeof jobsOf> => ({}),
    };
  const before = readingOf(files);
  const resolve = (one: CiFiles) => readingOf(one).configuration;
  const edited = editConfiguration({ files, configuration: before.configuration, resolve }, composed.edits);
  if ('refused' in edited) throw new Error(edited.refused);
  const texts = new Map([
    ...edited.files.map(({ path, after }) => [path, after] as const),
    ...composed.newFiles,
  ]);
  const after = overlay(files, texts);
  return {
    ...composed,
    files: after,
    text: (path = '.gitlab-ci.yml') => after.read(path) ?? '',
    jobs: () => jobsOf(after),
  };
}

/** Keywords of every job, without positions. */
export function jobsOf(files: CiFiles): Record<string, Record<string, unknown>> {
  const { configuration } = readingOf(files);
  return Object.fromEntries(
    [...configuration.jobs].map(([name, { keywords }]) => [name, plain(keywords) as Record<string, unknown>]),
  );
}

/** The names of the jobs of each event. */
export function namesOf(files: CiFiles): Record<string, unknown> {
  const { sets } = readingOf(files);
  return Object.fromEntries(
    [...sets].map(([event, { jobs, errors }]) => [
      event,
      {
        jobs: jobs.map(({ name, needs, stage }) => [name, needs, stage]),
        errors: errors.map(({ message }) => message),
      },
    ]),
  );
}

/** Lines that are only in one of two texts, as `-` and `+`. */
export function diff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = [...old];
  const come: string[] = [];
  for (const line of now) {
    const at = gone.indexOf(line);
    if (at >= 0) gone.splice(at, 1);
    else come.push(line);
  }
  return [...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)];
}
