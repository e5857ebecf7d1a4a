import type { ClusterDeployment } from '../../../core/bazelRemote/manifest.ts';
import { planned, plannedImage } from '../../../core/bazelRemote/proposals.ts';
import type { Preflight, TaskSetting } from '../../task.ts';
import { type ChosenClient, chooseClient } from '../chooseClient.ts';
import { taking } from '../taking.ts';

/** What is chosen for a cluster. */
export interface ClusterChoice extends ChosenClient {
  readonly context?: string;
  readonly deployment: ClusterDeployment;
  readonly endpoint: string;
  /** Whether undo removes the claim, and the data with it. */
  readonly removesClaim: boolean;
}

export interface ClusterChoosing {
  readonly chosen: ClusterChoice;
  readonly settings: readonly TaskSetting[];
  readonly problems: readonly Preflight[];
}

/** Where the objects are: asked for before the cluster is. */
export function placeOf(given: Readonly<Record<string, string>>): {
  readonly context?: string;
  readonly namespace: string;
  readonly name: string;
} {
  const takes = taking(given, {});
  const context = takes.take('context');
  return {
    ...(context === undefined ? {} : { context }),
    namespace: takes.always('namespace', { value: 'bazel-cache', because: 'of its own' }),
    name: clusterName(given.name),
  };
}

export function chooseCluster(
  given: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
  bazel: string | undefined,
): ClusterChoosing {
  const takes = taking(given, there);
  const { take, always } = takes;
  const context = take('context');
  const namespace = always('namespace', { value: 'bazel-cache', because: 'of its own' });
  const name = always('name', {
    value: clusterName(undefined),
    because:
      'not bazel-remote: the variables that Kubernetes sets for a service of that name are taken for flags',
  });
  const storageClass = take('storage-class');
  const memory = take('memory');
  const cpus = take('cpus');
  const deployment: ClusterDeployment = {
    name,
    namespace,
    image: always('image', { value: there.image ?? plannedImage, because: 'a release of the plan’s image' }),
    size: Number(always('size', { value: planned.size, because: 'as planned; the claim is a tenth larger' })),
    hasMetrics: always('metrics', { value: 'on', because: 'the plan leaves them off' }) === 'on',
    service: always('service', {
      value: 'ClusterIP',
      because:
        'only the cluster reaches it, such as runners in it; NodePort and LoadBalancer let everybody write who reaches them',
    }) as ClusterDeployment['service'],
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
  };
  const removesClaim =
    always('claim', { value: 'keep', because: 'undo keeps the data; remove takes them too' }) === 'remove';
  const host = always('endpoint', {
    value: `${name}.${namespace}.svc.cluster.local`,
    because: 'its name within the cluster; set what reaches it from where builds run',
  });
  const endpoint = `grpc://${host}:9092`;
  return {
    settings: takes.settings,
    problems: withProblems(takes.problems(), name),
    chosen: {
      ...(context === undefined ? {} : { context }),
      deployment,
      endpoint,
      removesClaim,
      ...chooseClient(takes, { endpoint, ...(bazel === undefined ? {} : { bazel }) }),
    },
  };
}

function withProblems(problems: readonly Preflight[], name: string): readonly Preflight[] {
  const isOdd = name === 'bazel-remote' || !/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  if (!isOdd) return problems;
  const odd: Preflight = {
    id: 'set-name',
    title: 'name',
    state: 'problem',
    saw:
      name === 'bazel-remote'
        ? 'Kubernetes would set BAZEL_REMOTE_PORT and others for it, which the program takes for flags'
        : 'it is no name of a service: small letters, digits and `-`, beginning with a letter',
    fix: '--set name=bazel-cache',
  };
  return [...problems, odd];
}

function clusterName(given: string | undefined): string {
  return given !== undefined && /^[a-z][a-z0-9-]{0,62}$/.test(given) ? given : 'bazel-cache';
}
