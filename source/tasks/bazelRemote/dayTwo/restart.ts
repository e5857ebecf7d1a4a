import type { PlanStep } from '../../../core/plan/plan.ts';
import { commandStep } from '../../engine/steps.ts';
import type { Ours } from './ours.ts';
import { restartCommand, startedAnew } from './scripts.ts';

/** The step that restarts the container; one that restarts by itself all the time is restarted whenever it is asked for. */
export async function restartStep(
  { site, container, engine, name }: Ours,
  signal?: AbortSignal,
): Promise<PlanStep> {
  const { where, address, place } = site;
  const argv = [engine, 'container', 'inspect', '--format', '{{.State.StartedAt}}', name] as const;
  const { code, stdout } = await place.read(argv, signal ? { signal } : {});
  const isSteady = code === 0 && container.status !== 'restarting';
  return commandStep({
    id: 'restart-container',
    title: `Restart ${name}`,
    effect: 'remote',
    target: `container ${name}`,
    command: {
      where,
      ...(address === undefined ? {} : { address }),
      argv: restartCommand(engine, name),
      ...(isSteady ? { unless: startedAnew(engine, name, stdout.trim()) } : {}),
      timeout: 120,
    },
    undo: { text: 'Nothing is to be taken back.' },
  });
}
