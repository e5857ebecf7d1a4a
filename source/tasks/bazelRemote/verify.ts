import { X509Certificate } from 'node:crypto';
import { parseLabel } from '../../core/bazelRemote/deployment.ts';
import { isAny, isTailnet, planned } from '../../core/bazelRemote/proposals.ts';
import type { Evidence, Rung } from '../../core/evidence.ts';
import { known } from '../../core/known.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Place } from '../engine/place.ts';
import { likeCache } from '../probe.ts';
import type { Planning, Probe } from '../task.ts';
import type { ClusterReady } from './kubernetes/cluster.ts';
import { clusterReady } from './kubernetes/ready.ts';
import { clusterOf } from './kubernetes/verify.ts';
import { addressesOf, answersOf, illness, inspect, lookAt, readAuthority, trustOf } from './ready.ts';
import { openSite, type Site } from './site.ts';
import { readEntries, storeEntries } from './store.ts';

/** What is looked with, and where what was seen is put. */
interface Looking {
  readonly workspace: Workspace;
  readonly signal: AbortSignal | undefined;
  readonly add: (source: string, saw: string) => void;
}

/** Looks at the container, both ports, and whether an entry comes back; says which places were not tested. */
export async function verifyBazelRemote({
  workspace,
  known,
  signal,
}: Omit<Planning, 'choice'>): Promise<Probe> {
  const { findings, evidence: seen } = likeCache(known, 'cache/bazel-remote');
  const evidence: Evidence[] = [];
  const add = (source: string, saw: string): void => {
    evidence.push({ at: new Date(workspace.now()).toISOString(), source, saw });
  };
  const cluster = clusterOf(workspace);
  const looking = { workspace, signal, add };
  const rung = cluster ? await lookAtCluster(cluster, looking) : await lookAtHost(looking);
  return { rung, evidence: [...evidence, ...seen], findings };
}

async function lookAtCluster(cluster: ClusterReady, { workspace, signal, add }: Looking): Promise<Rung> {
  const { isReady, saw } = await clusterReady(workspace, cluster, signal);
  add(`kubectl from this machine, ${cluster.name} in ${cluster.namespace}`, saw);
  add('not tested', 'the service from where builds run: nobody but a pod or a job sees that');
  return isReady ? 'proven' : 'present';
}

async function lookAtHost(looking: Looking): Promise<Rung> {
  const { workspace, signal, add } = looking;
  const site = await openSite(workspace, 'service' in workspace.honey ? 'honey' : 'here', signal);
  const { name, engine } = ownContainer(site);
  const container = engine === undefined ? undefined : await inspect(site.place, engine, name, signal);
  const settings = parseLabel(container?.label ?? '');
  const at = `${engine ?? 'docker'} on ${site.place.address}`;
  if (!container || !settings) {
    add(at, container ? `${name} was not made here` : `there is no container ${name}`);
    return 'absent';
  }
  const ill = illness(container);
  add(at, ill ?? `${name} is running, restarted ${container.restartCount} times`);
  if (ill !== undefined) return 'present';
  const { http, grpc, tls, trust } = await addressOf(site, settings, looking);
  const answers = answersOf(await lookAt(workspace, http, grpc, signal, trust));
  add(`${tls === 'yes' ? 'HTTPS and gRPC over TLS' : 'HTTP and gRPC'} from this machine`, answers.saw);
  if (!answers.isReady) return 'valid';
  const mayWrite = workspace.gate.refusal('remote') === undefined && settings.htpasswd === undefined;
  const stored = mayWrite
    ? await storeEntries(workspace, http, signal, trust)
    : await readEntries(workspace, http, signal, trust);
  add(
    `${mayWrite ? 'PUT and GET' : 'GET of what was stored before'} on ${http} from this machine`,
    stored.saw,
  );
  add('not tested', 'jobs of GitLab, and other machines: whether they reach it is only seen from there');
  return stored.isStored ? 'proven' : 'reachable';
}

/** The container that was made here: of the planned name where there are several. */
function ownContainer({ host }: Site) {
  const listed = 'value' in host.containers ? host.containers.value : [];
  const own = listed.filter(({ isOurs }) => isOurs === true);
  const ours = own.find((one) => one.name === planned.name) ?? own[0];
  return {
    name: ours?.name ?? planned.name,
    engine: ours?.engine ?? host.engines.find(({ version }) => 'value' in version)?.name,
  };
}

/** Where a container answers, by the settings that it was run with, and whom to trust there. */
async function addressOf(
  site: Site,
  settings: Readonly<Record<string, string>>,
  { workspace, signal }: Looking,
) {
  const bind = settings.bind ?? '';
  const tailnet = site.survey.addresses.find(isTailnet) ?? '127.0.0.1';
  const bound = isAny(bind) ? tailnet : bind;
  const tls = settings.tls === undefined ? 'no' : 'yes';
  const shown = settings['tls-certificate'];
  const reach = shown === undefined ? bound : await namedReach(site.place, shown, bound, signal);
  const ports = { 'http-port': settings['http-port'] ?? '', 'grpc-port': settings['grpc-port'] ?? '' };
  const authority = settings.tls === 'self-signed' ? shown : settings['tls-ca'];
  const trust = await trustOf(workspace, site.place, { tls, reach, ...known({ authority }) }, signal);
  return { ...addressesOf(workspace, { reach, ...ports, tls }), tls, trust };
}

/** A certificate may be for a name alone: then that is how the server is reached. */
async function namedReach(
  place: Place,
  path: string,
  address: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const text = await readAuthority(place, path, signal);
  if (text === undefined) return address;
  try {
    const certificate = new X509Certificate(text);
    const [, name] = /DNS:([a-z0-9.-]+)/i.exec(certificate.subjectAltName ?? '') ?? [];
    return certificate.checkIP(address) === undefined && name !== undefined ? name : address;
  } catch {
    return address;
  }
}
