import type { TaskOption } from '../task.ts';

const byHand = 'It needs accounts that this program does not have.';

/** Ways to keep the entries. One machine is what the plan asks for; the others are for teams that outgrow it. */
export const bazelRemoteOptions: readonly TaskOption[] = [
  {
    name: 'local-disk',
    title: 'bazel-remote in a container, its entries on the host’s disk',
    tradeOff:
      'One machine, nothing else to pay or to run; its disk is the limit, and it is down when the machine is.',
    possible: true,
    because: 'As planned.',
    recommended: true,
  },
  {
    name: 's3',
    title: 'The same, with S3 behind it',
    tradeOff:
      'Entries outlive the machine, and several of them can share; each miss costs a request. Flags to add: --s3.endpoint=HOST --s3.bucket=BUCKET --s3.auth_method=iam_role.',
    possible: false,
    because: `${byHand} Run it by hand with these flags.`,
    recommended: false,
  },
  {
    name: 'gcs',
    title: 'The same, with Google Cloud Storage behind it',
    tradeOff: 'As with S3. Flags to add: --gcs_proxy.bucket=BUCKET --gcs_proxy.use_default_credentials.',
    possible: false,
    because: `${byHand} Run it by hand with these flags.`,
    recommended: false,
  },
  {
    name: 'kubernetes',
    title: 'A StatefulSet with a volume',
    tradeOff:
      'Comes back on another node by itself; needs a cluster with storage. Name neither it nor its Service bazel-remote: the variables that Kubernetes sets for that name are taken for flags.',
    possible: false,
    because:
      'No cluster is known. kubectl create with the image, BAZEL_REMOTE_MAX_SIZE, and a claim at /data.',
    recommended: false,
  },
];
