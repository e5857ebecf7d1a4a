import type { JobEdit } from '../../ci/edit/model.ts';
import { originOf } from '../../ci/edit/origin.ts';
import { get, plain, textsOf } from '../../ci/yaml/node.ts';
import { secondsText } from '../measured.ts';
import type { KeptCache } from '../survey.ts';
import { isUnshared } from './cacheKey.ts';
import { type ChangeInput, isWanted, nothing, type Proposal, unmeasured } from './model.ts';

const words = {
  name: 'policy',
  title: 'Let one job store a cache, and the others only read it',
  tradeOff:
    'Each reader saves packing and sending the cache at its end. What only a reader adds is not kept, and in a pipeline without the storing job nothing is.',
} as const;

interface Group {
  readonly producer: KeptCache;
  readonly readers: readonly KeptCache[];
}

/** `policy: pull` for all jobs that share a key but one. */
export function proposePolicy(input: ChangeInput): Proposal {
  const { caches } = input.lifetimes;
  if (caches.length === 0) return nothing(words, 'impossible', 'no job has a cache');
  const notes: string[] = [];
  const packages = caches.filter(({ folder }) => folder !== undefined && folder.kind !== 'built');
  const groupsOfUsers = Map.groupBy(packages, (cache) => idOf(cache, input));
  const shared = [...groupsOfUsers.values()].filter((users) => users.length > 1);
  const alone = caches.filter(({ key }) => key !== undefined && isUnshared(key));
  if (shared.length === 0)
    return nothing(
      words,
      'impossible',
      alone.length > 0
        ? 'each job has a key of its own, so a job that only reads would never find anything: change the keys first'
        : 'no two jobs fill one cache of packages in the same way',
    );
  const groups = shared.flatMap((users) => groupOf(users, input, notes));
  if (groups.length === 0)
    return nothing(
      words,
      notes.length > 0 ? 'impossible' : 'done',
      notes[0] ?? 'one job stores each shared cache',
      notes,
    );
  const touched = groups.flatMap(({ readers }) => readers.map(({ job }) => job));
  const edits = groups.flatMap((group) => editsOf(group, input));
  return {
    ...nothing(words, 'done', '', notes),
    state: 'open',
    because: groups
      .map(
        ({ producer, readers }) => `${producer.job} stores, ${readers.map(({ job }) => job).join(', ')} read`,
      )
      .join('; '),
    edits,
    jobs: [...new Set([...touched, ...groups.flatMap(({ producer }) => producer.job)])],
    saves: touched.map((job) => {
      const measure = input.measures.get(job);
      return measure?.saving
        ? `${job}: storing its caches takes ${secondsText(measure.saving)}.`
        : `${job}: ${unmeasured}.`;
    }),
    expected: touched.flatMap((job) => {
      const measure = input.measures.get(job);
      if (!measure?.saving) return [];
      const because = `without the ${secondsText(measure.saving)} that storing takes`;
      return [{ job, less: measure.saving.median, because }];
    }),
    marks: touched.map((job) => ({
      job,
      pattern: 'Not uploading cache \\S+ due to policy',
      shows: 'it reads the cache and does not store it',
    })),
  };
}

/**
 * Caches that are one at run time and filled alike, by the same first commands: else one job does not store what another
 * needs. Runners with other tags may be other machines, whose caches are their own.
 */
function idOf({ key, node, paths, job }: KeptCache, { configuration }: ChangeInput): string {
  const keywords = configuration.jobs.get(job)?.keywords;
  const tags = textsOf(get(keywords, 'tags')).sort();
  const written = get(node, 'key');
  const known = key ?? (written && plain(written));
  const before = textsOf(get(keywords, 'before_script'));
  const fills = before.length > 0 ? before : textsOf(get(keywords, 'script')).slice(0, 1);
  return JSON.stringify([key !== undefined && isUnshared(key) ? job : '', known, paths, tags, fills]);
}

function groupOf(users: readonly KeptCache[], input: ChangeInput, notes: string[]): Group[] {
  const writers = users.filter(({ policy }) => policy === 'pull-push' || policy === 'push');
  if (writers.length < 2) return [];
  const names = users.map(({ job }) => job).join(', ');
  const order = orderOf(input);
  const { producer: wanted } = input.wanted;
  const sorted = [...writers].sort((a, b) => (order.get(a.job) ?? 0) - (order.get(b.job) ?? 0));
  const producer =
    sorted.find(({ job }) => job === wanted) ??
    sorted.find((candidate) => writers.every((other) => isEverywhere(candidate.job, other.job, input)));
  if (!producer) {
    notes.push(`no job runs in every pipeline in which ${names} do, so some pipelines would store nothing`);
    return [];
  }
  const readers = writers.filter((one) => one !== producer && isWanted(input, one.job));
  if (readers.some(({ isListed }) => isListed)) {
    notes.push(`${names} have several caches in a list: write policy: pull there by hand`);
    return [];
  }
  return readers.length === 0 ? [] : [{ producer, readers }];
}

/** Places of jobs in the order of stages, then as they are written. */
function orderOf({ configuration, sets }: ChangeInput): ReadonlyMap<string, number> {
  const order = new Map<string, number>();
  for (const { jobs, stages } of sets.values())
    for (const [index, { definition, stage }] of jobs.entries())
      if (!order.has(definition.name)) order.set(definition.name, stages.indexOf(stage) * 10_000 + index);
  for (const name of configuration.jobs.keys())
    if (!order.has(name)) order.set(name, Number.MAX_SAFE_INTEGER);
  return order;
}

/** Whether a job runs by itself in each pipeline in which another one is. */
function isEverywhere(job: string, other: string, { sets }: ChangeInput): boolean {
  return [...sets.values()].every(({ jobs }) => {
    if (!jobs.some(({ definition }) => definition.name === other)) return true;
    return jobs.some(({ definition, when }) => definition.name === job && when === 'on_success');
  });
}

/** The template says `pull` where the readers and nobody else but the storing job take it from there. */
function editsOf({ producer, readers }: Group, { lifetimes, files, configuration }: ChangeInput): JobEdit[] {
  const set = (job: string, yaml: string): JobEdit => ({ kind: 'set', job, path: ['cache', 'policy'], yaml });
  return [...Map.groupBy(readers, ({ node: { span } }) => `${span.file}:${span.start}`)].flatMap(
    ([place, some]) => {
      const users = lifetimes.caches.filter(({ node: { span } }) => `${span.file}:${span.start}` === place);
      const rest = users.filter((one) => !some.includes(one));
      const [first] = some;
      const owner = first && originOf(files, first.node)?.owner;
      const isTemplate =
        owner !== undefined && /^\./.test(owner) && configuration.root.entries.has(owner) && some.length > 1;
      if (!isTemplate || rest.some((one) => one !== producer)) return some.map(({ job }) => set(job, 'pull'));
      return [set(owner, 'pull'), ...(rest.length === 0 ? [] : [set(producer.job, 'pull-push')])];
    },
  );
}
