/** The rungs of the evidence ladder, from nothing there to seen to work. `unknown` is beside the ladder: it could not be looked at, and is never good. */
export const rungs = ['absent', 'present', 'valid', 'reachable', 'proven'] as const;

export type Rung = (typeof rungs)[number] | 'unknown';

/** One look at the world: when, at what and from where, and what was seen there. */
export interface Evidence {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** What was looked at, and from where: `GET https://cache/main/nix-cache-info from this machine`. */
  readonly source: string;
  /** What was seen, in one line; outside text in it is already made safe and redacted. */
  readonly saw: string;
}

/** Something that stands on a rung: a cache, a variable, a certificate, a runner, a host, a claim in a file. */
export interface Subject {
  /** Stable and unique, a path of lower-case words: `cache/attic`, `variable/APPLE_ID`. */
  readonly id: string;
  readonly title: string;
  readonly rung: Rung;
  /** Newest first; never empty unless the rung is unknown and nothing could be tried. */
  readonly evidence: readonly Evidence[];
  /** Ids of findings about it. */
  readonly findings: readonly string[];
}

export type Severity = 'error' | 'warning' | 'info';

/** Where a finding is: a place in a file (line and column from 1) or an object of a server. */
export type Where =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly object: string; readonly url?: string };

/** What to do about a finding: a task of the plan, one command to copy, or words. */
export type Fix = { readonly task: string } | { readonly command: string } | { readonly text: string };

/** Something wrong or risky. */
export interface Finding {
  /** Stable for the same cause in the same place, so that it can be followed over time. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly where: Where;
  readonly saw: string;
  readonly why: string;
  readonly fix: Fix;
}

const order: readonly Severity[] = ['error', 'warning', 'info'];

/** Worst first, then by place; for lists of findings. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    order.indexOf(a.severity) - order.indexOf(b.severity) || a.id.localeCompare(b.id, 'en', { numeric: true })
  );
}

/** True when `rung` is at least `least`; unknown is never. */
export function atLeast(rung: Rung, least: (typeof rungs)[number]): boolean {
  return rung !== 'unknown' && rungs.indexOf(rung) >= rungs.indexOf(least);
}
