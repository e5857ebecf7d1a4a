import type { ImageJob } from '../../core/container/imageJob.ts';
import type { LayerOption } from '../../core/container/layerOption.ts';
import { plain } from '../../core/text/safe.ts';
import type { Known, Preflight } from '../task.ts';
import type { ImageRun } from './cachedRuns.ts';
import type { Looked } from './look.ts';

/** What is known of the runners that take an image job. */
export interface Takers {
  readonly job: string;
  readonly tags: readonly string[];
  /** Names of those that are online and carry the tags; undefined when runners are not known. */
  readonly runners?: readonly string[];
  /** A run of it with a Docker service that succeeded: what privileged containers need is there. */
  readonly ran?: string;
}

/** Who would take an image job, by its tags and by what ran before. */
export function takersOf(
  { job, daemon }: ImageJob,
  { reading }: Looked,
  known: Known,
  runs: readonly ImageRun[],
): Takers {
  const tags = [...reading.sets.values()]
    .flatMap(({ jobs }) => jobs)
    .find(({ definition }) => definition.name === job.name)?.tags;
  const all = known.runners.value?.runners;
  const isKnown = all?.every((runner) => runner.tags !== undefined) === true;
  const runners = (all ?? [])
    .filter(({ status, paused }) => status === 'online' && !paused)
    .filter(({ tags: own = [], runUntagged }) =>
      (tags ?? []).length === 0 ? runUntagged === true : (tags ?? []).every((tag) => own.includes(tag)),
    )
    .map(({ description, id }) => plain(description || String(id)));
  const run = runs.find((one) => one.job === job.name);
  const on = run?.runner === undefined ? '' : ` on ${plain(run.runner)}`;
  return {
    job: job.name,
    tags: tags ?? [],
    ...(isKnown ? { runners } : {}),
    ...(run && daemon.kind === 'service' ? { ran: `pipeline ${run.pipeline}${on}` } : {}),
  };
}

/** The runners of a job as a line of what was looked at. */
export function takerLine(takers: Takers, option: LayerOption): Preflight {
  const { job, tags, runners, ran } = takers;
  const base = { id: `runners-${job}`, title: `Runners of ${job}` };
  const carried = tags.length === 0 ? 'without tags' : `with ${tags.join(', ')}`;
  if (runners?.length === 0)
    return {
      ...base,
      state: 'warning',
      saw: `no runner ${carried} is online`,
      fix: 'Bring one online, or change the job’s tags.',
    };
  const who = runners ? runners.slice(0, 4).join(', ') : `runners ${carried}, which are not known here`;
  const isSeen = option === 'kaniko' || (option === 'buildkit' && ran !== undefined);
  return { ...base, state: isSeen ? 'fine' : 'unknown', saw: `${who}: ${needOf(option, takers)}` };
}

/** What a way needs of a runner, and whether that was seen. GitLab does not tell whether a runner is privileged. */
export function needOf(option: LayerOption, { ran }: Takers): string {
  switch (option) {
    case 'buildkit':
      return ran === undefined
        ? 'a Docker daemon; as a service it needs privileged containers, and whether they are allowed GitLab does not tell'
        : `a Docker service, which worked in ${ran}`;
    case 'kaniko':
      return 'no privileges; root in the container, and memory for a whole snapshot';
    default:
      return 'no daemon, but user namespaces (seccomp and AppArmor must allow unshare and mount), which only a trial shows';
  }
}
