import { counted } from '../core/text/format.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import {
  type AnswerOptions,
  evidenceText,
  findingLines,
  printJson,
  printLines,
  rungText,
  statusOf,
  troubleOf,
} from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `status`: every subject with its rung, age and one line of evidence. Gives the exit status. */
export function showStatus(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { subjects, findings } = snapshot;
  const status = statusOf(sourcesOf(snapshot), findings);
  if (json) {
    printJson(io, 'status', now, {
      subjects: subjects.map(({ id, title, rung, evidence, findings: ids }) => ({
        id,
        title,
        rung,
        evidence,
        findings: ids,
      })),
      troubles: troubles(snapshot),
    });
    return status;
  }
  printLines(io, [
    ...table(
      subjects.map(({ title, rung, evidence }) => [rungText(rung), title, evidenceText(evidence, now)]),
    ),
    ...troubles(snapshot).map((line) => printable(`! ${line}`)),
    '',
    findings.length === 0
      ? 'No findings.'
      : `${counted(findings.length, 'finding')}: ${severities(snapshot)}. See: huskycat-tui findings`,
  ]);
  return status;
}

/** `findings`: what is wrong or risky, worst first. Gives the exit status. */
export function showFindings(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { findings } = snapshot;
  const status = statusOf(sourcesOf(snapshot), findings);
  if (json) printJson(io, 'findings', now, { findings, troubles: troubles(snapshot) });
  else
    printLines(io, [
      ...findings.flatMap((finding) => [...findingLines(finding), '']),
      ...troubles(snapshot).map((line) => printable(`not looked at: ${line}`)),
      findings.length === 0
        ? 'No findings.'
        : `${counted(findings.length, 'finding')}: ${severities(snapshot)}.`,
    ]);
  return status;
}

function sourcesOf(snapshot: Snapshot) {
  const { checkout, project, attic, bazelRemote, honey } = snapshot;
  const asked = [project, attic, bazelRemote, honey].filter(({ state }) => state !== 'off');
  return asked.length > 0 ? asked : [checkout];
}

/** What could not be looked at, and what to do about it. */
export function troubles(snapshot: Snapshot): string[] {
  const named = [
    ['checkout', snapshot.checkout],
    ['GitLab', snapshot.project],
    ['token', snapshot.token],
    ['variables', snapshot.variables],
    ['runners', snapshot.runners],
    ['pipelines', snapshot.pipelines],
    ['Attic', snapshot.attic],
    ['bazel-remote', snapshot.bazelRemote],
    ['honey', snapshot.honey],
  ] as const;
  const lines = named.flatMap(([name, datum]) => troubleOf(name, datum) ?? []);
  return lines.filter((line, index) => !lines.slice(0, index).some((other) => sameCause(other, line)));
}

/** One dead server is one trouble, however many sources it feeds. */
function sameCause(a: string, b: string): boolean {
  return a.slice(a.indexOf(': ')) === b.slice(b.indexOf(': '));
}

function severities({ findings }: Snapshot): string {
  const groups = Map.groupBy(findings, ({ severity }) => severity);
  return [...groups].map(([severity, list]) => counted(list.length, severity)).join(', ');
}
