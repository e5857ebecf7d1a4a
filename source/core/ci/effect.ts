import type { ResolvedJobSet } from './jobSet.ts';
import type { Configuration, PipelineEvent } from './model.ts';
import { plain } from './yaml/node.ts';

/** What a change of the configuration does to the pipelines of one event. */
export interface EventEffect {
  readonly event: PipelineEvent;
  readonly before: ResolvedJobSet;
  readonly after: ResolvedJobSet;
  /** Names of jobs, as GitLab names them. */
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  /** Errors of creation that were not there before. */
  readonly errors: readonly string[];
}

/** A job whose keywords differ. */
export interface ChangedJob {
  readonly job: string;
  /** Top-level keywords. */
  readonly keywords: readonly string[];
}

/** What a change of the configuration does. */
export interface Effect {
  readonly events: readonly EventEffect[];
  /** Jobs of the configuration, before `parallel` expands them. */
  readonly changed: readonly ChangedJob[];
}

/** Holds the job sets of each event before a change against those after it. */
export function effectOf(
  before: ReadonlyMap<PipelineEvent, ResolvedJobSet>,
  after: ReadonlyMap<PipelineEvent, ResolvedJobSet>,
): Effect {
  const events = [...before].flatMap(([event, old]): EventEffect[] => {
    const now = after.get(event);
    if (!now) return [];
    const [names, newNames] = [namesOf(old), namesOf(now)];
    const known = new Set(old.errors.map(({ message }) => message));
    return [
      {
        event,
        before: old,
        after: now,
        appeared: [...newNames].filter((name) => !names.has(name)),
        vanished: [...names].filter((name) => !newNames.has(name)),
        errors: now.errors.map(({ message }) => message).filter((message) => !known.has(message)),
      },
    ];
  });
  const [first] = events;
  return {
    events,
    changed: first ? changedJobs(first.before.configuration, first.after.configuration) : [],
  };
}

/** The jobs whose keywords differ between two configurations; one that is only in one of them has all keywords. */
export function changedJobs(before: Configuration, after: Configuration): ChangedJob[] {
  const names = new Set([...before.jobs.keys(), ...after.jobs.keys()]);
  return [...names].flatMap((job): ChangedJob[] => {
    const [old, now] = [keywordsOf(before, job), keywordsOf(after, job)];
    const keywords = [...new Set([...old.keys(), ...now.keys()])].filter(
      (keyword) => old.get(keyword) !== now.get(keyword),
    );
    return keywords.length === 0 ? [] : [{ job, keywords }];
  });
}

/** Keywords as JSON; `extends` left out, which only says where they are from. */
function keywordsOf(configuration: Configuration, job: string): Map<string, string> {
  const entries = configuration.jobs.get(job)?.keywords.entries ?? new Map();
  return new Map(
    [...entries]
      .filter(([keyword]) => keyword !== 'extends')
      .map(([keyword, { value }]) => [keyword, JSON.stringify(plain(value))]),
  );
}

function namesOf({ jobs }: ResolvedJobSet): Set<string> {
  return new Set(jobs.map(({ name }) => name));
}
