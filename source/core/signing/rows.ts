import type { Evidence, Finding, Rung } from '../evidence.ts';
import { rungs } from '../evidence.ts';
import { duration } from '../text/format.ts';
import type { VariableRow } from '../variables/row.ts';
import type { SigningJob } from './jobs.ts';
import type { SigningRow } from './row.ts';

const credentials: readonly { id: string; title: string; keys: readonly string[] }[] = [
  {
    id: 'application-certificate',
    title: 'Developer ID Application',
    keys: ['APPLE_CERTIFICATE_BASE64', 'APPLE_CERTIFICATE_PASSWORD', 'APPLE_DEVELOPER_ID_APPLICATION'],
  },
  {
    id: 'installer-certificate',
    title: 'Developer ID Installer',
    keys: [
      'APPLE_INSTALLER_CERTIFICATE_BASE64',
      'APPLE_INSTALLER_CERTIFICATE_PASSWORD',
      'APPLE_DEVELOPER_ID_INSTALLER',
    ],
  },
  { id: 'intermediate', title: 'Developer ID CA G2', keys: ['APPLE_DEVELOPER_ID_CA_G2'] },
  {
    id: 'notarization-account',
    title: 'Notarization account',
    keys: ['APPLE_ID', 'APPLE_NOTARIZE_PASSWORD', 'APPLE_TEAM_ID'],
  },
];

/** The signing credentials, each as good as its worst variable, and the last job of each kind on each ref. */
export function signingRows(
  variables: readonly VariableRow[],
  jobs: readonly SigningJob[],
  at: string,
): { rows: SigningRow[]; findings: Finding[] } {
  const byKey = Map.groupBy(variables, ({ key }) => key);
  const proven = jobs.filter(({ job, verdict }) => job.status === 'success' && isGreen(verdict));
  const rows = credentials.map(({ id, title, keys }): SigningRow => {
    const parts = keys.map((key) => ({ key, row: byKey.get(key)?.[0] }));
    const worst = lowest(parts.map(({ row }) => row?.rung ?? 'unknown'));
    return {
      id: `signing/${id}`,
      title,
      kind: 'credential',
      rung: worst === 'reachable' && proven.length > 0 ? 'proven' : worst,
      evidence: parts.map(({ key, row }) => ({
        at: row?.evidence[0]?.at ?? at,
        source: key,
        saw: row ? `${row.evidence[0]?.saw ?? 'not looked at'}${usableText(row)}` : 'not looked at',
      })),
      findings: parts.flatMap(({ row }) => row?.findings ?? []),
    };
  });
  const ran = jobs.map((one) => jobRow(one, at));
  return { rows: [...rows, ...ran.map(({ row }) => row)], findings: ran.flatMap(({ findings }) => findings) };
}

function isGreen(verdict: SigningJob['verdict']): boolean {
  return verdict === undefined || verdict === 'accepted';
}

function usableText({ usableOn }: VariableRow): string {
  if (!usableOn) return '';
  return usableOn.length > 0 ? `; on ${usableOn.join(', ')}` : '; on no ref looked at';
}

/** The lowest rung; unknown when one is, unless another is known to be absent. */
export function lowest(list: readonly Rung[]): Rung {
  if (list.includes('absent')) return 'absent';
  if (list.includes('unknown') || list.length === 0) return 'unknown';
  return rungs.find((rung) => list.includes(rung)) ?? 'unknown';
}

function jobRow(
  { job, pipeline, verdict }: SigningJob,
  at: string,
): { row: SigningRow; findings: Finding[] } {
  const id = `signing/job/${job.name}@${pipeline.ref}`;
  const evidence: Evidence[] = [
    {
      at: job.finishedAt ?? at,
      source: `job ${job.id} of pipeline ${pipeline.id} on ${pipeline.ref}`,
      saw: `${job.status}${job.duration === undefined ? '' : ` after ${duration(job.duration)}`}${job.failureReason === undefined ? '' : ` (${job.failureReason})`}`,
    },
  ];
  const trouble = verdict === 'accepted' ? undefined : verdict;
  if (verdict !== undefined)
    evidence.push({
      at: job.finishedAt ?? at,
      source: 'the log of that job',
      saw: trouble ? trouble.means : 'Apple accepted the submission',
    });
  const finding: Finding | undefined =
    trouble || job.status === 'failed'
      ? {
          id: `signing-failed:${job.name}@${pipeline.ref}`,
          rule: trouble ? `signing-${trouble.code}` : 'signing-failed',
          severity: 'error',
          title: `${job.name} on ${pipeline.ref}: ${trouble ? trouble.means : 'failed'}`,
          where: { object: `job ${job.id}`, url: job.webUrl },
          saw: evidence[0]?.saw ?? '',
          why: 'Without it no signed package is released, whatever the variables look like.',
          fix: { text: trouble?.fix ?? `Read the log: huskycat-tui log ${job.id}` },
        }
      : undefined;
  const row: SigningRow = {
    id,
    title: `${job.name} on ${pipeline.ref}`,
    kind: 'job',
    rung: job.status === 'success' && !trouble ? 'proven' : 'present',
    evidence,
    findings: finding ? [finding.id] : [],
  };
  return { row, findings: finding ? [finding] : [] };
}
