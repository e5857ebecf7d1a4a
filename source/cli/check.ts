import { checkConfiguration } from '../core/ci/checks/index.ts';
import { jobSet } from '../core/ci/jobSet.ts';
import type { PipelineEvent } from '../core/ci/model.ts';
import { openCheckout } from '../services/git/checkout.ts';
import { type CiQuestion, contextOf, events } from './ci.ts';
import { readRunners } from './files.ts';
import type { Io } from './io.ts';
import { printable } from './text.ts';

export interface CheckQuestion extends Omit<CiQuestion, 'event'> {
  /** All events when absent. */
  readonly event?: PipelineEvent;
  /** Path of a file of runners, as for `ci simulate`. */
  readonly runners?: string;
}

/** `ci check`: what is wrong in the checkout's CI configuration, for one event or, without `event`, for all. */
export async function showCheck(question: CheckQuestion, io: Io): Promise<number> {
  const runners = question.runners === undefined ? undefined : readRunners(question.runners);
  const checkout = await openCheckout(question.dir);
  const asked = question.event ? [question.event] : events;
  const sets = new Map(
    asked.map((event) => [event, jobSet('.gitlab-ci.yml', contextOf(checkout, event, question))] as const),
  );
  const [first] = sets.values();
  if (!first) return 2;
  const findings = checkConfiguration({
    configuration: first.configuration,
    sets,
    files: checkout,
    ...(runners ? { runners } : {}),
  });
  if (question.json) {
    const unresolved = first.unresolved.map(({ include, because }) => ({ include, because }));
    io.stdout(
      `${JSON.stringify({ schema: 'huskycat-tui/ci-check@1', at: question.now, findings, unresolved })}\n`,
    );
    return findings.length > 0 ? 1 : 0;
  }
  const lines = findings.flatMap(({ severity, rule, title, where, why, fix }) => [
    `${severity}: ${title} [${rule}]`,
    'file' in where ? `  at ${where.file}:${where.line ?? 1}:${where.column ?? 1}` : `  at ${where.object}`,
    `  why: ${why}`,
    `  fix: ${'text' in fix ? fix.text : 'command' in fix ? fix.command : `task ${fix.task}`}`,
  ]);
  if (lines.length === 0)
    lines.push(`No findings in ${first.configuration.files.length} files for ${asked.join(', ')}.`);
  for (const { include, because } of first.unresolved) lines.push(`not looked at: ${include}: ${because}`);
  io.stdout(lines.map((line) => `${printable(line)}\n`).join(''));
  return findings.length > 0 ? 1 : 0;
}
