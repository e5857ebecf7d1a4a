import type { ResolvedJobSet } from '../ci/jobSet.ts';
import type { CiFiles, Configuration, Job, MappingNode, PipelineEvent } from '../ci/model.ts';
import { cachesOf } from '../ci/schema/cache.ts';
import { parseDuration } from '../ci/schema/duration.ts';
import { get, isNull, scalarText, textsOf } from '../ci/yaml/node.ts';
import { type Download, downloadsOf } from './downloads.ts';
import { type CachedFolder, folderOf, lockOf } from './folders.ts';

/** One `cache:` of a job. Jobs that take it from one place have nodes with the same span. */
export interface KeptCache {
  readonly job: string;
  readonly node: MappingNode;
  /** Whether it stands in a list. */
  readonly isListed: boolean;
  /** As written; undefined for a key from files. */
  readonly key: string | undefined;
  readonly paths: readonly string[];
  readonly policy: string;
  /** Of the first path that is known. */
  readonly folder?: CachedFolder;
  /** The tracked lock file of its paths. */
  readonly lock?: string;
}

/** The `artifacts:paths` of a job, which live within one pipeline. */
export interface KeptArtifacts {
  readonly job: string;
  readonly paths: readonly string[];
  readonly expireIn?: string;
  /** Seconds; absent for the server's default, and for `never`. */
  readonly expiresAfter?: number;
  /** Jobs of the same pipeline that get them, over all events. */
  readonly usedBy: readonly string[];
  /** Those of them that somebody starts by hand, perhaps days later. */
  readonly usedByHand: readonly string[];
  /** Tools that were downloaded, rather than made. */
  readonly isTools: boolean;
}

/** What a configuration keeps, and for how long. */
export interface Lifetimes {
  readonly caches: readonly KeptCache[];
  readonly artifacts: readonly KeptArtifacts[];
  readonly downloads: readonly Download[];
}

export interface SurveyInput {
  readonly configuration: Configuration;
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
  readonly files: CiFiles;
}

/** Looks through a configuration, and the scripts of the checkout that its jobs run. */
export function lifetimesOf({ configuration, sets, files }: SurveyInput): Lifetimes {
  const downloads = downloadsOf(configuration, files);
  const tracked = new Set(files.list());
  const consumers = consumersOf(sets);
  const loading = new Set(downloads.flatMap(({ jobs }) => jobs));
  const caches: KeptCache[] = [];
  const artifacts: KeptArtifacts[] = [];
  for (const { name, keywords } of configuration.jobs.values()) {
    const isListed = get(keywords, 'cache')?.kind === 'sequence';
    for (const node of cachesOf(keywords))
      if (node.kind === 'mapping') caches.push(cacheOf(name, node, isListed, tracked));
    const node = get(keywords, 'artifacts');
    const paths = textsOf(get(node, 'paths'));
    if (!node || isNull(node) || paths.length === 0) continue;
    const expireIn = scalarText(get(node, 'expire_in'));
    const expiresAfter = expireIn === undefined ? undefined : parseDuration(expireIn);
    const users = [...(consumers.get(name) ?? [])];
    artifacts.push({
      job: name,
      paths,
      usedBy: users.map(([job]) => job),
      usedByHand: users.filter(([, isManual]) => isManual).map(([job]) => job),
      isTools:
        /\b(?:download|fetch)\b/.test(name) ||
        (loading.has(name) && paths.some((path) => /\btools?\b/.test(path))),
      ...(expireIn === undefined ? {} : { expireIn }),
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
    });
  }
  return { caches, artifacts, downloads };
}

function cacheOf(job: string, node: MappingNode, isListed: boolean, tracked: ReadonlySet<string>): KeptCache {
  const paths = textsOf(get(node, 'paths'));
  const folder = paths.map(folderOf).find((one) => one !== undefined);
  const lock = paths.map((path) => lockOf(path, tracked)).find((one) => one !== undefined);
  return {
    job,
    node,
    isListed,
    key: get(node, 'key')?.kind === 'mapping' ? undefined : (scalarText(get(node, 'key')) ?? 'default'),
    paths,
    policy: scalarText(get(node, 'policy')) ?? 'pull-push',
    ...(folder ? { folder } : {}),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** By job of the configuration: the jobs that get its artifacts, and whether they wait for a hand. */
function consumersOf(sets: SurveyInput['sets']): Map<string, Map<string, boolean>> {
  const found = new Map<string, Map<string, boolean>>();
  for (const { jobs, stages } of sets.values()) {
    const byName = new Map(jobs.map((job) => [job.name, job]));
    for (const job of jobs)
      for (const source of sourcesOf(job, jobs, byName, stages)) {
        const known = found.get(source.definition.name) ?? new Map<string, boolean>();
        found.set(source.definition.name, known.set(job.definition.name, job.when === 'manual'));
      }
  }
  return found;
}

/** The jobs whose artifacts a job gets: those it needs, those it names, or all of the stages before it. */
function sourcesOf(
  { needs, definition, stage }: Job,
  jobs: readonly Job[],
  byName: ReadonlyMap<string, Job>,
  stages: readonly string[],
): readonly Job[] {
  if (needs) return needs.flatMap(({ job, artifacts }) => (artifacts ? (byName.get(job) ?? []) : []));
  const named = get(definition.keywords, 'dependencies');
  const earlier = jobs.filter((other) => stages.indexOf(other.stage) < stages.indexOf(stage));
  if (!named || isNull(named)) return earlier;
  const names = new Set(textsOf(named));
  return earlier.filter((other) => names.has(other.name) || names.has(other.definition.name));
}
