import { beyond } from '../../core/container/beyond.ts';
import { builderImages, type LayerOption, layerOptions } from '../../core/container/layerOption.ts';
import { isCached, toolOf } from '../../core/container/rewrite.ts';
import type { Planning, TaskOption } from '../task.ts';
import { imageRuns } from './cachedRuns.ts';
import { refusalText } from './checks.ts';
import { answerOf, type Looked, lookAround } from './look.ts';
import { marksFor } from './marks.ts';
import { needOf, takersOf } from './runners.ts';

const titles: Readonly<Record<LayerOption, string>> = {
  buildkit: 'BuildKit with a cache in the registry (the plan’s option A, corrected)',
  kaniko: 'Kaniko (the plan’s option B, corrected)',
  'buildkit-rootless': 'BuildKit without root or daemon',
  buildah: 'Buildah',
};

const tradeOffs: Readonly<Record<LayerOption, string>> = {
  buildkit:
    'Keeps Docker, its login and its flags; all stages are cached. Needs the Docker service that the job has. Costs storage for one cache a branch, and a registry with its own certificate authority must be told to the builder and to buildx.',
  kaniko:
    'No privileges needed. Archived since June 2025: no fixes, not for security either. Caches RUN layers only, one repository for all branches, needs root and much memory. Costs storage until a cleanup policy ends it.',
  'buildkit-rootless':
    'GitLab’s own replacement for Kaniko; all stages are cached, and a cache a branch. Needs user namespaces of the runner, and no line may need Docker. Costs storage for one cache a branch.',
  buildah:
    'The flags stay nearly the same; no daemon. Slow with the vfs storage that works everywhere, one cache repository for all branches, and a build that cannot write there fails. Needs user namespaces. Costs storage until a cleanup policy ends it.',
};

/** The ways, each with what it needs here, and the one that is recommended. */
export async function options(planning: Omit<Planning, 'choice'>): Promise<readonly TaskOption[]> {
  const looked = await lookAround(planning);
  const best = recommended(looked);
  const [job] = looked.jobs;
  const marks = marksFor(job ? [job.job.name] : [], 'buildkit');
  const runs = await imageRuns(planning.workspace, marks, planning.signal);
  const first = job && takersOf(job, looked, planning.known, runs);
  return layerOptions.map((name): TaskOption => {
    const answer = answered(looked, name);
    const isPossible = answer.changed.length > 0 || isDone(looked, name);
    const needs = first
      ? `Needs of ${first.runners?.join(', ') || 'the runner'}: ${needOf(name, first)}.`
      : '';
    const [refusal] = answer.refused;
    const not =
      looked.jobs.length === 0
        ? ['No job builds an image', ...beyond(looked.reading.configuration, looked.checkout)].join('; ')
        : refusal && `${refusal.job}: ${refusalText(refusal)}.`;
    const some = isPossible && refusal ? `Not ${refusal.job}: ${refusalText(refusal)}.` : '';
    const byHand = isPossible || !refusal ? [] : refusal.paste;
    const because = [
      ...(name === best.name ? [best.because] : []),
      ...(isPossible ? [needs, some] : [not ?? 'Nothing is left to do.']),
    ];
    return {
      name,
      title: titles[name],
      tradeOff: tradeOffs[name],
      possible: isPossible,
      because: because.filter(Boolean).join(' '),
      ...(byHand.length > 0 ? { byHand } : {}),
      recommended: name === best.name,
    };
  });
}

/** The way that is recommended here, and why; exactly one. */
export function recommended(looked: Looked): { readonly name: LayerOption; readonly because: string } {
  const { jobs } = looked;
  const used = layerOptions.find((name) => jobs.length > 0 && isDone(looked, name));
  if (used) return { name: used, because: 'The image jobs do so already.' };
  const gains = (name: LayerOption): number => answered(looked, name).changed.length;
  const most = Math.max(...layerOptions.map(gains));
  const isBest = (name: LayerOption): boolean => most > 0 && gains(name) === most;
  const hasDaemon = jobs.some(({ daemon }) => daemon.kind !== 'none');
  if (hasDaemon && isBest('buildkit'))
    return {
      name: 'buildkit',
      because:
        'Recommended: the job has a Docker daemon already, so the fewest lines change, and nothing new is asked of the runner. The plan recommends Kaniko, which is archived.',
    };
  const isBuildah = jobs.every(({ images }) => images.every(({ spec }) => spec.tool === 'buildah'));
  if (isBuildah && isBest('buildah'))
    return {
      name: 'buildah',
      because:
        'Recommended: the job builds with Buildah already, or with Podman, which has it within, so the fewest lines change, and nothing new is asked of the runner. Rootless BuildKit would keep a cache a branch.',
    };
  if (isBest('buildkit-rootless'))
    return {
      name: 'buildkit-rootless',
      because:
        'Recommended: no Docker daemon is beside the job, and of the builders without one this is maintained and keeps all stages.',
    };
  if (isBest('buildah'))
    return {
      name: 'buildah',
      because: 'Recommended: its commands only go with Buildah.',
    };
  if (isBest('kaniko'))
    return {
      name: 'kaniko',
      because: 'Recommended only because nothing else is possible for these jobs: it is archived.',
    };
  return { name: 'buildkit', because: 'Would be recommended, were it possible.' };
}

function answered(looked: Looked, option: LayerOption): ReturnType<typeof answerOf> {
  const selected = new Set(looked.jobs.map(({ job }) => job.name));
  return answerOf(looked, { option, selected, settings: { images: builderImages, ttl: '168h' } });
}

/** All image jobs that can be read have a cache of this way. */
function isDone({ jobs }: Looked, option: LayerOption): boolean {
  const readable = jobs.filter(({ problem }) => problem === undefined);
  return (
    readable.length > 0 &&
    readable.every((job) => isCached(job) && job.images.every(({ spec }) => spec.tool === toolOf[option]))
  );
}
