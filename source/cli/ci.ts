import { jobSet, type ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { Job, PipelineContext, PipelineEvent } from '../core/ci/model.ts';
import { NeedsUser } from '../core/failure.ts';
import { counted } from '../core/text/format.ts';
import { type Checkout, openCheckout } from '../services/git/checkout.ts';
import { pipelineContext } from '../services/git/pipelineContext.ts';
import type { Io } from './io.ts';
import { printable } from './text.ts';

export const events = [
  'push',
  'merge_request',
  'tag',
  'schedule',
  'web',
] as const satisfies readonly PipelineEvent[];

/** What a `ci` command is asked for. */
export interface CiQuestion {
  readonly dir: string;
  readonly event: string;
  readonly ref?: string;
  readonly changed?: readonly string[];
  /** `KEY=VALUE`, as given. */
  readonly variables: readonly string[];
  readonly json: boolean;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/** The job set for a question. Throws `NeedsUser` for an unknown event or a variable without `=`. */
export async function answerCi(
  question: CiQuestion,
): Promise<{ set: ResolvedJobSet; checkout: Checkout; context: PipelineContext }> {
  const event = eventOf(question.event);
  const checkout = await openCheckout(question.dir);
  const context = contextOf(checkout, event, question);
  return { set: jobSet('.gitlab-ci.yml', context), checkout, context };
}

/** The event that a word names. Throws `NeedsUser` for another word. */
export function eventOf(word: string): PipelineEvent {
  const event = events.find((known) => known === word);
  if (!event) throw usage(`--event ${word}`, `the events are ${events.join(', ')}`);
  return event;
}

/** The pipeline that an event on a checkout would ask for. */
export function contextOf(
  checkout: Checkout,
  event: PipelineEvent,
  question: Pick<CiQuestion, 'ref' | 'changed' | 'variables'>,
): PipelineContext {
  const { ref, changed } = question;
  return pipelineContext(checkout, event, {
    variables: Object.fromEntries(question.variables.map(assignment)),
    ...(ref === undefined ? {} : { ref }),
    ...(changed ? { changed } : {}),
  });
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--var ${text}`, 'a variable is given as KEY=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

function usage(tried: string, saw: string): NeedsUser {
  return new NeedsUser({ tried, saw, next: ['See: huskycat-tui ci jobs --help'], code: 'usage' });
}

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
  if (set.unresolved.length > 0) lines.push('', 'not resolved offline; these may add or change jobs');
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
