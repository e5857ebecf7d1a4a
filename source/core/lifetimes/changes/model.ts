import type { JobEdit } from '../../ci/edit/model.ts';
import type { CiFiles, Configuration } from '../../ci/model.ts';
import type { JobMeasure } from '../measured.ts';
import type { Lifetimes, SurveyInput } from '../survey.ts';

export const changeNames = ['expiry', 'keys', 'policy', 'package-registry', 'compression'] as const;

/** One way to keep things longer, or to find them again. */
export type ChangeName = (typeof changeNames)[number];

/** What changes are proposed from. */
export interface ChangeInput {
  readonly lifetimes: Lifetimes;
  readonly configuration: Configuration;
  readonly sets: SurveyInput['sets'];
  readonly files: CiFiles;
  /** By job as GitLab names it; empty where no log was read. */
  readonly measures: ReadonlyMap<string, JobMeasure>;
  readonly defaultBranch: string;
  /** Whether protected and other refs have caches of their own; absent when the project does not tell. */
  readonly isSeparated?: boolean;
  /** Whether GitLab keeps the artifacts of the newest successful pipeline of each branch and tag, as long as it is that. */
  readonly keepsLatest?: boolean;
  readonly wanted: Wanted;
}

/** What the user may choose. */
export interface Wanted {
  /** As `artifacts:expire_in` takes it. */
  readonly expireIn: string;
  readonly keyStyle: 'auto' | 'lock-file' | 'per-branch';
  /** `auto`: the default branch's key, where it can be seen. `previous`: the key of before, of the default branch. */
  readonly fallback: 'auto' | 'default-branch' | 'previous' | 'none';
  /** Lets protected and other refs share the caches. */
  readonly isUnprotected: boolean;
  /** The job that stores for the others; the first that runs when absent. */
  readonly producer?: string;
  readonly storing: 'protected' | 'every';
  readonly level: 'fastest' | 'fast' | 'default' | 'slow' | 'slowest';
  /** Only these jobs; all when absent. */
  readonly jobs?: ReadonlySet<string>;
}

/** How long a job is expected to run. Seconds. */
export interface Expected {
  readonly job: string;
  readonly cold?: number;
  readonly warm?: number;
  /** Less than it usually runs, each time. */
  readonly less?: number;
  readonly because: string;
}

/** A line of a job's log that shows a change at work; `pattern` is a regular expression. */
export interface Mark {
  readonly job: string;
  readonly pattern: string;
  readonly shows: string;
}

/** What a change would write, what it costs and what it saves; `done` when nothing is left, `impossible` when there is nothing to change. */
export interface Proposal {
  readonly name: ChangeName;
  readonly title: string;
  readonly tradeOff: string;
  readonly state: 'open' | 'done' | 'impossible';
  /** What would be changed, or why there is nothing to. */
  readonly because: string;
  readonly edits: readonly JobEdit[];
  /** Jobs of the configuration that it is meant to touch. */
  readonly jobs: readonly string[];
  readonly newFiles: ReadonlyMap<string, string>;
  /** A line each: what was measured, and what that lets expect. */
  readonly saves: readonly string[];
  /** What is left as it is although it looks alike, and why. */
  readonly notes: readonly string[];
  readonly expected: readonly Expected[];
  /** Whether a second run finds what the first one stored. */
  readonly fillsCaches: boolean;
  readonly marks: readonly Mark[];
}

type Words = Pick<Proposal, 'name' | 'title' | 'tradeOff'>;

/** A proposal without anything in it. */
export function nothing(
  words: Words,
  state: 'done' | 'impossible',
  because: string,
  notes: readonly string[] = [],
): Proposal {
  const { name, title, tradeOff } = words;
  const empty = {
    edits: [],
    jobs: [],
    newFiles: new Map(),
    saves: [],
    expected: [],
    marks: [],
    fillsCaches: false,
  };
  return { name, title, tradeOff, state, because, notes, ...empty };
}

export function isWanted({ wanted }: ChangeInput, job: string): boolean {
  return wanted.jobs === undefined || wanted.jobs.has(job);
}

export const unmeasured = 'saves nothing that was measured';
