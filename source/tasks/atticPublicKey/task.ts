import type { Task } from '../task.ts';
import { options } from './options.ts';
import { plan, taskName } from './plan.ts';
import { probe } from './probe.ts';
import { sameKey } from './sameKey.ts';
import { settings } from './settings.ts';
import { verify } from './verify.ts';

export const atticPublicKey: Task = {
  number: 8,
  name: taskName,
  title: 'Trust the Attic cache’s key',
  wave: 'Wave 4 · Phase 1',
  dependsOn: [7],
  probe,
  options,
  settings,
  plan,
  verify,
  probes: { sameKey },
};
