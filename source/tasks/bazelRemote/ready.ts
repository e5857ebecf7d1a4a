import { setTimeout as delay } from 'node:timers/promises';
import { type DeployedContainer, parseContainer } from '../../core/bazelRemote/container.ts';
import { isAny } from '../../core/bazelRemote/proposals.ts';
import type { BazelRemoteState } from '../../core/caches/model.ts';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { connectBazelRemote } from '../../services/bazelRemote/connect.ts';
import type { Trust } from '../../services/http/trust.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Place } from '../engine/place.ts';
import type { Readiness, ReadinessProbe } from '../readiness.ts';
import { placeOf } from './site.ts';
import { storeEntries, transportOf } from './store.ts';

/** Settings of the step that waits. */
export interface ReadySettings extends Record<string, string> {
  where: 'here' | 'honey';
  /** Of honey; empty here. */
  address: string;
  engine: string;
  name: string;
  /** Host of both ports, as this machine reaches it. */
  reach: string;
  'http-port': string;
  'grpc-port': string;
  /** `yes` when writers log in: then nothing is stored without their password. */
  login: string;
  /** `yes` when both ports speak TLS, and the file on the host with whom to trust for it; empty for nobody beside the usual. */
  tls: string;
  authority: string;
  /** The service that runs the container, and whose systemd it is of: `system` or `user`; empty without one. */
  service: string;
  scope: string;
}

/** Milliseconds over which the number of restarts must not change. */
const steady = 3_000;

/** How often a container may have been restarted before waiting for it is given up. */
const hopeless = 3;

/**
 * Ready is all of it at once: running, not restarting, no restart meanwhile, HTTP and gRPC answer, and what is stored comes
 * back. Each alone was seen to be true of a cache that keeps nothing.
 */
export const bazelRemoteReady: ReadinessProbe = async (workspace, given, signal) => {
  const settings = given as ReadySettings;
  const { engine, name, address, service = '' } = settings;
  const place = await placeOf(workspace, settings.where, signal, address === '' ? undefined : address);
  const active = service === '' ? 'active' : await activity(place, settings, signal);
  const before = await inspect(place, engine, name, signal);
  const ending = async (): Promise<string> => {
    const log = await lastLog(place, settings, signal);
    return log === '' ? '' : `; its log ends: ${log}`;
  };
  if (!before)
    return {
      isReady: false,
      saw: `there is no container ${name}${service === '' ? '' : `, and ${service} is ${active}${await ending()}`}`,
    };
  const ill = illness(before);
  if (ill !== undefined) {
    const isOver = before.status !== 'restarting' || before.restartCount >= hopeless;
    const saw = `${ill}${await ending()}`;
    if (isOver && before.status !== 'running') throw failed(name, engine, saw);
    return { isReady: false, saw };
  }
  if (active !== 'active') return { isReady: false, saw: `${service} is ${active}` };
  const { http, grpc } = addressesOf(workspace, settings);
  const trust = await trustOf(workspace, place, settings, signal);
  const answers = answersOf(await lookAt(workspace, http, grpc, signal, trust));
  if (!answers.isReady) {
    // Podman calls one that ends again and again running, and never restarting.
    if (before.restartCount < hopeless) return answers;
    await delay(steady, undefined, signal ? { signal } : {});
    const later = await inspect(place, engine, name, signal);
    if (!later || later.restartCount <= before.restartCount) return answers;
    throw failed(name, engine, `${name} was restarted ${later.restartCount} times${await ending()}`);
  }
  await delay(steady, undefined, signal ? { signal } : {});
  const after = await inspect(place, engine, name, signal);
  const isSame = after?.id === before.id && after.restartCount === before.restartCount;
  if (!isSame || illness(after) !== undefined)
    return { isReady: false, saw: `${name} was restarted meanwhile` };
  if (settings.login === 'yes')
    return { isReady: true, saw: `${answers.saw}; not tested: storing, which needs a login` };
  const stored = await storeEntries(workspace, http, signal, trust);
  return { isReady: stored.isStored, saw: stored.isStored ? `${answers.saw}; ${stored.saw}` : stored.saw };
};

/** Both addresses as this machine reaches them; all of the sandbox is on its loopback. */
export function addressesOf(
  { isSandbox }: Workspace,
  settings: Pick<ReadySettings, 'reach' | 'http-port' | 'grpc-port'> & { readonly tls?: string },
): { readonly http: string; readonly grpc: string } {
  const wanted = isSandbox || isAny(settings.reach) ? '127.0.0.1' : settings.reach;
  const host = wanted.includes(':') ? `[${wanted}]` : wanted;
  const s = settings.tls === 'yes' ? 's' : '';
  return {
    http: `http${s}://${host}:${settings['http-port']}`,
    grpc: `grpc${s}://${host}:${settings['grpc-port']}`,
  };
}

/** Whom to trust, as the file on the host says; the certificate must be for the address that Bazel is given. */
export async function trustOf(
  { isSandbox }: Workspace,
  place: Place,
  { tls, authority, reach }: { readonly tls?: string; readonly authority?: string; readonly reach: string },
  signal?: AbortSignal,
): Promise<Trust | undefined> {
  if (tls !== 'yes' || authority === undefined || authority === '') return undefined;
  const certificates = await readAuthority(place, authority, signal);
  return certificates === undefined
    ? undefined
    : { certificates, ...(isSandbox && !isAny(reach) ? { identity: reach } : {}) };
}

/** The certificates in a file of the host; undefined when there is none, or it holds something else. */
export async function readAuthority(
  place: Place,
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { code, stdout } = await place.read(['cat', path], signal ? { signal } : {});
  const found = stdout.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g);
  return code === 0 && found ? found.map((one) => `${one}\n`).join('') : undefined;
}

/** What systemd says of a service. */
async function activity(
  place: Place,
  { service, scope }: ReadySettings,
  signal: AbortSignal | undefined,
): Promise<string> {
  const run = `XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl "--$2" is-active "$1"`;
  const { stdout } = await place.read(['sh', '-c', run, 'sh', service, scope], signal ? { signal } : {});
  return plain(stdout.trim(), 60) || 'not known';
}

export function lookAt(
  workspace: Workspace,
  http: string,
  grpc: string,
  signal: AbortSignal | undefined,
  trust?: Trust,
): Promise<BazelRemoteState> {
  const { now } = workspace;
  return connectBazelRemote({
    http,
    grpc,
    transport: transportOf(workspace, trust),
    now,
    activity: workspace.activity,
    timeout: 5_000,
    ...(trust ? { trust } : {}),
  }).look(signal);
}

/** Whether both ports answer as a cache does. */
export function answersOf({ http, grpc, status, health, capabilities }: BazelRemoteState): Readiness {
  const failure = [status, health, capabilities].flatMap((part) =>
    'failure' in part ? [part.failure] : [],
  )[0];
  if (failure) return { isReady: false, saw: `${failure.tried}: ${failure.saw}` };
  if ('value' in health && health.value !== 'serving')
    return { isReady: false, saw: `${grpc} does not serve` };
  const version = 'value' in status ? (status.value.version ?? 'a version that it does not tell') : '';
  const api = 'value' in capabilities ? capabilities.value.apiVersions : '';
  return { isReady: true, saw: `${http}/status answers (${version}), ${grpc} serves (API ${api})` };
}

export async function inspect(
  place: Place,
  engine: string,
  name: string,
  signal?: AbortSignal,
): Promise<DeployedContainer | undefined> {
  const argv = [engine, 'container', 'inspect', name] as const;
  const { code, stdout } = await place.read(argv, signal ? { signal } : {});
  return code === 0 ? parseContainer(stdout) : undefined;
}

/** What is wrong with a container; undefined when nothing is. */
export function illness(container: DeployedContainer): string | undefined {
  const { name, status, isRestarting, restartCount, exitCode, error, isOutOfMemory } = container;
  if (status === 'running' && !isRestarting) return undefined;
  const why = error === '' ? `exit status ${exitCode}` : error;
  return `${name} is ${status} (${why}${isOutOfMemory ? ', out of memory' : ''}, restarted ${restartCount} times)`;
}

/**
 * Help, which bazel-remote prints before or after why it ends: its lines are indented, but for its headings. And what Podman
 * notes of its containers in the journal.
 */
const help = /^(?:\s|USAGE|OPTIONS|bazel-remote - |$|\S+ \S+ \S+ \S+ m=\+\S+ )/;

/** What processes of a service have said: the container of one that ended is gone, and its log with it. */
const journal = `case $2 in user) f=_SYSTEMD_USER_UNIT ;; *) f=_SYSTEMD_UNIT ;; esac
journalctl --quiet --no-pager --output=cat --lines=500 "$f=$1"`;

/** The last lines that say something; `docker logs` gives both streams. */
async function lastLog(
  place: Place,
  { engine, name, service = '', scope }: ReadySettings,
  signal: AbortSignal | undefined,
): Promise<string> {
  const argv: [string, ...string[]] =
    service === '' ? [engine, 'logs', '--tail', '500', name] : ['sh', '-c', journal, 'sh', service, scope];
  const { stdout, stderr } = await place.read(argv, signal ? { signal } : {});
  const said = service === '' ? `${stdout}\n${stderr}` : stdout;
  const lines = said.split('\n').filter((line) => !help.test(line));
  return plain(lines.slice(-2).join(' | '), 300);
}

function failed(name: string, engine: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried: `wait for ${name}`,
    saw,
    next: [`Look at its log on the host: ${engine} logs ${name}`, 'Mend what it says, then resume; or undo.'],
    code: 'container-failed',
  });
}
