import { fileEvidence } from './probe.ts';
import { type Known, type Task, unread } from './task.ts';

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

function downloadJobs({ facts }: Known) {
  const set = facts?.sets.get('push');
  return (set?.jobs ?? []).filter(({ name }) => /\bdownload\b/.test(name));
}
