import { duration } from '../core/text/format.ts';
import { fileEvidence, likeCache } from './probe.ts';
import { type Known, type Task, unread } from './task.ts';

export const containerLayers: Task = {
  number: 11,
  name: 'container-layers',
  title: 'Cache container layers',
  wave: 'Wave 4 · Phase 3',
  dependsOn: [],
  promise: '3–12× (25–30 min → 2–5 min)',
  probe: (known) => likeCache(known, 'cache/container-layers'),
};

export const parallelJobs: Task = {
  number: 12,
  name: 'parallel-jobs',
  title: 'Run independent jobs at the same time',
  wave: 'Wave 4 · Phase 4',
  dependsOn: [],
  promise: '2–3× on the wall clock',
  probe(known) {
    if (!known.facts?.configuration) return unread;
    const downloads = downloadJobs(known);
    if (downloads.length === 0)
      return { rung: 'absent', evidence: fileEvidence(known, 'no job downloads tools'), findings: [] };
    const early = downloads.filter(({ needs }) => needs !== null && needs.length === 0);
    const saw = downloads
      .map(({ name, needs }) => {
        if (needs === null) return `${name} waits for the stages before it`;
        return needs.length === 0
          ? `${name} starts at once`
          : `${name} waits for ${needs.map(({ job }) => job).join(', ')}`;
      })
      .join('; ');
    return {
      rung: early.length === downloads.length ? 'valid' : 'absent',
      evidence: fileEvidence(known, saw),
      findings: [],
    };
  },
};

const week = 7 * 86_400;

export const cacheLifetimes: Task = {
  number: 13,
  name: 'cache-lifetimes',
  title: 'Keep tools and caches longer',
  wave: 'Wave 4 · Phase 5',
  dependsOn: [],
  promise: '7× fewer downloads (daily → weekly)',
  probe(known) {
    const { facts } = known;
    if (!facts?.configuration) return unread;
    const names = new Set(downloadJobs(known).map(({ definition }) => definition.name));
    const kept = facts.artifacts.filter(({ job }) => names.has(job));
    if (kept.length === 0)
      return { rung: 'absent', evidence: fileEvidence(known, 'no downloaded tool is kept'), findings: [] };
    const short = kept.filter(({ expiresAfter }) => expiresAfter !== undefined && expiresAfter < week);
    const saw = kept
      .map(
        ({ job, expiresAfter }) =>
          `${job} keeps its artifacts ${expiresAfter === undefined ? 'as long as the server does' : duration(expiresAfter)}`,
      )
      .join('; ');
    return { rung: short.length > 0 ? 'absent' : 'valid', evidence: fileEvidence(known, saw), findings: [] };
  },
};

function downloadJobs({ facts }: Known) {
  const set = facts?.sets.get('push');
  return (set?.jobs ?? []).filter(({ name }) => /\bdownload\b/.test(name));
}
