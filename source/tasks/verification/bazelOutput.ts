import { parseBuildCount } from '../../core/bazelRemote/clientFlags.ts';

/** Where the actions of one build came from. */
export interface BazelHits {
  /** Beyond Bazel's own. */
  readonly actions: number;
  readonly remote: number;
  readonly disk: number;
}

/** From the line `INFO: 11 processes: 6 remote cache hit, 2 disk cache hit, 3 internal.`; undefined without one. */
export function parseBazelHits(output: string): BazelHits | undefined {
  const count = parseBuildCount(output);
  return count && { actions: count.actions, remote: count.remoteHits, disk: count.diskHits };
}

/** `5 of 8 actions from a cache (3 remote, 2 disk)`. */
export function hitsText({ actions, remote, disk }: BazelHits): string {
  if (actions === 0) return 'no action was to be done';
  return `${remote + disk} of ${actions} actions from a cache (${remote} remote, ${disk} disk)`;
}
