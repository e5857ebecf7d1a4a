import { ciTask } from '../rollout/task.ts';
import { change, settings } from './change.ts';
import { taskName } from './look.ts';
import { options } from './options.ts';
import { probe, verify } from './verify.ts';

export const containerLayers = ciTask({
  number: 11,
  name: taskName,
  title: 'Cache container layers',
  wave: 'Wave 4 · Phase 3',
  dependsOn: [],
  promise: '3–12× (25–30 min → 2–5 min)',
  probe,
  options,
  settings,
  change,
  verify,
});
