import type { ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { Job, PipelineContext } from '../core/ci/model.ts';
import { counted } from '../core/text/format.ts';
import type { Io } from './io.ts';
import { answerCi, type CiQuestion } from './question.ts';
import { printable } from './text.ts';

/** `ci jobs`: the jobs that an event would create, and for each that it would not, why. Gives the exit status. */
export async function showJobs(question: CiQuestion, io: Io): Promise<number> {
  const { set, context } = await answerCi(question);
  if (question.json) io.stdout(`${JSON.stringify(jobsJson(set, 'ci-jobs', question.now))}\n`);
  else io.stdout(jobsText(set, context));
  return set.errors.length > 0 ? 1 : 0;
}

/** The answer as programs read it. */
export function jobsJson(set: ResolvedJobSet, schema: 'ci-jobs' | 'ci-graph', now: string) {
  return {
    schema: `huskycat-tui/${schema}@1`,
    at: now,
    jobs: set.jobs.map(({ name, stage, when, allowFailure, tags, needs, definition }) => ({
      name,
      stage,
      when,
      allowFailure,
      tags,
      needs,
      file: definition.at.file,
      line: definition.at.line,
    })),
    stages: set.stages,
    excluded: set.excluded.map(({ name, because, at }) => ({ name, because, file: at.file, line: at.line })),
    unresolved: set.unresolved.map(({ include, because }) => ({ include, because })),
    errors: set.errors.map(({ message }) => message),
    assumptions: set.assumptions,
  };
}

function jobsText(set: ResolvedJobSet, { event, ref }: PipelineContext): string {
  const lines: string[] = [];
  for (const { message, at } of set.errors) {
    lines.push(`error: ${message}${at ? ` (${at.file}:${at.line}:${at.column})` : ''}`);
  }
  if (set.errors.length === 0) lines.push(`${counted(set.jobs.length, 'job')} for ${event} on ${ref}`);
  for (const stage of set.stages) {
    lines.push('', stage);
    for (const job of set.jobs) if (job.stage === stage) lines.push(`  ${jobLine(job)}`);
  }
  if (set.excluded.length > 0) lines.push('', 'not created');
  for (const { name, because, at } of set.excluded)
    lines.push(`  ${name}: ${because} (${at.file}:${at.line})`);
  if (set.unresolved.length > 0)
    lines.push('', 'not resolved offline; these may add or change jobs (--online asks GitLab)');
  for (const { include, because } of set.unresolved) lines.push(`  ${include}: ${because}`);
  if (set.assumptions.length > 0) lines.push('', 'assumed');
  for (const assumption of set.assumptions) lines.push(`  ${assumption}`);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function jobLine({ name, when, allowFailure, needs, tags }: Job): string {
  const marks = [
    when === 'on_success' ? '' : when,
    allowFailure ? 'may fail' : '',
    needs === null ? '' : needs.length === 0 ? 'starts at once' : `needs ${needs.map(needText).join(', ')}`,
    tags.length === 0 ? '' : `tags ${tags.join(', ')}`,
  ].filter(Boolean);
  return marks.length === 0 ? name : `${name}  (${marks.join('; ')})`;
}

function needText({
  job,
  optional,
  artifacts,
}: {
  job: string;
  optional: boolean;
  artifacts: boolean;
}): string {
  return `${job}${optional ? '?' : ''}${artifacts ? '' : ' (no artifacts)'}`;
}
