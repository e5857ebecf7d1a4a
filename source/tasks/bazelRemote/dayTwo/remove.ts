import { isFolder, runVector } from '../../../core/bazelRemote/deployment.ts';
import type { PlanStep } from '../../../core/plan/plan.ts';
import { type CommandChange, commandStep } from '../../engine/steps.ts';
import type { Planning, Preflight } from '../../task.ts';
import { asRoot } from '../scripts.ts';
import type { Ours } from './ours.ts';
import { downCheck, goneCheck, noDataCheck, noVolumeCheck, removeDataCommand } from './scripts.ts';

type Change = Omit<CommandChange, 'command'> & { readonly command: Omit<CommandChange['command'], 'where'> };

/** Stops the container and removes it; going back is making it again from its settings. */
export function removeSteps(ours: Ours): PlanStep[] {
  const { container, deploying, engine, name, label, isRepeatable } = ours;
  const isUp = container.status === 'running' || container.status === 'restarting';
  const [, , , ...rest] = runVector(deploying.deployment);
  return [
    ...(isUp
      ? [
          stepOf(ours, {
            id: 'stop-container',
            title: `Stop ${name}`,
            effect: 'remote',
            target: `container ${name}`,
            command: {
              argv: [engine, 'stop', name],
              unless: downCheck(engine, name, label),
              undo: [{ argv: [engine, 'start', name] }],
            },
            undo: { text: 'Start it again.' },
          }),
        ]
      : []),
    stepOf(ours, {
      id: 'remove-container',
      title: `Remove ${name}`,
      effect: 'destructive',
      target: `container ${name}`,
      command: {
        argv: [engine, 'rm', name],
        unless: goneCheck(engine, name, label),
        ...(isRepeatable ? { undo: [{ argv: [engine, 'create', ...rest] }] } : {}),
      },
      undo: isRepeatable ? { text: 'Make it again, with the same settings and data.' } : 'irreversible',
    }),
  ];
}

/** Removes what the cache holds. Undefined when this user may not. */
export function removeDataStep(ours: Ours): PlanStep | undefined {
  const { site, deploying, engine } = ours;
  const { data } = deploying.deployment;
  const given = { id: 'remove-data', effect: 'destructive', undo: 'irreversible' } as const;
  if (!isFolder(data))
    return stepOf(ours, {
      ...given,
      title: `Remove the volume ${data}`,
      target: `volume ${data}`,
      command: { argv: [engine, 'volume', 'rm', data], unless: noVolumeCheck(engine, data) },
    });
  const { uid, gid } = site.survey;
  if (deploying.root === undefined && deploying.owner !== `${uid}:${gid}`) return undefined;
  const root = deploying.root ?? [];
  return stepOf(ours, {
    ...given,
    title: `Remove what the cache holds in ${data}`,
    target: data,
    command: {
      argv: asRoot(root, removeDataCommand(data)),
      unless: asRoot(root, noDataCheck(data)),
      timeout: 900,
    },
  });
}

/** What still names the cache when it is gone. */
export function leftBehind({ known }: Pick<Planning, 'known'>): Preflight[] {
  const claims = known.facts?.bazel.claims ?? [];
  return claims
    .filter(({ topic, isActive, value }) => topic === 'remote-cache' && isActive && value)
    .map(({ file, line, value }) => ({
      id: 'still-named',
      title: `${file}:${line}`,
      state: 'warning',
      saw: `it still names ${value}: Bazel ends with status 34 where it asks a gRPC cache that does not answer`,
      fix: 'Take the deployment of the line back with undo, or comment it out.',
    }));
}

function stepOf({ site: { where, address } }: Ours, { command, ...change }: Change): PlanStep {
  const place = { where, ...(address === undefined ? {} : { address }) };
  return commandStep({ ...change, command: { ...command, ...place } });
}
