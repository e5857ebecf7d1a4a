import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineEvent } from '../../../source/core/ci/model.ts';

interface Case {
  readonly id: string;
  readonly files: Record<string, string>;
  readonly event: PipelineEvent;
  readonly ref: string;
  readonly vars: Record<string, string>;
  readonly git?: { readonly changed?: readonly string[] };
  readonly expect: {
    readonly errors: boolean;
    readonly errorLike?: string;
    readonly noPipeline?: string;
    readonly jobs?: readonly string[];
    readonly when?: Record<string, string>;
    readonly allowFailure?: Record<string, boolean>;
    readonly stage?: Record<string, string>;
    readonly tags?: Record<string, readonly string[]>;
    readonly needs?: Record<string, readonly (readonly [string, boolean, boolean])[] | null>;
  };
}

const data = process.env.HUSKYCAT_TEST_DATA;
const cases: Case[] = data
  ? JSON.parse(readFileSync(join(data, 'ci-cases', 'configurations.json'), 'utf8'))
  : [];

function answer({ files, event, ref, vars, git }: Case) {
  const set = jobSet('.gitlab-ci.yml', {
    event,
    ref,
    defaultBranch: 'master',
    variables: vars,
    ...(git?.changed ? { changed: git.changed } : {}),
    files: { read: (path) => files[path], list: () => Object.keys(files) },
  });
  const by = <T>(pick: (job: (typeof set.jobs)[number]) => T): Record<string, T> =>
    Object.fromEntries(set.jobs.map((job) => [job.name, pick(job)]));
  return {
    errors: set.errors.map(({ message }) => message),
    jobs: set.jobs.map(({ name }) => name).sort(),
    when: by(({ when }) => when),
    allowFailure: by(({ allowFailure }) => allowFailure),
    stage: by(({ stage }) => stage),
    tags: by(({ tags }) => tags),
    needs: by(
      ({ needs }) => needs?.map(({ job, artifacts, optional }) => [job, artifacts, optional]) ?? null,
    ),
  };
}

describe.skipIf(!data)("GitLab's own configuration specifications (HUSKYCAT_TEST_DATA)", () => {
  test.each(cases)('$id', (one) => {
    const { expect: wanted } = one;
    const got = answer(one);
    if (wanted.noPipeline) {
      expect(got.jobs).toEqual([]);
      return;
    }
    if (wanted.errors) {
      expect(got.errors).not.toEqual([]);
      if (wanted.errorLike) expect(got.errors.join('\n')).toContain(wanted.errorLike);
      return;
    }
    expect(got.errors).toEqual([]);
    expect(got.jobs).toEqual(wanted.jobs);
    for (const key of ['when', 'allowFailure', 'stage', 'tags'] as const)
      expect(got[key]).toMatchObject(wanted[key] ?? {});
    for (const [name, needs] of Object.entries(wanted.needs ?? {})) {
      expect(got.needs[name]?.toSorted() ?? null).toEqual(needs?.toSorted() ?? null);
    }
  });
});
