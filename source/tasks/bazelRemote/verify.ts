import { parseLabel } from '../../core/bazelRemote/deployment.ts';
import { isAny, isTailnet, planned } from '../../core/bazelRemote/proposals.ts';
import type { Evidence, Rung } from '../../core/evidence.ts';
import { likeCache } from '../probe.ts';
import type { Planning, Probe } from '../task.ts';
import { addressesOf, answersOf, illness, inspect, lookAt } from './ready.ts';
import { openSite } from './site.ts';
import { readEntries, storeEntries } from './store.ts';

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
  const probe = (rung: Rung): Probe => ({ rung, evidence: [...evidence, ...seen], findings });
  const site = await openSite(workspace, 'service' in workspace.honey ? 'honey' : 'here', signal);
  const engine = site.host.engines.find(({ version }) => 'value' in version)?.name;
  const container =
    engine === undefined ? undefined : await inspect(site.place, engine, planned.name, signal);
  const settings = parseLabel(container?.label ?? '');
  const at = `${engine ?? 'docker'} on ${site.place.address}`;
  if (!container || !settings) {
    add(at, container ? `${planned.name} was not made here` : `there is no container ${planned.name}`);
    return probe('absent');
  }
  const ill = illness(container);
  add(at, ill ?? `${planned.name} is running, restarted ${container.restartCount} times`);
  if (ill !== undefined) return probe('present');
  const bind = settings.bind ?? '';
  const own = site.survey.addresses.find(isTailnet) ?? '127.0.0.1';
  const { http, grpc } = addressesOf(workspace, {
    reach: isAny(bind) ? own : bind,
    'http-port': settings['http-port'] ?? '',
    'grpc-port': settings['grpc-port'] ?? '',
  });
  const answers = answersOf(await lookAt(workspace, http, grpc, signal));
  add('HTTP and gRPC from this machine', answers.saw);
  if (!answers.isReady) return probe('valid');
  const mayWrite = workspace.gate.refusal('remote') === undefined && settings.htpasswd === undefined;
  const stored = mayWrite
    ? await storeEntries(workspace, http, signal)
    : await readEntries(workspace, http, signal);
  add(
    `${mayWrite ? 'PUT and GET' : 'GET of what was stored before'} on ${http} from this machine`,
    stored.saw,
  );
  add('not tested', 'jobs of GitLab, and other machines: whether they reach it is only seen from there');
  return probe(stored.isStored ? 'proven' : 'reachable');
}
