import type { LayerOption } from '../../core/container/layerOption.ts';
import type { BuildTool } from '../../core/container/spec.ts';
import type { LogMark } from '../rollout/change.ts';

/**
 * What each builder prints when layers came from the cache. BuildKit says that it imports a manifest before it knows whether
 * there is one: only a layer that is CACHED, or a manifest whose type was found, shows that there was.
 */
const patterns: Readonly<
  Record<LayerOption, readonly { readonly pattern: string; readonly shows: string }[]>
> = {
  buildkit: [
    { pattern: '^(?:\\S+Z \\S+ )?#\\d+ CACHED\\s*$', shows: 'layers from the cache (CACHED)' },
    { pattern: '#\\d+ inferred cache manifest type', shows: 'the cache’s manifest' },
  ],
  'buildkit-rootless': [
    { pattern: '^(?:\\S+Z \\S+ )?#\\d+ CACHED\\s*$', shows: 'layers from the cache (CACHED)' },
    { pattern: '#\\d+ inferred cache manifest type', shows: 'the cache’s manifest' },
  ],
  kaniko: [{ pattern: 'Using caching version of cmd|Found cached layer', shows: 'layers from the cache' }],
  buildah: [{ pattern: 'Cache pulled from remote|--> Using cache', shows: 'layers from the cache' }],
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
