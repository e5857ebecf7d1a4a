import { builderLines } from './builder.ts';
import type { CacheRefs } from './cacheRefs.ts';
import { buildahCache, exportCache, importCaches, kanikoCache } from './emit.ts';
import type { ImageJob } from './imageJob.ts';
import type { LayerOption, LayerSettings } from './layerOption.ts';

/** Lines for a person to write where what builds the image cannot be changed from here; none where the way is not for it. */
export function byHand(
  job: ImageJob,
  option: LayerOption,
  repository: string | undefined,
  settings: LayerSettings,
): readonly string[] {
  const { problem } = job;
  const refs = refsOf(repository);
  if (problem?.by && option !== 'buildkit') return [];
  if (problem?.by === 'bake')
    return [
      ...builderLines(job, settings).inserted,
      'docker buildx bake \\',
      ...importCaches(refs).map((ref) => `  --set "*.cache-from+=${bare(ref)}" \\`),
      `  --set "*.cache-to=${bare(exportCache(refs))}" …`,
    ];
  if (problem?.by === 'compose') return composeByHand(job, repository, settings);
  if (problem?.by === 'nerdctl')
    return [
      'nerdctl build \\',
      ...importCaches(refs).map((ref) => `  --cache-from ${ref} \\`),
      `  --cache-to ${exportCache(refs)} …`,
    ];
  switch (option) {
    case 'buildkit':
      return buildkitByHand(job, repository, settings);
    case 'kaniko':
      return kanikoCache(refs, settings.ttl);
    case 'buildkit-rootless':
      return [
        ...importCaches(refs).map((ref) => `--import-cache ${ref}`),
        `--export-cache ${exportCache(refs)}`,
      ];
    case 'buildah':
      return buildahCache(refs, settings.ttl);
  }
}

/** In the place of `docker build` and `docker push`. */
export function buildkitByHand(
  job: ImageJob,
  repository: string | undefined,
  settings: LayerSettings,
): readonly string[] {
  const refs = refsOf(repository);
  return [
    ...builderLines({ ...job, steps: [] }, settings).inserted,
    'docker buildx build \\',
    ...importCaches(refs).map((ref) => `  --cache-from ${ref} \\`),
    `  --cache-to ${exportCache(refs)} \\`,
    '  --provenance=false --push … .',
  ];
}

/** A second file for the job alone: on a developer’s machine the first would fail, where Docker’s own driver exports no cache. */
function composeByHand(
  job: ImageJob,
  repository: string | undefined,
  settings: LayerSettings,
): readonly string[] {
  const services = job.problem?.services ?? ['SERVICE'];
  return [
    '# compose.cache.yaml',
    'services:',
    ...services.flatMap((service) => {
      const refs = refsOf(repository, services.length > 1 ? `/${service}` : '');
      return [
        `  ${service}:`,
        '    build:',
        '      cache_from:',
        ...importCaches(refs).map((ref) => `        - ${ref}`),
        '      cache_to:',
        `        - ${exportCache(refs)}`,
      ];
    }),
    '# in the job, with each file named',
    ...builderLines(job, settings).inserted,
    `docker compose${(job.problem?.paths ?? ['compose.yaml']).map((path) => ` -f ${path}`).join('')} -f compose.cache.yaml build`,
  ];
}

function refsOf(given: string | undefined, below = ''): CacheRefs {
  const repository = `${given ?? '$CI_REGISTRY_IMAGE/cache'}${below}`;
  return {
    repository,
    own: `${repository}:$CI_COMMIT_REF_SLUG-$CI_COMMIT_REF_PROTECTED`,
    shared: `${repository}:$CI_DEFAULT_BRANCH-true`,
  };
}

function bare(quoted: string): string {
  return quoted.replace(/^"|"$/g, '');
}
