import { ciTask } from '../rollout/task.ts';
import { verifyCiChange } from '../rollout/verify.ts';
import { change } from './change.ts';
import { lookAround, taskName } from './look.ts';
import { options } from './options.ts';
import { probe } from './probe.ts';
import { settingsFor } from './settings.ts';

export const parallelJobs = ciTask({
  number: 12,
  name: taskName,
  title: 'Run independent jobs at the same time',
  wave: 'Wave 4 · Phase 4',
  dependsOn: [],
  promise: '2–3× on the wall clock',
  probe,
  options,
  async settings(planning) {
    const { best, single } = (await lookAround(planning)).found;
    const all = [...(best ? [best] : []), ...single].flatMap(({ moves }) => moves.map(({ id }) => id));
    return settingsFor([...new Set(all)]);
  },
  change,
  verify: (verifying) => verifyCiChange(verifying, probe(verifying.known), { task: taskName, jobs: [] }),
});
