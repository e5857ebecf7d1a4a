import type { VariableRow } from '../core/variables/row.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, printJson, printLines, rungText, statusOf, troubleOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `variables`: required against present, used and usable; never a value. Gives the exit status. */
export function showVariables(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { variableRows, variables, findings } = snapshot;
  const own = new Set(variableRows.flatMap(({ findings: ids }) => ids));
  const mine = findings.filter(({ id }) => own.has(id));
  const status = statusOf([variables], mine);
  if (json) {
    printJson(io, 'variables', now, {
      variables: variableRows.map(({ owner, ...row }) => ({
        ...row,
        ...(owner ? { source: `${owner.kind} ${owner.path}` } : {}),
      })),
      unreadable: variables.value?.unreadable ?? [],
    });
    return status;
  }
  const trouble = troubleOf('GitLab', variables);
  printLines(io, [
    ...table(variableRows.map((row) => [rungText(row.rung), row.key, flags(row), places(row)])),
    ...(trouble === undefined ? [] : [printable(`! ${trouble}`)]),
    ...mine.map(({ severity, title }) => printable(`${severity}: ${title}`)),
  ]);
  return status;
}

/** `masked, protected, group tinyland`; empty when nothing is known. */
function flags({ present, masked, hidden, protected: isProtected, raw, scope, owner }: VariableRow): string {
  if (present === false) return 'not set';
  return [
    hidden ? 'hidden' : masked ? 'masked' : undefined,
    isProtected ? 'protected' : undefined,
    raw ? 'raw' : undefined,
    scope === undefined || scope === '*' ? undefined : `scope ${scope}`,
    owner ? `${owner.kind} ${owner.path}` : undefined,
  ]
    .filter((flag) => flag !== undefined)
    .join(', ');
}

function places({ usedBy, usableOn, required }: VariableRow): string {
  const [first] = usedBy;
  const more = usedBy.length > 1 ? ` and ${usedBy.length - 1} more` : '';
  const read = first === undefined ? 'read nowhere' : `read at ${first}${more}`;
  const usable = usableOn === undefined ? '' : `; on ${usableOn.join(', ') || 'no ref'}`;
  return `${required === undefined ? '' : `${required}; `}${read}${usable}`;
}
