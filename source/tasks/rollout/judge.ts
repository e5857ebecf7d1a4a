import { checkConfiguration } from '../../core/ci/checks/index.ts';
import { newSince } from '../../core/ci/checks/since.ts';
import type { Effect, EventEffect } from '../../core/ci/effect.ts';
import { counted } from '../../core/text/format.ts';
import type { Preflight } from '../task.ts';
import type { CiChange } from './change.ts';
import type { CiReading } from './reading.ts';

/** Holds what a change does against what it is meant to do, a line for each thing looked at. */
export function judge(effect: Effect, change: CiChange, before: CiReading, after: CiReading): Preflight[] {
  return [
    touched(effect, change),
    ...effect.events.flatMap((event) => eventLines(event)),
    ...needsLines(effect),
    ...newFindings(before, after),
  ];
}

function touched({ changed }: Effect, { jobs }: CiChange): Preflight {
  const base = { id: 'jobs-changed', title: 'Jobs changed' };
  const list = changed.map(({ job, keywords }) => `${job} (${keywords.join(', ')})`);
  const strays = changed.filter(({ job }) => !jobs.has(job)).map(({ job }) => job);
  if (strays.length === 0) return { ...base, state: 'fine', saw: list.join(', ') || 'none' };
  return {
    ...base,
    state: 'problem',
    saw: `the edit would also change ${strays.join(', ')}, which share what is edited`,
    fix: 'Give the job a definition of its own for what is to change, then plan again.',
  };
}

function eventLines({ event, before, appeared, vanished, errors }: EventEffect) {
  const base = { id: `jobs-${event}`, title: `Jobs, ${event}` };
  const lines: Preflight[] = errors.map((message) => ({
    ...base,
    state: 'problem',
    saw: `GitLab would not create the pipeline: ${message}`,
  }));
  const strange = [
    ...appeared.map((name) => `${name} would appear`),
    ...vanished.map((name) => `${name} would vanish`),
  ];
  if (strange.length > 0) lines.push({ ...base, state: 'problem', saw: strange.join(', ') });
  if (lines.length > 0) return lines;
  if (before.errors.length > 0) {
    const saw = `there is no pipeline before or after: ${before.errors[0]?.message ?? ''}`;
    return [{ ...base, state: 'warning', saw } as const];
  }
  const saw = `the same ${counted(before.jobs.length, 'job')} before and after`;
  return [{ ...base, state: 'fine', saw } as const];
}

/** What jobs wait for, where it differs, on the events on which most changes are made. */
function needsLines({ events }: Effect): Preflight[] {
  const byText = new Map<string, string[]>();
  for (const { event, before, after } of events) {
    if (event !== 'push' && event !== 'merge_request') continue;
    const later = new Map(after.jobs.map((job) => [job.name, job]));
    for (const job of before.jobs) {
      const now = later.get(job.name);
      const [from, to] = [waits(job.needs, job.stage), now && waits(now.needs, now.stage)];
      if (to === undefined || from === to) continue;
      const text = `${job.name}\0${from} → ${to}`;
      byText.set(text, [...(byText.get(text) ?? []), event]);
    }
  }
  return [...byText].map(([text, on]) => {
    const [job = '', saw = ''] = text.split('\0');
    return { id: `needs-${job}`, title: on.length > 1 ? job : `${job}, ${on.join()}`, state: 'fine', saw };
  });
}

function waits(needs: readonly { readonly job: string }[] | null, stage: string): string {
  if (needs === null) return `after the stages before ${stage}`;
  return needs.length === 0 ? 'at once' : `after ${needs.map(({ job }) => job).join(', ')}`;
}

/** What the checks find afterwards and did not before. */
function newFindings(before: CiReading, after: CiReading): Preflight[] {
  const found = checkConfiguration({ ...after, before: before.sets });
  return newSince(found, checkConfiguration(before)).map(({ rule, severity, title, saw, why }) => ({
    id: `check-${rule}`,
    title: `Check ${rule}`,
    state: severity === 'error' ? 'problem' : 'warning',
    saw: `${title}: ${saw}`,
    fix: why,
  }));
}
