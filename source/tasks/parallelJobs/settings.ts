import type { PipelineEvent } from '../../core/ci/model.ts';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { TaskSetting } from '../task.ts';

/** What was set, read. */
export interface Wanted {
  /** The one event that counts; absent: pushes and merge requests count most. */
  readonly event?: PipelineEvent;
  /** Ids of moves. */
  readonly moves?: readonly string[];
  /** Seconds. */
  readonly minimum: number;
}

const events = ['push', 'merge_request', 'tag', 'schedule'] as const;
const usualMinimum = 10;

/** What may be set; `ids` are the moves that there are. */
export function settingsFor(ids: readonly string[]): readonly TaskSetting[] {
  return [
    {
      name: 'event',
      title: 'The pipelines that are to get faster',
      value: 'usual',
      choices: ['usual', ...events],
      because: 'usual: pushes and merge requests count four times as much as tags and schedules',
    },
    {
      name: 'moves',
      title: 'Moves to make, with commas between; they win over the option',
      ...(ids.length > 0 ? { because: `there are ${ids.map((id) => plain(id, 120)).join(', ')}` } : {}),
    },
    {
      name: 'minimum-gain',
      title: 'Seconds that a set of moves, and each move in it, must save',
      value: String(usualMinimum),
      because: 'less is lost in the time that runners take to pick a job up',
    },
  ];
}

/** Throws `NeedsUser` for a value that cannot be meant. */
export function wantedOf(settings: Readonly<Record<string, string>>): Wanted {
  const { event = 'usual', moves = '', 'minimum-gain': minimum = String(usualMinimum) } = settings;
  const known = events.find((one) => one === event);
  if (event !== '' && event !== 'usual' && !known)
    throw wrong('event', event, `it is usual, ${events.join(', ')}`);
  const seconds = minimum === '' ? usualMinimum : Number(minimum);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw wrong('minimum-gain', minimum, 'it is a number of seconds');
  const ids = moves
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  return { ...(known ? { event: known } : {}), ...(ids.length > 0 ? { moves: ids } : {}), minimum: seconds };
}

function wrong(name: string, value: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried: `set ${name}=${plain(value, 100)}`,
    saw,
    next: [`--set ${name}=VALUE`],
    code: 'no-such-value',
  });
}
