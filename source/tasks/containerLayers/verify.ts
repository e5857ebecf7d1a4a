import { settle } from '../../core/ci/checks/imageRefs.ts';
import type { ImageJob } from '../../core/container/imageJob.ts';
import { isCached } from '../../core/container/rewrite.ts';
import { atLeast, type Evidence } from '../../core/evidence.ts';
import { duration } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Connected } from '../../services/workspace.ts';
import { likeCache } from '../probe.ts';
import { verifyCiChange } from '../rollout/verify.ts';
import type { Known, Probe, Verifying } from '../task.ts';
import { imageRuns } from './cachedRuns.ts';
import { lookAround, taskName } from './look.ts';
import { marksFor, optionFor } from './marks.ts';

/** Where the layer cache stands, as the caches' row has it. */
export function probe(known: Known): Probe {
  return likeCache(known, 'cache/container-layers');
}

/** Looks whether the registry holds the cache, whether the last builds took layers from it, and what they take now. */
export async function verify(verifying: Verifying): Promise<Probe> {
  const { workspace, known, signal } = verifying;
  const seen = probe(known);
  const { jobs } = await lookAround(verifying);
  if (!atLeast(seen.rung, 'present'))
    return verifyCiChange(verifying, seen, { task: taskName, jobs: jobs.map(({ job }) => job.name) });
  const cached = jobs.filter(isCached);
  const at = new Date(workspace.now()).toISOString();
  const held = await inRegistry(workspace.gitlab, cached, at, signal);
  const marks = cached.flatMap((job) => marksFor([job.job.name], optionFor(job.images[0]?.spec.tool)));
  const runs = await imageRuns(workspace, marks, signal);
  const served = cached.flatMap(
    ({ job }) => runs.find((run) => run.job === job.name && run.shows.length > 0) ?? [],
  );
  const evidence: Evidence[] = [
    ...served.map(({ job, pipeline, ref, at: when, shows, duration: took }) => ({
      at: when || at,
      source: `log of ${plain(job)} in pipeline ${pipeline} on ${plain(ref)}`,
      saw: `it shows ${shows.join(', ')}, after ${duration(took)}`,
    })),
    ...(held ? [held] : []),
    ...seen.evidence,
  ];
  const isProven = cached.length > 0 && served.length === cached.length;
  const rung = isProven ? 'proven' : held?.isThere && atLeast(seen.rung, 'valid') ? 'reachable' : seen.rung;
  const names = cached.map(({ job }) => job.name);
  return verifyCiChange(verifying, { ...seen, rung, evidence }, { task: taskName, jobs: names, marks });
}

/** The tags of the cache's repositories; undefined where the registry could not be asked. */
async function inRegistry(
  gitlab: Connected<GitLab>,
  jobs: readonly ImageJob[],
  at: string,
  signal: AbortSignal | undefined,
): Promise<(Evidence & { readonly isThere: boolean }) | undefined> {
  if ('off' in gitlab || jobs.length === 0) return undefined;
  const { service } = gitlab;
  try {
    const wanted = new Set(jobs.flatMap(repositoriesOf));
    const found = (await service.registry(signal)).filter(({ path }) =>
      [...wanted].some((below) => isBelow(path, `${service.projectPath.toLowerCase()}${below}`)),
    );
    const tags = (
      await Promise.all(
        found.map(async ({ id, path }) =>
          (await service.registryTags(id, signal)).map((tag) => `${plain(path)}:${plain(tag)}`),
        ),
      )
    ).flat();
    const source = 'the project’s container registry';
    return tags.length === 0
      ? { at, source, saw: 'no cache is in it yet: the first build that ends writes one', isThere: false }
      : {
          at,
          source,
          saw: `it holds ${tags.slice(0, 4).join(', ')}${tags.length > 4 ? ' and more' : ''}`,
          isThere: true,
        };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
    return undefined;
  }
}

/** Repositories that the job writes its cache to, below the project's: `/cache`. A part that only a job knows ends it. */
function repositoriesOf({ images, variables }: ImageJob): string[] {
  return images.flatMap(({ spec }) =>
    spec.cacheTo.flatMap(({ text }) => {
      const ref = /(?:^|,)ref=([^,]+)/.exec(text)?.[1] ?? text;
      const whole = settle(ref, variables).replace(/\$\{(\w+)\}/g, '$$$1');
      const below = /^\$CI_REGISTRY_IMAGE(\/[^:$]*)/.exec(whole)?.[1];
      return below === undefined ? [] : [below.replace(/\/$/, '')];
    }),
  );
}

function isBelow(path: string, repository: string): boolean {
  return path === repository || path.startsWith(`${repository}/`);
}
