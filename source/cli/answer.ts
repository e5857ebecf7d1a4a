import type { Datum } from '../core/datum.ts';
import type { Evidence, Finding, Rung } from '../core/evidence.ts';
import { age } from '../core/text/format.ts';
import type { Io } from './io.ts';
import { printable } from './text.ts';

/** What every command that shows a snapshot is given besides it. */
export interface AnswerOptions {
  readonly json: boolean;
  /** ISO 8601 UTC, when it was asked. */
  readonly now: string;
}

/** Prints one JSON object with its schema and time. */
export function printJson(io: Io, schema: string, now: string, answer: object): void {
  io.stdout(`${JSON.stringify({ schema: `huskycat-tui/${schema}@1`, at: now, ...answer })}\n`);
}

export function printLines(io: Io, lines: readonly string[]): void {
  io.stdout(lines.map((line) => `${line}\n`).join(''));
}

const marks: Readonly<Record<Rung, string>> = {
  proven: '✔',
  reachable: '●',
  valid: '◉',
  present: '◐',
  absent: '○',
  unknown: '?',
};

/** A rung with its mark: `✔ proven`. */
export function rungText(rung: Rung): string {
  return `${marks[rung]} ${rung}`;
}

/** `saw (source, 3m ago)` of the newest evidence. */
export function evidenceText([first]: readonly Evidence[], now: string): string {
  if (!first) return 'not looked at';
  const passed = Date.parse(now) - Date.parse(first.at);
  const when = passed < 10_000 ? '' : `, ${age(passed)} ago`;
  return `${first.saw} (${first.source}${when})`;
}

export function findingLines({ severity, rule, title, where, saw, why, fix }: Finding): string[] {
  const place =
    'file' in where
      ? `${where.file}${where.line === undefined ? '' : `:${where.line}`}${where.column === undefined ? '' : `:${where.column}`}`
      : where.object;
  return [
    `${severity}: ${title} [${rule}]`,
    `  at ${place}${'url' in where && where.url !== undefined ? ` ${where.url}` : ''}`,
    `  saw: ${saw}`,
    `  why: ${why}`,
    `  fix: ${'text' in fix ? fix.text : 'command' in fix ? fix.command : `huskycat-tui task ${fix.task}`}`,
  ].map(printable);
}

/** Why a source has no fresh value, in one line with the next step; undefined when it has. */
export function troubleOf(name: string, datum: Datum<unknown>): string | undefined {
  if (datum.state === 'off') return `${name}: not configured. ${datum.off ?? ''}`.trim();
  if (!datum.failure) return undefined;
  const { tried, saw, next } = datum.failure;
  return `${name}: ${tried}: ${saw}. ${next[0] ?? ''}`.trim();
}

/** 2 when none of the sources answered, 1 when there are errors or warnings among the findings, else 0. */
export function statusOf(sources: readonly Datum<unknown>[], findings: readonly Finding[]): number {
  if (sources.length > 0 && sources.every(({ value }) => value === undefined)) return 2;
  return findings.some(({ severity }) => severity !== 'info') ? 1 : 0;
}
