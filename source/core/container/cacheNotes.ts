import type { ImageJob } from './imageJob.ts';
import type { Daemonless } from './layerOption.ts';
import { programOf } from './step.ts';

/** What somebody should know of the cache of a builder that keeps one repository of layers, a line each. */
export function cacheNotes({ job: { name }, images }: ImageJob, option: Daemonless): string[] {
  if (option === 'buildkit-rootless') return [];
  const shared = `${name}: the cache is one repository for all branches, each layer named by what it is made of; only that keeps a branch from changing what the default branch reads.`;
  if (option === 'kaniko') return [shared];
  const isOwn = images.every(({ spec }) => spec.tool === 'buildah');
  const isPodman = images.some(({ step }) => programOf(step) === 'podman');
  return [
    shared,
    `${name}: a registry that refuses the cache fails the build: Buildah has no word for going on without it.`,
    ...(isOwn
      ? [
          `${name}: its ${isPodman ? 'Podman has to be 4.4 or newer, which has Buildah 1.29' : 'Buildah has to be 1.29 or newer'}: 1.27 and 1.28 find no layer behind an ARG, older ones none.`,
        ]
      : []),
  ];
}
