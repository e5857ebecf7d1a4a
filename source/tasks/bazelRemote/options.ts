import type { TaskOption } from '../task.ts';

/** Where the cache runs. One machine is what the plan asks for; a cluster is for teams that outgrow it. */
export const bazelRemoteOptions: readonly TaskOption[] = [
  {
    name: 'local-disk',
    title: 'bazel-remote on one machine, its entries on the disk',
    tradeOff:
      'Nothing else to pay or to run; its disk is the limit, and it is down when the machine is. With backend=s3, gcs or azure entries outlive the machine and several of them can share.',
    possible: true,
    because: 'As planned.',
    recommended: true,
  },
  {
    name: 'kubernetes',
    title: 'bazel-remote in a cluster, its entries on a claimed volume',
    tradeOff:
      'Comes back on another node by itself where the storage does; needs a cluster with storage, and kubectl here. No TLS and no logins: whoever reaches the service may write.',
    possible: true,
    because: 'With the context that kubectl has, or --set context=NAME.',
    recommended: false,
  },
];

/** True for the option that is a cluster. */
export function isCluster(option: string | undefined): boolean {
  return option === 'kubernetes';
}
