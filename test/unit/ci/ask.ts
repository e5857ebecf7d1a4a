import { expect } from 'vitest';
import { jobSet, type ResolvedJobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineContext } from '../../../source/core/ci/model.ts';
import { plain } from '../../../source/core/ci/yaml/node.ts';

export type Question = Partial<Omit<PipelineContext, 'files'>> & {
  readonly files?: Readonly<Record<string, string>>;
};

/** The job set of a configuration for a push to main, unless the question says otherwise. */
export function ask(text: string, { files = {}, ...question }: Question = {}): ResolvedJobSet {
  const all: Readonly<Record<string, string>> = { ...files, '.gitlab-ci.yml': text };
  return jobSet('.gitlab-ci.yml', {
    event: 'push',
    ref: 'main',
    defaultBranch: 'main',
    variables: {},
    files: { read: (path) => all[path], list: () => Object.keys(all) },
    ...question,
  });
}

/** Names of the jobs, sorted. */
export function names(set: ResolvedJobSet): string[] {
  return set.jobs.map(({ name }) => name).sort();
}

export function messages(set: ResolvedJobSet): string[] {
  return set.errors.map(({ message }) => message);
}

/** A keyword of a job after everything is merged. */
export function keyword(set: ResolvedJobSet, job: string, key: string): unknown {
  const node = set.jobs.find(({ name }) => name === job)?.definition.keywords.entries.get(key)?.value;
  return node && plain(node);
}

/** A configuration and what GitLab makes of it: the sorted names of its jobs, or a part of an error. */
export interface Example {
  readonly text: string;
  readonly question?: Question;
  readonly jobs?: readonly string[];
  readonly error?: string;
}

export function check({ text, question, jobs, error }: Example): void {
  const set = ask(text, question);
  if (error !== undefined) {
    expect(messages(set).join('\n')).toContain(error);
    return;
  }
  const isEmpty = jobs?.length === 0;
  expect(
    messages(set).filter((message) => !(isEmpty && message.startsWith('Pipeline will not run'))),
  ).toEqual([]);
  expect(names(set)).toEqual(jobs);
}
