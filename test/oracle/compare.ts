import { jobSet } from '../../source/core/ci/jobSet.ts';
import { plain } from '../../source/core/ci/yaml/node.ts';
import {
  allowsFailure,
  baseName,
  comparedKeywords,
  isOnlyTheirs,
  normalizeKeywords,
  normalizePeerJob,
} from './differences.ts';
import type { Sample } from './generate.ts';
import type { PeerAnswer } from './gitlabCiLocal.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** A job as both programs can tell it. */
export interface Compared {
  readonly stage: string;
  readonly when: string;
  readonly allowFailure: boolean;
  readonly needs: readonly string[] | null;
  readonly keywords: Readonly<Record<string, unknown>>;
}

export type Answer = Readonly<Record<string, Compared>>;

/** This program's answer. */
export function ours(sample: Sample): { answer: Answer; errors: readonly string[] } {
  const { files, event, ref } = sample;
  const set = jobSet('.gitlab-ci.yml', {
    event,
    ref,
    defaultBranch: 'main',
    variables: {},
    files: { read: (path) => files[path], list: () => Object.keys(files) },
  });
  const answer: Record<string, Compared> = {};
  for (const { name, stage, when, allowFailure, needs, definition } of set.jobs) {
    answer[name] = {
      stage,
      when,
      allowFailure,
      needs: needs && [...new Set(needs.map(needText))].sort(),
      keywords: picked(plain(definition.keywords) as Keywords),
    };
  }
  return { answer, errors: set.errors.map(({ message }) => message) };
}

/** gitlab-ci-local's answer, in the same words. */
export function theirs(sample: Sample, { jobs, merged }: PeerAnswer): Answer {
  const keywordsOf = (name: string) => merged[baseName(name)] ?? {};
  const kept = jobs.map(normalizePeerJob).filter(({ name }) => !isOnlyTheirs(keywordsOf(name), sample));
  const present = new Set(kept.map(({ name }) => baseName(name)));
  const answer: Record<string, Compared> = {};
  for (const job of kept) {
    const keywords = keywordsOf(job.name);
    const needs = job.needs?.filter(({ job: name }) => present.has(baseName(name)));
    answer[job.name] = {
      stage: job.stage,
      when: job.when,
      allowFailure: allowsFailure(job, keywords),
      needs: needs ? [...new Set(needs.map(needText))].sort() : null,
      keywords: picked(keywords),
    };
  }
  return answer;
}

/** Needs on a parallel job are compared by its name as written. */
function needText({
  job,
  artifacts,
  optional,
}: {
  job: string;
  artifacts: boolean;
  optional: boolean;
}): string {
  return `${baseName(job)}${artifacts ? '' : ' without artifacts'}${optional ? ' if there' : ''}`;
}

function picked(keywords: Keywords): Keywords {
  const all = normalizeKeywords(keywords);
  return Object.fromEntries(
    comparedKeywords.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])),
  );
}
