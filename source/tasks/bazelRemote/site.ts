import { randomBytes } from 'node:crypto';
import { filesOf } from '../../core/bazelRemote/deployment.ts';
import { placeScript, targetScript, unitScript } from '../../core/bazelRemote/scripts.ts';
import {
  type PlaceSurvey,
  placeSurvey,
  type TargetSurvey,
  targetSurvey,
} from '../../core/bazelRemote/survey.ts';
import { type UnitSurvey, unitSurvey } from '../../core/bazelRemote/unitSurvey.ts';
import { serviceOf, unitPath } from '../../core/bazelRemote/units.ts';
import type { HostState } from '../../core/host/model.ts';
import { parseSections, type Section } from '../../core/host/sections.ts';
import type { Where } from '../../core/plan/action.ts';
import { connectHost } from '../../services/host/connectHost.ts';
import type { Shell } from '../../services/ssh/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import { here, honeyShell, onHoney, type Place } from '../engine/place.ts';
import type { Deploying } from './deploying.ts';

/** The host that a cache is to run on, as it was found. */
export interface Site {
  readonly where: Where;
  /** Of honey: `user@host:port`. */
  readonly address?: string;
  readonly place: Place;
  readonly host: HostState;
  readonly survey: PlaceSurvey;
  /** True when commands go by SSH: then this machine is another one. */
  readonly isAway: boolean;
}

/** Connects to the host and looks around there. Reads only. */
export async function openSite(workspace: Workspace, where: Where, signal?: AbortSignal): Promise<Site> {
  const place = await placeOf(workspace, where, signal);
  const [host, survey] = await Promise.all([
    lookAt(workspace, where, signal),
    ask(place, placeScript, [], signal).then(placeSurvey),
  ]);
  const isAway = where === 'honey' && !host.local && !workspace.isSandbox;
  return { where, place, host, survey, isAway, ...(where === 'honey' ? { address: place.address } : {}) };
}

/** Where commands run; for a plan that names an address, only there. */
export async function placeOf(
  workspace: Workspace,
  where: Where,
  signal?: AbortSignal,
  address?: string,
): Promise<Place> {
  return where === 'honey' ? onHoney(await honeyShell(workspace, signal), address) : here();
}

export interface Target {
  readonly engine: string;
  readonly name: string;
  readonly image: string;
  readonly data: string;
}

/** Looks at what there is of one deployment; asks the engine's registry for a digest when `isAsked`. */
export async function surveyTarget(
  { place }: Site,
  { engine, name, image, data }: Target,
  isAsked: boolean,
  signal?: AbortSignal,
): Promise<TargetSurvey> {
  const args = [engine, name, image, data, isAsked ? 'ask' : 'quiet'];
  return targetSurvey(await ask(place, targetScript, args, signal));
}

/** Looks at units of the deployment's name, and at the files that its container reads. */
export async function surveyUnits(
  { place }: Site,
  { deployment, scope, home, root }: Deploying,
  signal?: AbortSignal,
): Promise<UnitSurvey> {
  const { name } = deployment;
  const paths = filesOf(deployment).map(([path]) => path);
  const at = { scope, home };
  const args = [
    scope,
    serviceOf(deployment),
    unitPath('systemd', name, at),
    unitPath('quadlet', name, at),
    root !== undefined && root.length > 0 ? 'root' : 'user',
    ...paths,
  ];
  return unitSurvey(await ask(place, unitScript, args, signal), paths);
}

async function ask(
  place: Place,
  script: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Section[]> {
  const mark = randomBytes(12).toString('hex');
  const { stdout } = await place.read(['sh', '-c', script, 'sh', mark, ...args], signal ? { signal } : {});
  return parseSections(stdout, mark);
}

async function lookAt(
  workspace: Workspace,
  where: Where,
  signal: AbortSignal | undefined,
): Promise<HostState> {
  const { honey, now } = workspace;
  if (where === 'honey' && 'service' in honey) return honey.service.look({ paths: [] }, signal);
  const local = here();
  const shell: Shell = {
    destination: 'this machine',
    local: true,
    address: local.address,
    read: (argv, options) => local.read(argv, options),
    change: (grant, argv, options) => local.change(grant, argv, options),
    close: () => {},
  };
  const host = connectHost({ open: () => Promise.resolve(shell), destination: shell.destination, now });
  return host.look({ paths: [] }, signal);
}
