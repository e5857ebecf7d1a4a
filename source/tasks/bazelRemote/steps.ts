import { type FolderWork, folderWork } from '../../core/bazelRemote/dataChecks.ts';
import { type Deployment, isFolder, parseLabel, runVector } from '../../core/bazelRemote/deployment.ts';
import type { Presence } from '../../core/bazelRemote/presence.ts';
import type { TargetSurvey } from '../../core/bazelRemote/survey.ts';
import type { UnitPresence } from '../../core/bazelRemote/unitPresence.ts';
import type { RunCommand } from '../../core/plan/action.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { commandStep } from '../engine/steps.ts';
import type { Deploying } from './deploying.ts';
import {
  aroundPull,
  aroundRun,
  asRoot,
  fieldIs,
  goneCheck,
  makeFolderCommand,
  ownedCheck,
  writerOf,
} from './scripts.ts';
import { unitSteps } from './units.ts';

/** Steps before the server is waited for, and those after. */
export interface HostSteps {
  readonly before: readonly PlanStep[];
  readonly after: readonly PlanStep[];
}

/** What is to be done on the host. */
export function hostSteps(
  deploying: Deploying,
  target: TargetSurvey,
  { container, unit }: { readonly container: Presence; readonly unit: UnitPresence },
): HostSteps {
  if (container.kind === 'refused' || unit.kind === 'refused') return { before: [], after: [] };
  const isUnit = unit.kind !== 'none';
  if (unit.kind === 'same')
    return { before: unitSteps(deploying, unit, container.kind === 'same'), after: [] };
  if (container.kind === 'same' && !isUnit) return { before: [], after: [] };
  if (container.kind === 'stopped' && !isUnit)
    return { before: [start(deploying, container.container.id)], after: [] };
  const isReplaced = container.kind === 'other' && unit.kind !== 'other';
  const replaced = isReplaced ? container.container : undefined;
  const name = `${deploying.deployment.name}-prev`;
  return {
    before: [
      ...(target.hasImage ? [] : [pull(deploying)]),
      ...folderSteps(deploying, target),
      ...(replaced ? setAside(deploying, replaced, name) : []),
      ...(isUnit
        ? unitSteps(deploying, unit, false)
        : [run(deploying, replaced ? (replaced.label ?? '') : undefined)]),
    ],
    after: replaced ? [removePrevious(deploying, replaced.id, name)] : [],
  };
}

type Step = Parameters<typeof commandStep>[0];

function step(
  { where, address }: Deploying,
  given: Omit<Step, 'command'> & { command: Partial<RunCommand> & Pick<RunCommand, 'argv'> },
): PlanStep {
  const place = { where, ...(address === undefined ? {} : { address }) };
  return commandStep({ ...given, command: { ...given.command, ...place } });
}

function pull(deploying: Deploying): PlanStep {
  const { engine, image } = deploying.deployment;
  return step(deploying, {
    id: 'pull-image',
    title: 'Pull the image',
    effect: 'remote',
    target: image,
    command: { argv: [engine, 'pull', image], ...aroundPull(engine, image), timeout: 900 },
    undo: { text: `Remove the image ${image}.` },
  });
}

function folderSteps(deploying: Deploying, { folder }: TargetSurvey): PlanStep[] {
  const { deployment, root, owner } = deploying;
  const { data } = deployment;
  const writer = writerOf(deploying, data, owner);
  const work: FolderWork = isFolder(data) ? folderWork(folder, owner, root !== undefined) : 'none';
  if (work === 'make' && folder?.state === 'absent')
    return [
      step(deploying, {
        id: 'make-folder',
        title: `Make the folder for the data, as ${owner}’s`,
        effect: 'remote',
        target: data,
        command: makeFolderCommand(writer, data, owner, folder.missing),
        undo: { text: `Remove ${data} when it is empty; data in it is kept.` },
      }),
    ];
  if (work !== 'own' || folder?.state !== 'directory') return [];
  return [
    step(deploying, {
      id: 'own-folder',
      title: `Give the folder for the data to ${owner}`,
      effect: 'remote',
      target: data,
      command: {
        argv: asRoot(writer, ['chown', '-R', '--', owner, data]),
        unless: ownedCheck(writer, data, owner),
        undo: [{ argv: asRoot(writer, ['chown', '-R', '--', folder.owner, data]) }],
        timeout: 600,
      },
      undo: { text: `Give ${data} back to ${folder.owner}.` },
    }),
  ];
}

/** The container that is replaced stops, and keeps out of the way under another name: going back is starting it again. */
function setAside(
  deploying: Deploying,
  { id, status, restartPolicy, label }: { id: string; status: string; restartPolicy: string; label?: string },
  name: string,
): PlanStep[] {
  const { engine, name: now } = deploying.deployment;
  const policy = parseLabel(label ?? '')?.restart ?? restartPolicy;
  const isUp = status === 'running' || status === 'restarting';
  const change = (
    given: Pick<Step, 'id' | 'title' | 'undo'> & { command: Partial<RunCommand> & Pick<RunCommand, 'argv'> },
  ) => step(deploying, { ...given, effect: 'remote', target: `container ${now}` });
  return [
    ...(isUp
      ? [
          change({
            id: 'stop-previous',
            title: `Stop the ${now} that runs`,
            command: {
              argv: [engine, 'stop', id],
              unless: fieldIs(engine, id, { template: '{{.State.Running}}', after: 'false', before: 'true' }),
              undo: [{ argv: [engine, 'start', id] }],
            },
            undo: { text: 'Start it again.' },
          }),
        ]
      : []),
    change({
      id: 'rename-previous',
      title: `Call it ${name}`,
      command: {
        argv: [engine, 'rename', id, name],
        unless: fieldIs(engine, id, { template: '{{.Name}}', after: name, before: now }),
        undo: [{ argv: [engine, 'rename', id, now] }],
      },
      undo: { text: `Call it ${now} again.` },
    }),
    ...(engine === 'docker' && policy !== 'no'
      ? [
          change({
            id: 'hold-previous',
            title: 'Keep it from starting by itself',
            command: {
              argv: [engine, 'update', '--restart=no', id],
              unless: fieldIs(engine, id, {
                template: '{{.HostConfig.RestartPolicy.Name}}',
                after: 'no',
                before: policy.split(':')[0] ?? policy,
              }),
              undo: [{ argv: [engine, 'update', `--restart=${policy}`, id] }],
            },
            undo: { text: `Give it its restart policy ${policy} back.` },
          }),
        ]
      : []),
  ];
}

function run(deploying: Deploying, before: string | undefined): PlanStep {
  const { deployment } = deploying;
  return step(deploying, {
    id: 'run-container',
    title: `Run bazel-remote as ${deployment.name}`,
    effect: 'remote',
    target: `container ${deployment.name}`,
    command: { argv: runVector(deployment), ...aroundRun(deployment, before), timeout: 900 },
    undo: {
      text: `Stop and remove the container ${deployment.name}; its data in ${deployment.data} is kept.`,
    },
  });
}

function start(deploying: Deploying, id: string): PlanStep {
  const { engine, name }: Deployment = deploying.deployment;
  return step(deploying, {
    id: 'start-container',
    title: `Start ${name}`,
    effect: 'remote',
    target: `container ${name}`,
    command: {
      argv: [engine, 'start', id],
      unless: fieldIs(engine, id, { template: '{{.State.Running}}', after: 'true', before: 'false' }),
      undo: [{ argv: [engine, 'stop', id] }],
    },
    undo: { text: 'Stop it again.' },
  });
}

function removePrevious(deploying: Deploying, id: string, name: string): PlanStep {
  const { engine } = deploying.deployment;
  return step(deploying, {
    id: 'remove-previous',
    title: `Remove ${name}: from here on going back is another upgrade`,
    effect: 'destructive',
    target: `container ${name}`,
    command: { argv: [engine, 'rm', id], unless: goneCheck(engine, id) },
    undo: 'irreversible',
  });
}
