import type { ResolvedJobSet } from '../jobSet.ts';
import type { Span } from '../model.ts';
import type { Rule } from './rule.ts';

/** Answers of GitLab that are no mistake: nothing runs for this event. */
const quiet = /^Pipeline (?:will not run|filtered out)/;

export const creation: Rule = {
  id: 'creation-error',
  severity: 'error',
  summary: 'GitLab would refuse to create the pipeline.',
  why: 'No job runs at all for the event; GitLab shows only its message, not the line.',
  fix: { text: 'Correct the place that the message names; ci jobs shows the effect for each event.' },
  *check({ sets, configuration }) {
    for (const { at, messages, events, reasons } of byPlace(sets.entries(), configuration.root.span)) {
      const [first = '', ...more] = messages;
      const others = more.length === 0 ? '' : ` (and ${more.length} more of the same place)`;
      const [because] = reasons;
      const reason = because === undefined ? '' : `; ${because}`;
      yield { at, title: `${first}${others}`, saw: `refused for ${[...events].join(', ')}${reason}` };
    }
  },
};

interface Place {
  readonly at: Span;
  readonly messages: Set<string>;
  readonly events: Set<string>;
  /** For needs on jobs that are left out: by which rule. */
  readonly reasons: Set<string>;
}

/** One line often causes the same error for many jobs and events. */
function byPlace(sets: Iterable<readonly [string, ResolvedJobSet]>, fallback: Span): Iterable<Place> {
  const places = new Map<string, Place>();
  for (const [event, { errors, excluded }] of sets) {
    const because = new Map(excluded.map((one) => [one.name, one.because]));
    for (const { message, at = fallback } of errors) {
      if (quiet.test(message)) continue;
      const key = `${at.file}:${at.start}:${at.line}`;
      const place = places.get(key) ?? { at, messages: new Set(), events: new Set(), reasons: new Set() };
      places.set(key, place);
      place.messages.add(message);
      place.events.add(event);
      const needed = /job needs '(.+?)' job, but/.exec(message)?.[1];
      const out = needed === undefined ? undefined : because.get(needed);
      if (out !== undefined) place.reasons.add(`'${needed}' is left out for ${event}: ${out}`);
    }
  }
  return places.values();
}
