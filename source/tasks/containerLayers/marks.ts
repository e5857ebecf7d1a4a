import type { LayerOption } from '../../core/container/layerOption.ts';
import type { BuildTool } from '../../core/container/spec.ts';
import type { LogMark } from '../rollout/change.ts';

/**
 * What each builder prints when layers came from the cache. BuildKit says that it imports a manifest before it knows whether
 * there is one: a manifest whose type was found shows that there was. CACHED and `Using cache` stand also for steps that the
 * same job built before, for another stage or image, and Buildah can pull a layer without a use for it.
 */
type Marks = readonly Omit<LogMark, 'job'>[];

const manifest = '#\\d+ inferred cache manifest type';
const buildkit: Marks = [
  {
    pattern: '^(?:\\S+Z \\S+ )?#\\d+ CACHED\\s*$',
    with: manifest,
    shows: 'layers from the cache (CACHED)',
  },
  { pattern: manifest, shows: 'the cache’s manifest' },
];

const patterns: Readonly<Record<LayerOption, Marks>> = {
  buildkit,
  'buildkit-rootless': buildkit,
  kaniko: [{ pattern: 'Using caching version of cmd|Found cached layer', shows: 'layers from the cache' }],
  buildah: [{ pattern: '--> Using cache', with: 'Cache pulled from remote', shows: 'layers from the cache' }],
};

export function marksFor(jobs: readonly string[], option: LayerOption): LogMark[] {
  return jobs.flatMap((job) => patterns[option].map((mark) => ({ job, ...mark })));
}

/** The way that a tool belongs to. */
export function optionFor(tool: BuildTool | undefined): LayerOption {
  switch (tool) {
    case 'kaniko':
      return 'kaniko';
    case 'buildkit':
      return 'buildkit-rootless';
    case 'buildah':
      return 'buildah';
    default:
      return 'buildkit';
  }
}
