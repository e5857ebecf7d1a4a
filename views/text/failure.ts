import type { Datum, FailureView } from '../../source/core/datum.ts';
import { age } from '../../source/core/text/format.ts';
import { paragraph } from './facts.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, type Span, span } from './line.ts';
import { safe } from './safe.ts';

/** Codes of failures that a new token mends: `token-expired`, `no-token`, `unauthorized`. */
const signIn = /token|unauthori[sz]ed|sign-in/;

/** True when a GitLab token is what is missing. */
export function needsSignIn(datum: Datum<unknown>): boolean {
  const { failure } = datum;
  return failure?.kind === 'needs-user' && signIn.test(failure.code);
}

/** The state of a datum in a few words, for the border of a pane; empty when it is fresh. */
export function stateSpans(datum: Datum<unknown>, now: number, glyphs: Glyphs): Span[] {
  const since = datum.fetchedAt === undefined ? '' : ` ${age(Math.max(0, now - datum.fetchedAt))}`;
  switch (datum.state) {
    case 'fresh':
      return [];
    case 'loading':
      return [span(`${glyphs.clock} loading`, 'dim')];
    case 'stale':
      return datum.failure
        ? [span(`${glyphs.warn} ${needsSignIn(datum) ? 'needs sign-in' : 'stale'}${since}`, 'warn')]
        : [span(`stale${since}`, 'dim')];
    case 'failed':
      return needsSignIn(datum)
        ? [span(`${glyphs.warn} needs sign-in`, 'warn')]
        : [span(`${glyphs.bad} failed`, 'bad')];
    case 'off':
      return [span('off', 'dim')];
  }
}

/** A failure with what was tried, what came back and what to do next. */
export function failureLines(failure: FailureView, width: number, glyphs: Glyphs): Line[] {
  const tone = failure.kind === 'bug' || failure.kind === 'refused' ? 'bad' : 'warn';
  return [
    ...paragraph(failure.saw, width - 2).map(
      (text, index): Line => [
        span(index === 0 ? `${failure.kind === 'bug' ? glyphs.bad : glyphs.warn} ` : '  ', tone),
        span(text, tone),
      ],
    ),
    ...paragraph(failure.tried, width - 2).map((text): Line => [span(`  ${text}`, 'dim')]),
    ...failure.next.flatMap((step) =>
      paragraph(step, width - cellsOf(glyphs.arrow)).map(
        (text, index): Line => [
          span(index === 0 ? `${glyphs.arrow} ` : ' '.repeat(cellsOf(glyphs.arrow)), 'key'),
          span(text),
        ],
      ),
    ),
  ];
}

function cellsOf(glyph: string): number {
  return glyph.length + 1;
}

/** Under the rows of a pane: why the last try failed and what to do next, or what to set; undefined when all is well. */
export function noteLine(datum: Datum<unknown>, glyphs: Glyphs): Line | undefined {
  if (datum.state === 'off') return [span(`off: ${safe(datum.off ?? 'not configured')}`, 'dim')];
  const { failure } = datum;
  if (!failure) return undefined;
  const next = needsSignIn(datum) ? 'press s to sign in' : (failure.next[0] ?? '');
  return [
    span(`${glyphs.warn} ${safe(failure.saw)}`, 'warn'),
    span(` ${glyphs.arrow} `, 'key'),
    span(safe(next)),
  ];
}

/** What stands in a pane that has nothing to list; undefined when the datum has a value. */
export function emptyLines(datum: Datum<unknown>, width: number, glyphs: Glyphs): Line[] | undefined {
  if (datum.value !== undefined) return undefined;
  if (datum.state === 'off')
    return paragraph(datum.off ?? 'not configured', width).map((text): Line => [span(text, 'dim')]);
  if (datum.failure)
    return [
      ...failureLines(datum.failure, width, glyphs),
      ...(needsSignIn(datum) ? [[span('press '), span('s', 'key', true), span(' to sign in')]] : []),
    ];
  return [[span('waiting for the first answer', 'dim')]];
}
