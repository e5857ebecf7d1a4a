import { fileEvidence, jobsOf } from './probe.ts';
import { type Task, unread } from './task.ts';

export const installScript: Task = {
  number: 2,
  name: 'install-script',
  title: 'Host the install script',
  wave: 'Wave 1',
  dependsOn: [1],
  probe(known) {
    const { facts } = known;
    if (!facts) return unread;
    const script = [...facts.files].find((path) => /(?:^|\/)install(?:er)?\.sh$/.test(path));
    if (script === undefined)
      return { rung: 'absent', evidence: fileEvidence(known, 'no install.sh'), findings: [] };
    const pages = jobsOf(facts, (name) => name === 'pages' || name.startsWith('pages:'));
    return {
      rung: pages.length > 0 ? 'valid' : 'present',
      evidence: fileEvidence(
        known,
        `${script}, ${pages.length > 0 ? 'and a Pages job' : 'and no job that publishes it'}`,
      ),
      findings: [],
    };
  },
};
