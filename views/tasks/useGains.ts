import { useEffect, useState } from 'react';
import type { TaskRow } from '../../source/core/plan/row.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { useHost } from '../host.ts';
import type { PlannedGain } from '../present/plan.ts';
import { lastReport } from '../speed/useSpeed.ts';

type Gains = ReadonlyMap<string, PlannedGain>;

const none: Gains = new Map();

/** What runs here predicted of each task, with what was measured as far as the Speed screen has read it; read anew with the tasks. */
export function useGains(tasks: readonly TaskRow[], isShown: boolean): Gains {
  const { workspace } = useHost();
  const [gains, setGains] = useState(none);
  useEffect(() => {
    if (!isShown || tasks.length === 0) return;
    let isGone = false;
    void read(workspace)
      .catch(() => none)
      .then((found) => {
        if (!isGone) setGains(found);
      });
    return () => {
      isGone = true;
    };
  }, [workspace, tasks, isShown]);
  return gains;
}

async function read(workspace: Workspace): Promise<Gains> {
  const { readGains } = await import('../../source/tasks/rollout/gains.ts');
  const changes = lastReport(workspace)?.changes ?? [];
  return new Map(
    readGains(workspace).map((gain) => {
      const judged = changes.findLast(({ task, predicted }) => task === gain.task && predicted)?.predicted;
      const measured = judged?.find(({ event }) => event === gain.predicted[0]?.event);
      return [gain.task, { ...gain, ...(measured ? { measured } : {}) }] as const;
    }),
  );
}
