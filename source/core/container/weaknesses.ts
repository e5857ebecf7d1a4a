import type { ImageJob } from './imageJob.ts';

/** What makes a layer cache that is there worth less than it could be, a line each. */
export function weaknesses({ job, images }: ImageJob): string[] {
  const found = images.flatMap(({ spec }) =>
    spec.tool === 'kaniko' || spec.tool === 'buildah'
      ? []
      : spec.cacheTo.flatMap(({ text }) => {
          if (!/(?:^|,)type=registry\b/.test(text)) return [];
          const ref = /(?:^|,)ref=([^,]+)/.exec(text)?.[1] ?? '';
          return [
            ...(/(?:^|,)mode=max\b/.test(text)
              ? []
              : [
                  `${job.name} keeps the layers of the last stage only: add mode=max to the cache that it writes`,
                ]),
            ...(/\$\{?CI_(?:COMMIT_(?:REF|BRANCH)|MERGE_REQUEST_SOURCE)/.test(ref)
              ? []
              : [
                  `${job.name} has one cache for all branches (${ref}): the last to end wins, and any branch changes what the default branch builds from`,
                ]),
            ...(/(?:^|,)ignore-error=true\b/.test(text)
              ? []
              : [`${job.name} fails when the cache cannot be written: add ignore-error=true`]),
          ];
        }),
  );
  return [...new Set(found)];
}
