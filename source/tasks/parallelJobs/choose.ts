import { movesOf, plansMove } from '../../core/parallel/moves.ts';
import { propose } from '../../core/parallel/propose.ts';
import type { Valued } from '../../core/parallel/search.ts';
import type { Choice } from '../task.ts';
import type { Looked } from './look.ts';

/** What was chosen: moves, nothing that is left to do, or something that there is not. */
export type Chosen = Valued | { readonly done: string } | { readonly refused: string };

/** The moves that were chosen; the best set when none was. */
export function chosen(looked: Looked, { option }: Choice): Chosen {
  const { found, wanted } = looked;
  if (wanted.moves) return byId(looked, wanted.moves);
  if (option !== undefined && option !== 'best') return byId(looked, [option]);
  return (
    found.best ?? {
      done: `no set of moves saves ${wanted.minimum} s or more; ask for one by name to make it all the same`,
    }
  );
}

function byId(looked: Looked, ids: readonly string[]): Chosen {
  const { world, pipelines, found, weights } = looked;
  const known = new Map(
    [...found.single, ...(found.best ? [found.best] : [])].flatMap(({ moves }) =>
      moves.map((move) => [move.id, move] as const),
    ),
  );
  const all = ids.map((id) => [id, known.get(id) ?? search(looked, id)] as const);
  const moves = all.flatMap(([, move]) => move ?? []);
  const missing = all.flatMap(([id, move]) => (move || isDone(looked, id) ? [] : [id]));
  if (missing.length > 0) return { refused: `there is no move ${missing.join(', ')}` };
  if (moves.length === 0) return { done: `${ids.join(', ')}: it is so already` };
  const proposal = propose(world, moves);
  const gains = pipelines.events.map((event) => ({
    event,
    before: pipelines.run(event, world.waits).wallClock,
    after: pipelines.run(event, proposal.waits).wallClock,
  }));
  const score = gains.reduce(
    (sum, { event, before, after }) => sum + (weights[event] ?? 0) * (before - after),
    0,
  );
  return { ...proposal, value: { gains, score, loss: 0 } };
}

/** A move of a job that is on no critical path is not among those found. */
function search({ world }: Looked, id: string) {
  const plan = plansMove(world);
  if (id === 'plan') return 'id' in plan ? plan : undefined;
  for (const job of world.configuration.jobs.keys()) {
    if (!id.startsWith(`${job}:`)) continue;
    const moves = movesOf(world, job);
    const found = 'because' in moves ? undefined : moves.find((move) => move.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Whether the configuration is as a move would make it. */
function isDone({ world }: Looked, id: string): boolean {
  if (id === 'plan') return 'because' in plansMove(world);
  return [...world.waits].some(([job, { stage, needs }]) => {
    if (!id.startsWith(`${job}:`)) return false;
    const [kind, ...rest] = id.slice(job.length + 1).split(':');
    if (kind === 'drop') return needs !== null && !needs.some((need) => need.job === rest.join(':'));
    if (kind === 'at-once') return needs?.length === 0;
    if (kind === 'exact-needs') return needs !== null && needs.length > 0;
    return kind === 'stage' && stage === rest.join(':');
  });
}
