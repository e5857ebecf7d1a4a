import type { JobEdit } from '../ci/edit/model.ts';
import type { CiFiles } from '../ci/model.ts';
import { isKept } from './builds.ts';
import { byHand } from './byHand.ts';
import { cacheNotes } from './cacheNotes.ts';
import { type CacheNaming, cacheRefs } from './cacheRefs.ts';
import { chained } from './chained.ts';
import { commandChanges } from './commandEdits.ts';
import { buildahCache, exportCache, importCaches, kanikoCache } from './emit.ts';
import type { ImageJob } from './imageJob.ts';
import type { Daemonless, LayerOption, LayerRefusal, LayerSettings, Rewritten } from './layerOption.ts';
import { rewriteDaemonless } from './rewriteDaemonless.ts';
import { rewriteDocker } from './rewriteDocker.ts';
import { scriptEdits } from './scriptEdits.ts';
import type { BuildTool } from './spec.ts';
import { staleArgument } from './staleArguments.ts';
import { placeOf, programOf } from './step.ts';
import { pinnedImage } from './toolKeywords.ts';

/** What is asked: which jobs, and how. */
export interface LayerQuestion {
  readonly jobs: readonly ImageJob[];
  /** Names of those that are to change. */
  readonly selected: ReadonlySet<string>;
  readonly option: LayerOption;
  readonly naming: CacheNaming;
  readonly settings: LayerSettings;
  readonly files: CiFiles;
}

export interface LayerAnswer {
  readonly edits: readonly JobEdit[];
  /** Names of the jobs that the edits are for. */
  readonly changed: readonly string[];
  /** Names of the jobs that have a cache already. */
  readonly cached: readonly string[];
  readonly refused: readonly LayerRefusal[];
  readonly notes: readonly string[];
}

/** The tool that an option leaves a job with. */
export const toolOf: Readonly<Record<LayerOption, BuildTool>> = {
  buildkit: 'docker buildx',
  kaniko: 'kaniko',
  'buildkit-rootless': 'buildkit',
  buildah: 'buildah',
};

/** Whether every image of the job is built with a cache that is read and written. */
export function isCached({ images, problem }: ImageJob): boolean {
  return (
    problem === undefined &&
    images.length > 0 &&
    images.every(({ spec }) => spec.cacheFrom.length > 0 && spec.cacheTo.some(isKept))
  );
}

/** The edits that give the selected jobs a layer cache. */
export function layerEdits(question: LayerQuestion): LayerAnswer {
  const { jobs, selected, option, naming, files } = question;
  const meant = jobs.filter(({ job }) => selected.has(job.name));
  const cached = meant.filter(isCached);
  const refused: LayerRefusal[] = [];
  const changes: Extract<Rewritten, { script: unknown }>[] = [];
  for (const job of meant) {
    if (isCached(job)) {
      const tool = job.images[0]?.spec.tool;
      if (tool !== toolOf[option])
        refused.push({
          job: job.job.name,
          because: `it has a cache of ${tool} already; take that back first to try another way`,
          paste: [],
        });
      continue;
    }
    const rewritten = rewrite(job, question);
    if ('script' in rewritten) changes.push(rewritten);
    else refused.push(rewritten);
  }
  const scripts = changes.map(({ script }) => script);
  return {
    edits: [
      ...scriptEdits(scripts, { configuration: naming.configuration, files }),
      ...changes.flatMap(({ keywords }) => keywords),
    ],
    changed: scripts.map(({ job }) => job),
    cached: cached.map(({ job }) => job.name),
    refused,
    notes: changes.flatMap(({ notes }) => notes),
  };
}

const uncached =
  '`--no-cache` has every layer built anew, so that a cache would be written and never read: take it out first, where older layers are good';

/** One job, changed by an option. */
function rewrite(job: ImageJob, { option, naming, settings, files }: LayerQuestion): Rewritten {
  if (job.problem)
    return {
      job: job.job.name,
      because: job.problem.because,
      at: job.problem.at,
      paste: byHand(job, option, naming.repository, settings),
    };
  const anew = job.images.find(({ spec }) => spec.ignoresCache);
  if (anew) return { job: job.job.name, because: uncached, at: placeOf(anew.step), paste: [] };
  const from = option === 'buildah' ? undefined : chained(job, files);
  if (from) return { job: job.job.name, because: from.because, at: placeOf(from.step), paste: [] };
  if (option === 'buildkit') return rewriteDocker(job, naming, settings);
  const [stale] =
    option === 'buildah' ? job.images.flatMap(({ spec }) => staleArgument(spec, files) ?? []) : [];
  if (stale) return { job: job.job.name, ...stale, paste: [] };
  if (job.images.every(({ spec }) => spec.tool === toolOf[option]))
    return { ...withFlags(job, option, naming, settings), keywords: pinnedImage(job, option, settings) };
  return rewriteDaemonless(job, option, naming, settings);
}

/** The builder stays: only the flags of the cache come in. */
function withFlags(
  job: ImageJob,
  option: Daemonless,
  naming: CacheNaming,
  { ttl }: LayerSettings,
): Pick<Extract<Rewritten, { script: unknown }>, 'script' | 'notes'> {
  const changes = job.images.flatMap(({ step, spec }, index) => {
    const image = job.images[index];
    if (!image) return [];
    const refs = cacheRefs(job, image, naming);
    const added = {
      kaniko: kanikoCache(refs, ttl),
      'buildkit-rootless': [
        ...importCaches(refs).map((ref) => `--import-cache ${ref}`),
        `--export-cache ${exportCache(refs)}`,
      ],
      // Podman keeps layers unless it is told not to.
      buildah: buildahCache(refs, ttl).slice(programOf(step) === 'podman' ? 1 : 0),
    }[option];
    const removed = spec.cacheFlags;
    return commandChanges({ step, removed, added });
  });
  return {
    script: { job: job.job.name, items: job.items, changes, inserts: [] },
    notes: cacheNotes(job, option),
  };
}
