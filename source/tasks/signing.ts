import { isSigningJob } from '../core/signing/jobs.ts';
import { lowest } from '../core/signing/rows.ts';
import { signingVariables } from '../core/variables/required.ts';
import { fileEvidence, jobsOf } from './probe.ts';
import { type Known, type Probe, type Task, unread } from './task.ts';

export const signingCredentials: Task = {
  number: 3,
  name: 'signing-variables',
  title: 'Set the signing variables',
  wave: 'Wave 2',
  dependsOn: [],
  probe({ variableRows, variables, now }) {
    const rows = signingVariables.map(({ key }) => variableRows.find((row) => row.key === key));
    const set = rows.filter((row) => row?.present === true).length;
    const at = variables.fetchedAt === undefined ? now : new Date(variables.fetchedAt).toISOString();
    const saw = `${set} of ${rows.length} variables set`;
    return {
      rung: lowest(rows.map((row) => row?.rung ?? 'unknown')),
      evidence: variables.value ? [{ at, source: 'GitLab’s CI/CD variables', saw }] : [],
      findings: rows.flatMap((row) => row?.findings ?? []),
    };
  },
};

export const signingJobs: Task = {
  number: 4,
  name: 'signing',
  title: 'Sign the macOS package',
  wave: 'Wave 2',
  dependsOn: [3],
  probe: (known) => probeJobs(known, (name) => isSigningJob(name) && !/notari/i.test(name), 'signs'),
};

export const notarization: Task = {
  number: 5,
  name: 'notarization',
  title: 'Notarize the macOS package',
  wave: 'Wave 2',
  dependsOn: [4],
  probe: (known) =>
    probeJobs(
      known,
      (name) => /notari/i.test(name),
      'notarizes',
      (script) => /notarytool|altool/.test(script),
    ),
};

/** Configured when a job is there, proven when its last run was green and its log does not say otherwise. */
function probeJobs(
  known: Known,
  matches: (name: string) => boolean,
  verb: string,
  inScript?: (script: string) => boolean,
): Probe {
  const { facts, signing } = known;
  if (!facts) return unread;
  const found = jobsOf(facts, matches);
  const jobs = found.length > 0 || !inScript ? found : jobsWithScript(known, inScript);
  if (jobs.length === 0)
    return { rung: 'absent', evidence: fileEvidence(known, `no job ${verb}`), findings: [] };
  const names = new Set(jobs.map(({ name }) => name));
  const runs = signing.filter(({ kind, id }) => kind === 'job' && names.has(jobName(id)));
  const places = jobs.map(({ name, at }) => `${name} at ${at.file}:${at.line}`).join(', ');
  const isProven =
    runs.some(({ rung }) => rung === 'proven') && runs.every(({ findings }) => findings.length === 0);
  return {
    rung: isProven ? 'proven' : runs.some(({ findings }) => findings.length > 0) ? 'present' : 'valid',
    evidence: [...runs.flatMap(({ evidence }) => evidence), ...fileEvidence(known, places)],
    findings: runs.flatMap(({ findings }) => findings),
  };
}

function jobsWithScript({ facts }: Known, inScript: (script: string) => boolean) {
  return [...(facts?.configuration?.jobs.values() ?? [])].filter(({ keywords }) =>
    inScript(JSON.stringify(keywords.entries.get('script')?.value ?? '')),
  );
}

/** `signing/job/sign:darwin-arm64@v1.0` is about `sign:darwin-arm64`. */
function jobName(id: string): string {
  return id.slice('signing/job/'.length, id.lastIndexOf('@'));
}
