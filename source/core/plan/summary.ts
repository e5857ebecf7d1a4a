import { counted } from '../text/format.ts';
import type { PlanStep } from './plan.ts';

/** `changes 2 files, runs 3 commands on honey, makes 1 API call`. */
export function summary(steps: readonly PlanStep[]): string {
  const of = (kind: PlanStep['action']['kind']): number =>
    steps.filter(({ action }) => action.kind === kind).length;
  const here = steps.filter(({ action }) => action.kind === 'command' && action.where === 'here').length;
  const away = of('command') - here;
  const calls = of('commit') + of('open-merge-request') + of('run-pipeline') + of('close-trial');
  return [
    ...(of('edit-file') > 0 ? [`changes ${counted(of('edit-file'), 'file')}`] : []),
    ...(here > 0 ? [`runs ${counted(here, 'command')} here`] : []),
    ...(away > 0 ? [`runs ${counted(away, 'command')} on honey`] : []),
    ...(calls > 0 ? [`makes ${counted(calls, 'API call')}`] : []),
    ...(of('wait') > 0 ? [`waits ${counted(of('wait'), 'time')}`] : []),
  ].join(', ');
}
