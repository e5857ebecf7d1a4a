import type { CheckoutFacts } from '../../core/checkout/facts.ts';
import { createPipelines, usualWeights } from '../../core/parallel/pipelines.ts';
import { searchMoves } from '../../core/parallel/search.ts';
import { mostSaved } from '../../core/parallel/value.ts';
import { createWorld, type World } from '../../core/parallel/world.ts';
import { fleetOf } from '../../core/pipeline/fleet.ts';
import { historyOf, noHistory } from '../../core/pipeline/history.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import { counted, duration } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import { fileEvidence } from '../probe.ts';
import { type Known, type Probe, unread } from '../task.ts';

/** Seconds that a set of moves must save to be worth a change. */
const minimum = 10;
/** Jobs that may be simulated for one look: the screen waits for it. */
const budget = 150_000;

type Judgement = Pick<Probe, 'rung'> & { readonly saw: string };

interface Seen {
  readonly world: World;
  /** By the pipeline whose durations were taken. */
  readonly texts: Map<string, Judgement>;
  /** By the durations of the newest pipeline that had ended: one that has just begun knows less. */
  ended?: Judgement;
}

const seen = new WeakMap<CheckoutFacts, Seen>();

/**
 * Absent while moves are left that would save time, valid when none is. From the configuration alone, without the scripts that
 * it runs, and from the pipeline that is shown: planning looks closer.
 */
export function probe(known: Known): Probe {
  const { facts } = known;
  if (!facts?.configuration) return unread;
  const before: Seen = seen.get(facts) ?? { world: worldOf(facts), texts: new Map() };
  seen.set(facts, before);
  const view = known.pipeline.value;
  const isOver = view !== undefined && hasEnded(view.pipeline.status);
  const key = isOver ? String(view.pipeline.id) : view ? 'running' : 'none';
  const isLess = !isOver && before.ended !== undefined;
  const found = (isLess ? before.ended : before.texts.get(key)) ?? judge(before.world, known);
  if (isOver) before.ended = found;
  if (!isLess) before.texts.set(key, found);
  return { rung: found.rung, evidence: fileEvidence(known, found.saw), findings: [] };
}

function worldOf(facts: CheckoutFacts): World {
  const files = { read: () => undefined, list: () => [...facts.files] };
  const { configuration } = facts;
  if (!configuration) throw new TypeError('the facts hold no configuration');
  return createWorld(configuration, facts.sets, files);
}

/** With fewer durations than of half the jobs, seconds would say nothing: then only the order counts. */
function judge(world: World, known: Known): Judgement {
  const jobs = known.pipeline.value?.jobs ?? [];
  const seenRuns = historyOf(jobs.length > 0 ? [jobs] : []);
  const isKnown = seenRuns.durations.size * 2 >= Math.max(1, jobs.length);
  const history = isKnown ? seenRuns : noHistory;
  const fleet = isKnown ? fleetOf(jobs, known.runners.value?.runners) : [];
  const pipelines = createPipelines(world, history, fleet);
  if (pipelines.events.length === 0) return { rung: 'unknown', saw: 'no event would get a pipeline' };
  const { best, isComplete } = searchMoves(world, pipelines, { weights: usualWeights, minimum, budget });
  const basis = isKnown
    ? `by the durations of ${counted(history.durations.size, 'job')} in one pipeline`
    : 'if all jobs took equally long';
  if (!best && !isComplete)
    return { rung: 'unknown', saw: 'there are too many jobs to look through here: planning looks closer' };
  if (!best) return { rung: 'valid', saw: `no move of a job would save ${minimum} s or more, ${basis}` };
  const titles = best.moves.map(({ title }) => title).join(', ');
  const saved = isKnown ? duration(mostSaved(best.value, usualWeights)) : 'time';
  return { rung: 'absent', saw: plain(`${saved} would be saved ${basis}: ${titles}`, 500) };
}
