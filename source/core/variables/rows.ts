import type { Evidence, Finding, Rung } from '../evidence.ts';
import type { Variable } from '../gitlab/model.ts';
import { isPredefined } from './defined.ts';
import { variableFindings } from './findings.ts';
import { idOf, type VariableKnowledge } from './knowledge.ts';
import { type RequiredVariable, requiredVariables } from './required.ts';
import type { VariableRow } from './row.ts';
import type { RefOfInterest } from './usable.ts';
import type { VariableUse } from './uses.ts';

/** One row for each variable that is set, required, or read by the configuration and set nowhere in it. */
export function variableRows(known: VariableKnowledge): { rows: VariableRow[]; findings: Finding[] } {
  const used = Map.groupBy(known.uses, ({ key }) => key);
  const required = new Map(requiredVariables.map((one) => [one.key, one]));
  const set = known.listing?.variables ?? [];
  const keys = new Set(set.map(({ key }) => key));
  const wanted = [...used.keys()].filter((key) => !isPredefined(key) && !known.defined.has(key));
  const missing = [...new Set([...required.keys(), ...wanted])].filter((key) => !keys.has(key));
  const about = [
    ...set.map((variable) => describe(variable.key, variable)),
    ...missing.map((key) => describe(key, undefined)),
  ];
  const rows = about.map((one) => one.row).sort((a, b) => order(a) - order(b) || a.id.localeCompare(b.id));
  return { rows, findings: about.flatMap((one) => one.findings) };

  function describe(key: string, variable: Variable | undefined) {
    const uses = used.get(key) ?? [];
    const need = required.get(key);
    const findings = variableFindings({ key, variable, uses, need, known });
    const row: VariableRow = {
      id: idOf(key, variable),
      key,
      rung: rungOf(variable, findings, known),
      usedBy: [...new Set(uses.map(({ at }) => `${at.file}:${at.line}`))],
      evidence: evidenceOf(variable, uses, need, known),
      findings: findings.map(({ id }) => id),
      ...(need ? { required: need.purpose } : {}),
      ...(known.listing ? { present: variable !== undefined } : {}),
      ...(variable ? flagsOf(variable) : {}),
      ...(variable && known.refs ? { usableOn: usableOn(variable, known.refs) } : {}),
    };
    return { row, findings };
  }
}

/** Names of the refs on which jobs get the variable. */
function usableOn(variable: Variable, refs: readonly RefOfInterest[]): string[] {
  return refs.filter((ref) => !variable.protected || ref.protected).map(({ name }) => name);
}

function order({ required, usedBy }: VariableRow): number {
  return required !== undefined ? 0 : usedBy.length > 0 ? 1 : 2;
}

function flagsOf({ masked, hidden, protected: isProtected, raw, type, scope, owner }: Variable) {
  return { masked, hidden, protected: isProtected, raw, type, scope, owner };
}

const invalidating = new Set(['variable-empty', 'variable-mangled']);

function rungOf(
  variable: Variable | undefined,
  findings: readonly Finding[],
  known: VariableKnowledge,
): Rung {
  if (!known.listing) return 'unknown';
  if (!variable) return known.listing.unreadable.length > 0 ? 'unknown' : 'absent';
  const rules = new Set(findings.map(({ rule }) => rule));
  if ([...rules].some((rule) => invalidating.has(rule))) return 'present';
  if (!known.refs || rules.has('variable-unusable')) return 'valid';
  return 'reachable';
}

function evidenceOf(
  variable: Variable | undefined,
  uses: readonly VariableUse[],
  need: RequiredVariable | undefined,
  known: VariableKnowledge,
): Evidence[] {
  const evidence: Evidence[] = [];
  const source = known.listedFrom ?? 'GitLab';
  if (known.listing && known.listedAt !== undefined) {
    evidence.push({ at: known.listedAt, source, saw: sawOf(variable) });
    for (const { owner, because } of known.listing.unreadable)
      evidence.push({ at: known.listedAt, source: `${owner.kind} ${owner.path}`, saw: because });
  }
  if (variable && known.refs && known.listedAt !== undefined)
    evidence.push({
      at: known.listedAt,
      source: 'protected branches and tags',
      saw: `jobs get it on ${usableOn(variable, known.refs).join(', ') || 'no ref looked at'}`,
    });
  const jobs = [...new Set(uses.flatMap(({ job }) => job ?? []))];
  const [first] = uses;
  evidence.push({
    at: known.readAt,
    source: 'CI configuration of the checkout',
    saw: first
      ? `read at ${first.at.file}:${first.at.line}${jobs.length > 0 ? ` by ${jobs.join(', ')}` : ''}`
      : `read nowhere${need ? `; it is for ${need.purpose}` : ''}`,
  });
  return evidence;
}

function sawOf(variable: Variable | undefined): string {
  if (!variable) return 'not set';
  const flags = [
    variable.hidden ? 'hidden' : variable.masked ? 'masked' : 'not masked',
    variable.protected ? 'protected' : 'not protected',
    variable.raw ? 'raw' : 'expanded',
    variable.type === 'file' ? 'a file' : undefined,
    variable.value?.empty ? 'empty' : undefined,
    variable.scope === '*' ? undefined : `scope ${variable.scope}`,
  ].filter((flag) => flag !== undefined);
  return `set in ${variable.owner.kind} ${variable.owner.path}: ${flags.join(', ')}`;
}
