import { isForAll, type Valued } from '../../core/parallel/search.ts';
import { type EventGain, mostSaved, type Weights } from '../../core/parallel/value.ts';
import { gainBetween } from '../../core/pipeline/gain.ts';
import { usualDuration } from '../../core/pipeline/history.ts';
import { counted, duration } from '../../core/text/format.ts';
import type { Looked } from './look.ts';

/** What moves bring, event by event, with what it rests on: `push: 36m 00s → 31m 58s, saves 4m 02s (…); N 8 pipelines`. */
export function gainText(looked: Looked, { waits, value }: Valued): string {
  const { past, pipelines } = looked;
  const moved = value.gains.filter(({ before, after }) => Math.abs(before - after) >= 0.5);
  const rest = [
    past.history.pipelines === 0
      ? 'no finished pipeline is known: every job counts 60 s'
      : `N ${counted(past.history.pipelines, 'pipeline')}`,
    past.fleet.length === 0 ? 'runners without limit' : counted(past.fleet.length, 'runner'),
    ...(pipelines.guessed.size > 0 && past.history.pipelines > 0
      ? [`${counted(pipelines.guessed.size, 'job')} never seen to run`]
      : []),
  ].join(', ');
  if (moved.length === 0)
    return `0 s by itself: not on the critical path of ${eventNames(value.gains)}; ${rest}`;
  return `${moved.map((gain) => eventText(looked, waits, gain)).join('; ')}; ${rest}`;
}

function eventText({ world, pipelines, past }: Looked, waits: Valued['waits'], gain: EventGain): string {
  const { event, before, after } = gain;
  const seconds = before - after;
  const { spread } = gainBetween(pipelines.plan(event, world.waits), pipelines.plan(event, waits), {
    spreads: (job) => usualDuration(past.history, job),
  });
  const range = spread ? ` (nine of ten draws: ${signed(spread.p5)} to ${signed(spread.p95)})` : '';
  const verb = seconds >= 0 ? 'saves' : 'costs';
  return `${event}: ${duration(before)} → ${duration(after)}, ${verb} ${duration(Math.abs(seconds))}${range}`;
}

function signed(seconds: number): string {
  return seconds < 0 ? `-${duration(-seconds)}` : duration(seconds);
}

function eventNames(gains: readonly EventGain[]): string {
  return gains.map(({ event }) => event).join(', ') || 'any event';
}

/** The longest chain of an event, as names: `container:build → test:unit`. */
export function pathText({ world, pipelines }: Looked): string {
  const [event] = pipelines.events;
  if (event === undefined) return 'there is no pipeline';
  const { criticalPath } = pipelines.run(event, world.waits);
  return `${event}: ${criticalPath.map(({ name, start, end }) => `${name} ${duration(end - start)}`).join(' → ')}`;
}

/** What speaks against moves: what is lost in order, what is waited for to be sure. */
export function costText({ moves, handedOn }: Valued): string {
  const dropped = moves.flatMap(({ changes }) => changes.flatMap(({ drop = [] }) => drop));
  const isWide = moves.some(({ kind }) => kind === 'at-once' || kind === 'exact-needs' || kind === 'plan');
  const staged = moves.filter(({ kind }) => kind === 'earlier-stage' || kind === 'plan');
  return [
    dropped.length > 0
      ? `what no longer waits runs also when ${[...new Set(dropped)].join(' or ')} fails, which costs runner minutes`
      : isWide
        ? 'it runs also when jobs fail that it waited for, which costs runner minutes'
        : '',
    staged.length > 0
      ? 'jobs in stage order behind the new stage wait for it, and download its artifacts'
      : '',
    ...handedOn.map(({ job, need, isGate }) =>
      isGate
        ? `${job} then waits for ${need} itself`
        : `${job} then needs ${need} itself, of which it uses something`,
    ),
    ...moves.flatMap(({ guesses }) => guesses.map((guess) => `not sure, and kept: ${guess}`)),
  ]
    .filter((text) => text !== '')
    .join('; ');
}

/** Single moves that would save `minimum` seconds, and are made only when they are asked for by name; nothing without one. */
export function unsureTexts(single: readonly Valued[], weights: Weights, minimum: number): string[] {
  const named = single.flatMap(({ moves, problems, value }) => {
    const saved = mostSaved(value, weights);
    const isOne = problems.length === 0 && value.loss < 1 && saved >= minimum && !moves.every(isForAll);
    return isOne ? [`${moves.map(({ id }) => id).join(', ')} (${duration(saved)})`] : [];
  });
  return named.length === 0
    ? []
    : [`not among them, since they rest on guesses or move a stage: ${named.slice(0, 3).join(', ')}`];
}
