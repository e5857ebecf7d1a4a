import { setTimeout as delay } from 'node:timers/promises';
import { type DeployedContainer, parseContainer } from '../../core/bazelRemote/container.ts';
import { isAny } from '../../core/bazelRemote/proposals.ts';
import type { BazelRemoteState } from '../../core/caches/model.ts';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { connectBazelRemote } from '../../services/bazelRemote/connect.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Place } from '../engine/place.ts';
import type { Readiness, ReadinessProbe } from '../engine/wait.ts';
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
  const { engine, name, address } = settings;
  const place = await placeOf(workspace, settings.where, signal, address === '' ? undefined : address);
  const before = await inspect(place, engine, name, signal);
  if (!before) return { isReady: false, saw: `there is no container ${name}` };
  const ill = illness(before);
  if (ill !== undefined) {
    const log = await lastLog(place, engine, name, signal);
    const isOver = before.status !== 'restarting' || before.restartCount >= hopeless;
    const saw = `${ill}${log === '' ? '' : `; its log ends: ${log}`}`;
    if (isOver && before.status !== 'running') throw failed(name, engine, saw);
    return { isReady: false, saw };
  }
  const { http, grpc } = addressesOf(workspace, settings);
  const answers = answersOf(await lookAt(workspace, http, grpc, signal));
  if (!answers.isReady) return answers;
  await delay(steady, undefined, signal ? { signal } : {});
  const after = await inspect(place, engine, name, signal);
  if (!after || after.restartCount !== before.restartCount || illness(after) !== undefined)
    return { isReady: false, saw: `${name} was restarted meanwhile` };
  if (settings.login === 'yes')
    return { isReady: true, saw: `${answers.saw}; not tested: storing, which needs a login` };
  const stored = await storeEntries(workspace, http, signal);
  return { isReady: stored.isStored, saw: stored.isStored ? `${answers.saw}; ${stored.saw}` : stored.saw };
};

/** Both addresses as this machine reaches them; all of the sandbox is on its loopback. */
export function addressesOf(
  { isSandbox }: Workspace,
  settings: Pick<ReadySettings, 'reach' | 'http-port' | 'grpc-port'>,
): { readonly http: string; readonly grpc: string } {
  const wanted = isSandbox || isAny(settings.reach) ? '127.0.0.1' : settings.reach;
  const host = wanted.includes(':') ? `[${wanted}]` : wanted;
  return { http: `http://${host}:${settings['http-port']}`, grpc: `grpc://${host}:${settings['grpc-port']}` };
}

export function lookAt(
  workspace: Workspace,
  http: string,
  grpc: string,
  signal: AbortSignal | undefined,
): Promise<BazelRemoteState> {
  const { now, activity } = workspace;
  const server = { http, grpc, transport: transportOf(workspace), now, activity, timeout: 5_000 };
  return connectBazelRemote(server).look(signal);
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

/** The last lines that say something; `docker logs` gives both streams. */
async function lastLog(
  place: Place,
  engine: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const argv = [engine, 'logs', '--tail', '5', name] as const;
  const { stdout, stderr } = await place.read(argv, signal ? { signal } : {});
  return plain(`${stdout}\n${stderr}`.trim().split('\n').slice(-2).join(' | '), 300);
}

function failed(name: string, engine: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried: `wait for ${name}`,
    saw,
    next: [`Look at its log on the host: ${engine} logs ${name}`, 'Mend what it says, then resume; or undo.'],
    code: 'container-failed',
  });
}
