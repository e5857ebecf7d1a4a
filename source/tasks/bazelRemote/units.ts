import { createHash } from 'node:crypto';
import { labelText } from '../../core/bazelRemote/deployment.ts';
import type { UnitPresence } from '../../core/bazelRemote/unitPresence.ts';
import { serviceOf, unitPath, unitText } from '../../core/bazelRemote/units.ts';
import type { RunCommand } from '../../core/plan/action.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { type CommandChange, commandStep } from '../engine/steps.ts';
import type { Deploying } from './deploying.ts';
import { asRoot } from './scripts.ts';
import {
  fileIs,
  isEnabled,
  isStarted,
  removeUnit,
  restoreFile,
  startUnit,
  writeFile,
} from './unitScripts.ts';

type Argv = [string, ...string[]];

/** The words that call systemctl: of the machine as root, or of the user who logs in. */
function systemctl({ scope, root = [], uid }: Pick<Deploying, 'scope' | 'root' | 'uid'>): Argv {
  return scope === 'user'
    ? ['env', `XDG_RUNTIME_DIR=/run/user/${uid}`, 'systemctl', '--user']
    : asRoot(root, ['systemctl']);
}

/** The file of the unit: its path and its whole text. */
export function unitFile({ deployment, scope, home, program }: Deploying): { path: string; text: string } {
  const { unit, name } = deployment;
  if (unit === 'container') return { path: '', text: '' };
  return {
    path: unitPath(unit, name, { scope, home }),
    text: unitText(deployment, scope, program),
  };
}

/** Writes the unit, lets systemd read it, and starts it anew. Nothing when it is as wanted and active. */
export function unitSteps(deploying: Deploying, presence: UnitPresence, isRunning: boolean): PlanStep[] {
  const { kind } = presence;
  if (kind === 'none' || kind === 'refused') return [];
  const isEnabledNow = (kind === 'same' || kind === 'other') && presence.isEnabled;
  const isMarked = deploying.deployment.unit === 'quadlet' || isEnabledNow;
  if (kind === 'same')
    return [
      ...(isMarked ? [] : [enable(deploying)]),
      ...(isRunning && presence.isActive ? [] : [start(deploying, true)]),
    ];
  return [
    write(deploying, kind === 'other' ? presence : undefined),
    reload(deploying),
    ...(isMarked ? [] : [enable(deploying)]),
    start(deploying, kind === 'absent' || !presence.isActive),
  ];
}

function step(
  { where, address }: Deploying,
  given: Omit<CommandChange, 'command' | 'effect'> & {
    command: Partial<RunCommand> & Pick<RunCommand, 'argv'>;
  },
): PlanStep {
  const place = { where, ...(address === undefined ? {} : { address }) };
  return commandStep({ ...given, effect: 'remote', command: { ...given.command, ...place } });
}

function write(deploying: Deploying, before: Extract<UnitPresence, { kind: 'other' }> | undefined): PlanStep {
  const { root = [], scope, deployment } = deploying;
  const { path, text } = unitFile(deploying);
  const control = systemctl(deploying);
  const service = serviceOf(deployment);
  const writer = scope === 'user' ? [] : root;
  const script = (program: string, ...args: string[]): Argv =>
    asRoot(writer, ['sh', '-c', program, 'sh', ...args]);
  const was = before ? sha256(Buffer.from(before.base64, 'base64')) : 'absent';
  return step(deploying, {
    id: 'write-unit',
    title: `${before ? 'Replace' : 'Write'} ${path}`,
    target: path,
    command: {
      argv: script(writeFile, path),
      input: { text },
      unless: script(fileIs, path, sha256(text), was),
      undo: before
        ? [
            { argv: script(restoreFile, path), input: { text: before.base64 } },
            { argv: [...control, 'daemon-reload'] },
            ...(before.isActive ? [{ argv: [...control, 'restart', service] as Argv }] : []),
          ]
        : [{ argv: script(removeUnit, service, path, ...(scope === 'user' ? control : ['systemctl'])) }],
    },
    undo: {
      text: before ? `Put ${path} back, byte for byte, and restart its service.` : `Stop it, remove ${path}.`,
    },
  });
}

function reload(deploying: Deploying): PlanStep {
  return step(deploying, {
    id: 'reload-units',
    title: 'Let systemd read it',
    target: serviceOf(deploying.deployment),
    command: { argv: [...systemctl(deploying), 'daemon-reload'] },
    undo: { text: 'It reads again when the unit is taken back.' },
  });
}

function enable(deploying: Deploying): PlanStep {
  const service = serviceOf(deploying.deployment);
  const control = systemctl(deploying);
  return step(deploying, {
    id: 'enable-unit',
    title: `Start ${service} at boot`,
    target: service,
    command: {
      argv: [...control, 'enable', service],
      unless: ['sh', '-c', isEnabled, 'sh', service, ...control],
      undo: [{ argv: [...control, 'disable', service] }],
    },
    undo: { text: 'Do not start it at boot.' },
  });
}

/** Without a unit before, stopping it is the way back; with one, that one is put back and started. */
function start(deploying: Deploying, isNew: boolean): PlanStep {
  const { deployment } = deploying;
  const { engine, name } = deployment;
  const service = serviceOf(deployment);
  const control = systemctl(deploying);
  const args = [engine, name, labelText(deployment), service, ...control];
  return step(deploying, {
    id: 'start-unit',
    title: `Start ${service} with these settings`,
    target: service,
    command: {
      argv: ['sh', '-c', startUnit, 'sh', ...args],
      unless: ['sh', '-c', isStarted, 'sh', ...args],
      ...(isNew ? { undo: [{ argv: [...control, 'stop', service] }] } : {}),
      timeout: 900,
    },
    undo: {
      text: isNew ? `Stop ${service}; its data is kept.` : 'The unit that is put back is started instead.',
    },
  });
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
