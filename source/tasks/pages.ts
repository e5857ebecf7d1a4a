import { fileEvidence, jobsOf, lastRun } from './probe.ts';
import type { Task } from './task.ts';
import { unread } from './task.ts';

export const pages: Task = {
  number: 1,
  name: 'pages',
  title: 'Publish with GitLab Pages',
  wave: 'Wave 1',
  dependsOn: [],
  probe(known) {
    if (!known.facts) return unread;
    const job = jobsOf(known.facts, (name) => name === 'pages' || name.startsWith('pages:'))[0];
    if (!job) return { rung: 'absent', evidence: fileEvidence(known, 'no job named pages'), findings: [] };
    const ran = lastRun(known, job.name);
    const saw = `job ${job.name} at ${job.at.file}:${job.at.line}`;
    return {
      rung: ran?.status === 'success' ? 'proven' : 'valid',
      evidence: [...(ran?.evidence ?? []), ...fileEvidence(known, saw)],
      findings: [],
    };
  },
};
