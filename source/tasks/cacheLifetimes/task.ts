import { rolloutProbes } from '../rollout/probes.ts';
import type { Task } from '../task.ts';
import { options } from './options.ts';
import { plan, taskName } from './plan.ts';
import { probe } from './probe.ts';
import { settingsOf } from './settings.ts';
import { verify } from './verify.ts';

export const cacheLifetimes: Task = {
  number: 13,
  name: taskName,
  title: 'Keep tools and caches longer',
  wave: 'Wave 4 · Phase 5',
  dependsOn: [],
  promise: '7× fewer downloads (daily → weekly)',
  probe,
  options,
  settings: ({ choice }) => Promise.resolve(settingsOf(choice)),
  plan,
  verify,
  probes: rolloutProbes,
};
