import type { Datum } from '../../source/core/datum.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { Armed } from '../../source/services/gate.ts';
import { countdown } from '../text/countdown.ts';
import { needsSignIn } from '../text/failure.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, lineText, type Span, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { cells } from '../text/width.ts';

export interface HeaderFacts {
  readonly snapshot: Pick<Snapshot, 'project' | 'checkout' | 'token' | 'honey' | 'rateLimit' | 'findings'>;
  readonly profile: string;
  readonly isSandbox: boolean;
  readonly armed: Armed;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A part of the header; the lowest rank goes first when it is narrow. */
interface Part {
  readonly rank: number;
  readonly spans: readonly Span[];
}

/** The first line of the screen, `width` cells at most: who and where at the left, how it stands at the right, the countdown last. */
export function headerLine(facts: HeaderFacts, width: number, glyphs: Glyphs): Line {
  const { left, right } = dropped(leftParts(facts, glyphs), rightParts(facts, glyphs), width);
  const used = partsWidth(left) + partsWidth(right);
  return [...joined(left), span(' '.repeat(Math.max(1, width - used))), ...joined(right)];
}

function leftParts({ snapshot, profile, isSandbox }: HeaderFacts, { dot }: Glyphs): Part[] {
  const { checkout, project } = snapshot;
  const { branch, commit, dirty } = checkout.value ?? {};
  const ref = branch ?? commit?.slice(0, 8);
  return [
    { rank: 2, spans: [span('huskycat', 'accent', true)] },
    ...(isSandbox ? [{ rank: 10, spans: [{ ...span(' SANDBOX ', 'special', true), inverse: true }] }] : []),
    { rank: 8, spans: [projectSpan(project)] },
    ...(ref === undefined
      ? []
      : [{ rank: 6, spans: [span(safe(ref, 60), 'info'), ...(dirty ? [span('*', 'warn')] : [])] }]),
    ...(profile === 'default' || isSandbox
      ? []
      : [{ rank: 3, spans: [span(`${dot} ${safe(profile, 30)}`, 'dim')] }]),
  ];
}

function projectSpan(project: Datum<{ readonly path: string }>): Span {
  if (project.value) return span(safe(project.value.path, 80), 'text', true);
  const words = { loading: 'asking GitLab', off: 'no project' } as const;
  return span(
    project.state === 'loading' || project.state === 'off' ? words[project.state] : 'project unknown',
    'dim',
  );
}

function rightParts({ snapshot, armed, now }: HeaderFacts, glyphs: Glyphs): Part[] {
  const { rateLimit, findings, project, token, honey } = snapshot;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const left = rateLimit && rateLimit.limit > 0 ? rateLimit.remaining / rateLimit.limit : undefined;
  return [
    ...(errors === 0 ? [] : [{ rank: 5, spans: [span(`${glyphs.bad} ${errors}`, 'bad')] }]),
    { rank: 7, spans: source('GitLab', needsSignIn(token) ? token : project, glyphs) },
    { rank: 4, spans: source('honey', honey, glyphs) },
    ...(left === undefined
      ? []
      : [
          {
            rank: 1,
            spans: [
              span('API ', 'dim'),
              span(`${Math.floor(left * 20) * 5} %`, left < 0.1 ? 'bad' : left < 0.3 ? 'warn' : 'dim'),
            ],
          },
        ]),
    { rank: 9, spans: [armedSpan(armed, now)] },
  ];
}

function source(name: string, datum: Datum<unknown>, glyphs: Glyphs): Span[] {
  const [symbol, tone] = sourceLook(datum, glyphs);
  return [span(`${name} `, 'dim'), span(symbol, tone)];
}

function sourceLook(datum: Datum<unknown>, glyphs: Glyphs): readonly [string, Tone] {
  if (needsSignIn(datum)) return ['sign in: s', 'warn'];
  switch (datum.state) {
    case 'fresh':
      return [glyphs.good, 'good'];
    case 'stale':
      return datum.failure ? [glyphs.warn, 'warn'] : [glyphs.good, 'dim'];
    case 'failed':
      return [glyphs.bad, 'bad'];
    case 'loading':
      return [glyphs.ellipsis, 'dim'];
    case 'off':
      return ['off', 'dim'];
  }
}

function armedSpan(armed: Armed, now: number): Span {
  if (armed.state === 'armed' && armed.until > now)
    return { ...span(` ARMED ${countdown(armed.until - now)} `, 'bad', true), inverse: true };
  if (armed.state === 'read-only' && armed.goesOn)
    return { ...span(' RUN GOES ON ', 'warn', true), inverse: true };
  return span('READ ONLY', 'good');
}

function dropped(
  left: readonly Part[],
  right: readonly Part[],
  width: number,
): { left: readonly Part[]; right: readonly Part[] } {
  const all = [...left, ...right];
  if (all.length <= 1 || partsWidth(left) + partsWidth(right) + 1 <= width) return { left, right };
  const least = Math.min(...all.map(({ rank }) => rank));
  const keep = (parts: readonly Part[]): readonly Part[] => parts.filter(({ rank }) => rank !== least);
  return dropped(keep(left), keep(right), width);
}

function partsWidth(parts: readonly Part[]): number {
  return (
    parts.reduce((sum, { spans }) => sum + cells(lineText(spans)), 0) + Math.max(0, parts.length - 1) * 2
  );
}

function joined(parts: readonly Part[]): Span[] {
  return parts.flatMap(({ spans }, index) => (index === 0 ? [...spans] : [span('  '), ...spans]));
}
