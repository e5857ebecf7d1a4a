import { label } from '../host/label.ts';

/** One bazel-remote in a cluster. Every value has passed the checks of `values.ts`. */
export interface ClusterDeployment {
  /** Of all its objects; not `bazel-remote`, whose variables of services the program would take for flags. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** GiB. */
  readonly size: number;
  readonly hasMetrics: boolean;
  readonly service: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  readonly storageClass?: string;
  /** As docker writes it: `4g`. */
  readonly memory?: string;
  readonly cpus?: string;
}

/** An object of Kubernetes, as the API takes it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** What runs in the cluster as settings, kept with its objects. */
export function clusterLabel(deployment: ClusterDeployment): string {
  const { image, size, hasMetrics, service, storageClass, memory, cpus } = deployment;
  return JSON.stringify({
    ...(cpus === undefined ? {} : { cpus }),
    image,
    ...(memory === undefined ? {} : { memory }),
    metrics: hasMetrics ? 'on' : 'off',
    service,
    size: String(size),
    ...(storageClass === undefined ? {} : { 'storage-class': storageClass }),
  });
}

/** The same for the claim, which only its size and its class concern. */
export function claimLabel({ size, storageClass }: ClusterDeployment): string {
  return JSON.stringify({
    size: String(size),
    ...(storageClass === undefined ? {} : { 'storage-class': storageClass }),
  });
}

export function namespaceObject(namespace: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
}

/** The claim for the data: a tenth more than the cache takes, so that it evicts before the file system is full. */
export function claimObject(deployment: ClusterDeployment): KubernetesObject {
  const { size, storageClass } = deployment;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(deployment, claimLabel(deployment)),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: `${Math.ceil((size * 11) / 10)}Gi` } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}

/** The program and the service before it. One at a time: two must not write into one folder. */
export function runningObjects(deployment: ClusterDeployment): KubernetesObject[] {
  const { name, image, service } = deployment;
  const labels = { 'app.kubernetes.io/name': name };
  const variables = [
    { name: 'BAZEL_REMOTE_MAX_SIZE', value: String(deployment.size) },
    ...(deployment.hasMetrics ? [{ name: 'BAZEL_REMOTE_ENABLE_ENDPOINT_METRICS', value: 'true' }] : []),
  ];
  const status = { httpGet: { path: '/status', port: 'http' } };
  const container = {
    name: 'cache',
    image,
    env: variables,
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'grpc', containerPort: 9092 },
    ],
    startupProbe: { ...status, periodSeconds: 5, failureThreshold: 120 },
    livenessProbe: { ...status, periodSeconds: 20, timeoutSeconds: 5 },
    readinessProbe: { grpc: { port: 9092 }, periodSeconds: 10, timeoutSeconds: 5 },
    resources: resourcesOf(deployment),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const pod = {
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadataOf(deployment),
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(deployment),
      spec: {
        type: service,
        selector: labels,
        ports: [
          { name: 'http', port: 8080, targetPort: 'http' },
          { name: 'grpc', port: 9092, targetPort: 'grpc' },
        ],
      },
    },
  ];
}

/** Objects as kubectl reads them. */
export function manifest(objects: readonly KubernetesObject[]): string {
  return `${objects.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n')}\n`;
}

function metadataOf(
  deployment: ClusterDeployment,
  settings = clusterLabel(deployment),
): KubernetesObject['metadata'] {
  const { name, namespace } = deployment;
  return {
    name,
    namespace,
    labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/managed-by': label },
    annotations: { [label]: settings },
  };
}

function resourcesOf({ memory, cpus }: ClusterDeployment): Record<string, Record<string, string>> {
  const limits = {
    ...(memory === undefined ? {} : { memory: quantity(memory) }),
    ...(cpus === undefined ? {} : { cpu: cpus }),
  };
  const requests = {
    memory: memory === undefined ? '512Mi' : quantity(memory),
    cpu: cpus !== undefined && Number(cpus) < 0.25 ? cpus : '250m',
  };
  return { requests, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

/** `4g` of docker is `4Gi` of Kubernetes. */
function quantity(memory: string): string {
  const [, number = '', unit = ''] = /^(\d+)([bkmg]?)$/i.exec(memory) ?? [];
  const units: Readonly<Record<string, string>> = { b: '', k: 'Ki', m: 'Mi', g: 'Gi' };
  return `${number}${units[unit.toLowerCase()] ?? ''}`;
}
