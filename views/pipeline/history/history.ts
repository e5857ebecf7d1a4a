import { useEffect, useState } from 'react';
import { type History, noHistory } from '../../../source/core/pipeline/history.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { loadHistory } from '../../../source/services/history/load.ts';
import { useHost } from '../../host.ts';

/** How many pipelines durations are learned from. */
const newest = 12;
/** Milliseconds for which what was learned is good enough. */
const lifetime = 10 * 60_000;

interface Learned {
  readonly at: number;
  readonly history: Promise<History>;
}

const learned = new WeakMap<GitLab, Learned>();

/** What recent pipelines say of durations; nothing until GitLab has answered, and where it does not. */
export function useHistory(): History {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const [history, setHistory] = useState(noHistory);
  useEffect(() => {
    if (!gitlab) return;
    let isHere = true;
    const now = workspace.now();
    const known = learned.get(gitlab);
    const entry =
      known && now - known.at < lifetime
        ? known
        : { at: now, history: loadHistory(gitlab, { limit: newest }) };
    learned.set(gitlab, entry);
    entry.history.then(
      (found) => isHere && setHistory(found),
      () => learned.delete(gitlab),
    );
    return () => {
      isHere = false;
    };
  }, [gitlab, workspace]);
  return history;
}
