import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText, statusOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `signing`: the credentials and what the last signing jobs said. Gives the exit status. */
export function showSigning(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { signing, findings, variables } = snapshot;
  const own = new Set(signing.flatMap(({ findings: ids }) => ids));
  const mine = findings.filter(({ id }) => own.has(id));
  const status = statusOf([variables], mine);
  if (json) {
    printJson(io, 'signing', now, { signing, findings: mine });
    return status;
  }
  printLines(io, [
    ...table(
      signing.map(({ rung, title, evidence }) => [rungText(rung), title, evidenceText(evidence, now)]),
    ),
    ...mine.map(({ severity, title }) => printable(`${severity}: ${title}`)),
  ]);
  return status;
}
