import { parseLabel } from '../../../core/bazelRemote/deployment.ts';
import { label as settingsLabel } from '../../../core/host/label.ts';
import { fieldsOf, parseJson } from '../../../core/host/sections.ts';
import { plain } from '../../../core/text/safe.ts';
import { runReading } from '../../../services/process/run.ts';

/** Where the cache of a cluster is; the settings of the step that waits for it. */
export interface ClusterReady extends Record<string, string> {
  /** Of kubectl; empty for its own. */
  context: string;
  namespace: string;
  name: string;
}

type Argv = [string, ...string[]];

/** The words that call kubectl on one cluster. */
export function kubectl(context: string | undefined, ...args: string[]): Argv {
  return [
    'kubectl',
    ...(context === undefined ? [] : [`--context=${context}`]),
    '--request-timeout=10s',
    ...args,
  ];
}

/** What was found of a cluster, and of one deployment in it. */
export interface ClusterSurvey {
  /** Undefined when kubectl is not there. */
  readonly client?: string;
  readonly server: { readonly version: string } | { readonly saw: string };
  readonly hasNamespace: boolean;
  /** What kubectl says one may not do. */
  readonly forbidden: readonly string[];
  readonly storageClasses: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly deployment: Found;
  readonly claim: Found;
  readonly service: Found;
}

/** An object, with the settings that it was made with where it was made here. */
export type Found =
  | { readonly state: 'absent' }
  | { readonly state: 'there'; readonly settings?: Readonly<Record<string, string>> }
  | { readonly state: 'unknown'; readonly saw: string };

/** Looks around with kubectl on this machine. Reads only. */
export async function surveyCluster(
  {
    context,
    namespace,
    name,
  }: { readonly context?: string; readonly namespace: string; readonly name: string },
  signal?: AbortSignal,
): Promise<ClusterSurvey> {
  const ask = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    runReading(kubectl(context, ...args), { timeout: 15_000, ...(signal ? { signal } : {}) });
  const nothing = { state: 'unknown', saw: 'it was not asked' } as const;
  const none = {
    server: { saw: 'kubectl is not installed here, or not on PATH' },
    hasNamespace: false,
    forbidden: [],
    storageClasses: [],
    deployment: nothing,
    claim: nothing,
    service: nothing,
  };
  const version = await ask('version', '--output=json').catch(() => undefined);
  if (!version) return none;
  const told = fieldsOf(parseJson(version.stdout));
  const client = word(fieldsOf(told?.clientVersion)?.gitVersion);
  const server = word(fieldsOf(told?.serverVersion)?.gitVersion);
  if (server === '') {
    const saw = plain(version.stderr.trim().split('\n').at(-1) ?? '', 300);
    return { ...none, client, server: { saw: saw || 'no version of a server' } };
  }
  const object = async (kind: string): Promise<Found> =>
    foundIn(await ask('get', kind, name, `--namespace=${namespace}`, '--ignore-not-found', '--output=json'));
  const may = async (resource: string): Promise<string[]> => {
    const { code } = await ask('auth', 'can-i', 'create', resource, `--namespace=${namespace}`, '--quiet');
    return code === 0 ? [] : [`create ${resource}`];
  };
  const [space, classes, deployment, claim, service, ...forbidden] = await Promise.all([
    ask('get', 'namespace', namespace, '--ignore-not-found', '--output=name'),
    ask('get', 'storageclass', '--output=json'),
    object('deployment'),
    object('persistentvolumeclaim'),
    object('service'),
    may('deployments.apps'),
    may('services'),
    may('persistentvolumeclaims'),
  ]);
  return {
    client,
    server: { version: server },
    hasNamespace: space.code === 0 && space.stdout.trim() !== '',
    forbidden: forbidden.flat(),
    storageClasses: classesIn(classes.stdout),
    deployment,
    claim,
    service,
  };
}

function foundIn({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): Found {
  if (code !== 0) return { state: 'unknown', saw: plain(stderr.trim(), 300) };
  if (stdout.trim() === '') return { state: 'absent' };
  const metadata = fieldsOf(fieldsOf(parseJson(stdout))?.metadata);
  const text = fieldsOf(metadata?.annotations)?.[settingsLabel];
  const settings = typeof text === 'string' ? parseLabel(text) : undefined;
  return { state: 'there', ...(settings ? { settings } : {}) };
}

function classesIn(text: string): { name: string; isDefault: boolean }[] {
  const items = fieldsOf(parseJson(text))?.items;
  return (Array.isArray(items) ? items : []).flatMap((item) => {
    const metadata = fieldsOf(fieldsOf(item)?.metadata);
    const name = word(metadata?.name);
    const mark = fieldsOf(metadata?.annotations)?.['storageclass.kubernetes.io/is-default-class'];
    return name === '' ? [] : [{ name, isDefault: mark === 'true' }];
  });
}

function word(value: unknown): string {
  return typeof value === 'string' ? plain(value, 200) : '';
}
