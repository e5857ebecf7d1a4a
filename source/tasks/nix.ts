import { ownSubstituters } from '../core/caches/attic.ts';
import { fileEvidence, idsOf, jobsOf, lastRun, likeCache } from './probe.ts';
import { type Task, unread } from './task.ts';

export const nixFlake: Task = {
  number: 6,
  name: 'nix-flake',
  title: 'Build with a Nix flake',
  wave: 'Wave 3',
  dependsOn: [],
  probe(known) {
    const { facts } = known;
    if (!facts) return unread;
    if (!facts.files.has('flake.nix'))
      return { rung: 'absent', evidence: fileEvidence(known, 'no flake.nix'), findings: [] };
    const isLocked = facts.files.has('flake.lock');
    const [job] = jobsOf(facts, (name) => /\bnix\b/.test(name));
    const ran = job && lastRun(known, job.name);
    const saw = `flake.nix ${isLocked ? 'and flake.lock' : 'without flake.lock'}${job ? `, built by ${job.name}` : ''}`;
    return {
      rung: ran?.status === 'success' ? 'proven' : isLocked ? 'valid' : 'present',
      evidence: [...(ran?.evidence ?? []), ...fileEvidence(known, saw)],
      findings: [],
    };
  },
};

export const atticSubstituter: Task = {
  number: 7,
  name: 'attic-substituter',
  title: 'Use the Attic cache',
  wave: 'Wave 4 · Phase 1',
  dependsOn: [6],
  probe(known) {
    const { facts, attic } = known;
    if (!facts) return unread;
    const [substituter] = ownSubstituters(facts.nix);
    if (!substituter)
      return { rung: 'absent', evidence: fileEvidence(known, 'no substituter in force'), findings: [] };
    const isThere = attic.value !== undefined && 'value' in attic.value.info;
    const saw = `${substituter.value} at ${substituter.file}:${substituter.line}`;
    return {
      rung: isThere ? 'reachable' : 'valid',
      evidence: [...likeCache(known, 'cache/attic').evidence.slice(1), ...fileEvidence(known, saw)],
      findings: idsOf(known.findings, 'attic-address-differs'),
    };
  },
};
