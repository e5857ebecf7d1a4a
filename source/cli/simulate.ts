import * as z from 'zod';
import type { Job, PipelineEvent } from '../core/ci/model.ts';
import { get, isNull } from '../core/ci/yaml/node.ts';
import type { Plan, WhatIf } from '../core/pipeline/gain.ts';
import type { RunnerSpec } from '../core/pipeline/runners.ts';
import type { Simulation, TimedJob } from '../core/pipeline/simulate.ts';
import { type Change, whatIf } from '../core/pipeline/whatIf.ts';
import { counted } from '../core/text/format.ts';
import { parseChanges } from './changes.ts';
import { readJson, readRunners } from './files.ts';
import type { Io } from './io.ts';
import { answerCi, type CiQuestion, eventOf, usage } from './question.ts';
import { printable } from './text.ts';

export interface SimulateOptions {
  /** Path of `{"job name": seconds}`. */
  readonly durations?: string;
  /** Path of `[{"name", "tags", "runUntagged", "concurrent"}]`. */
  readonly runners?: string;
  /** As `parseChanges` reads them, and tasks of the build plan: `NAME[:OPTION]`. */
  readonly change?: readonly string[];
  /** What a task of the plan would do; undefined for a text that names none. */
  readonly task?: (text: string, event: PipelineEvent) => Promise<TaskAnswer | undefined>;
}

/** What a task would do to the pipeline, and what GitLab knows of its jobs. */
export interface TaskAnswer {
  readonly changes: readonly Change[];
  readonly assumptions: readonly string[];
  /** Seconds. */
  readonly durations: Readonly<Record<string, number>>;
  readonly runners?: readonly RunnerSpec[];
}

const durationsShape = z.record(z.string(), z.number().nonnegative());
/** Seconds for a job of unknown duration when no duration is known at all. */
const fallbackDuration = 60;

/** `ci simulate`: how long the pipeline of an event would take, and what it would wait for. Gives the exit status. */
export async function showSimulation(
  question: CiQuestion,
  options: SimulateOptions,
  io: Io,
): Promise<number> {
  const { set } = await answerCi(question);
  const assumptions = new Set(set.assumptions);
  const errors = set.errors.map(({ message }) => message);
  const asked = errors.length > 0 ? [] : (options.change ?? []);
  const tasks = await taskAnswers(asked, question, options);
  const answers = [...tasks.values()];
  const known = Object.assign({}, ...answers.map(({ durations }) => durations));
  const durations = options.durations === undefined ? known : readJson(options.durations, durationsShape);
  const runners =
    options.runners === undefined
      ? answers.find((task) => task.runners)?.runners
      : readRunners(options.runners);
  const jobs = timed(set.jobs, durations, assumptions);
  if (!runners) assumptions.add('every job finds a runner at once (give --runners)');
  const plan: Plan = { stages: set.configuration.stages, jobs, ...(runners ? { runners } : {}) };
  for (const line of answers.flatMap((task) => task.assumptions)) assumptions.add(line);
  const texts = asked.filter((text) => !tasks.has(text));
  const changes = [...answers.flatMap((task) => task.changes), ...parseChanges(texts, set.jobs, plan)];
  const result = whatIf(plan, changes);
  for (const { name, because } of result.after.idle)
    assumptions.add(`${name} does not run: ${reasons[because]}`);
  if (question.json) {
    const answer = {
      schema: 'huskycat-tui/ci-simulate@1',
      at: question.now,
      before: json(result.before),
      after: json(result.after),
      gain: result.gain,
      moved: moved(result),
      assumptions: [...assumptions],
      errors,
    };
    io.stdout(`${JSON.stringify(answer)}\n`);
  } else io.stdout(text(result, asked, runners, [...assumptions], errors));
  return errors.length > 0 ? 1 : 0;
}

/** The texts that name tasks, with what those would do. */
async function taskAnswers(
  texts: readonly string[],
  { event, commit }: CiQuestion,
  { task }: SimulateOptions,
): Promise<Map<string, TaskAnswer>> {
  const found = new Map<string, TaskAnswer>();
  for (const text of texts) {
    const answer = /^(?:job|runner):/.test(text) ? undefined : await task?.(text, eventOf(event));
    if (!answer) continue;
    if (commit !== undefined)
      throw usage(
        `--change ${text}`,
        'a task is worked out on the working tree, not on a commit',
        'ci simulate',
      );
    found.set(text, answer);
  }
  return found;
}

const reasons = {
  manual: 'it waits for a hand',
  skipped: 'what it needs does not run, or nothing fails',
  blocked: 'what is before it never ends',
  stuck: 'no runner takes its tags',
} as const;

function timed(
  jobs: readonly Job[],
  durations: Readonly<Record<string, number>>,
  assumptions: Set<string>,
): TimedJob[] {
  const known = jobs
    .flatMap(({ name, definition }) => durations[name] ?? durations[definition.name] ?? [])
    .sort((a, b) => a - b);
  const usual = median(known) ?? fallbackDuration;
  let guessed = 0;
  const result = jobs.map((job): TimedJob => {
    const isBridge = !isNull(get(job.definition.keywords, 'trigger'));
    const duration = durations[job.name] ?? durations[job.definition.name] ?? (isBridge ? 0 : undefined);
    if (duration === undefined) guessed += 1;
    return {
      ...job,
      needs: job.needs?.map((need) => need.job) ?? null,
      duration: duration ?? usual,
      isBridge,
    };
  });
  if (guessed > 0) {
    const whence = known.length > 0 ? `the median of ${known.length} given` : 'no duration is given';
    assumptions.add(`${counted(guessed, 'job')} of unknown duration count as ${usual} s (${whence})`);
  }
  return result;
}

function median(sorted: readonly number[]): number | undefined {
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function json({ wallClock, criticalPath, jobs }: Simulation) {
  const path = criticalPath.map(({ name, start, end, waitedFor }) => ({
    job: name,
    start,
    end,
    ...(waitedFor ? { waitedFor: waitedFor.job, because: waitedFor.because } : {}),
  }));
  return { wallClock, criticalPath: path, jobs: jobs.map(({ waitedFor: _, ...job }) => job) };
}

/** A job that starts or ends at another time, in seconds from the pipeline's creation; one side is absent when it does not run. */
interface Moved {
  readonly job: string;
  readonly before?: { readonly start: number; readonly end: number };
  readonly after?: { readonly start: number; readonly end: number };
}

function moved({ before, after }: WhatIf): Moved[] {
  const times = ({ jobs }: Simulation) =>
    new Map(jobs.map(({ name, start, end }) => [name, { start, end }] as const));
  const [was, is] = [times(before), times(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((job) => {
    const [one, other] = [was.get(job), is.get(job)];
    if (one?.start === other?.start && one?.end === other?.end) return [];
    return [{ job, ...(one ? { before: one } : {}), ...(other ? { after: other } : {}) }];
  });
}

function text(
  result: WhatIf,
  asked: readonly string[],
  runners: readonly RunnerSpec[] | undefined,
  assumptions: readonly string[],
  errors: readonly string[],
): string {
  const { before, after, gain } = result;
  const on = runners ? ` on ${counted(runners.length, 'runner')}` : '';
  const lines = errors.map((error) => `error: ${error}`);
  lines.push(`${counted(before.jobs.length, 'job')} in ${clock(before.wallClock)}${on}`);
  if (asked.length > 0) {
    const saved = gain.seconds >= 0 ? 'faster' : 'slower';
    lines.push(
      `with ${asked.join(' and ')}: ${clock(after.wallClock)}, ${clock(Math.abs(gain.seconds))} ${saved} (× ${gain.ratio.toFixed(2)})`,
    );
  }
  lines.push('', 'critical path');
  for (const { name, start, end, waitedFor } of after.criticalPath) {
    const wait = waitedFor ? `  after ${waitedFor.job} (${waitedFor.because})` : '';
    lines.push(`  ${clock(start)} – ${clock(end)}  ${name}${wait}`);
  }
  const changed = moved(result);
  if (changed.length > 0) lines.push('', 'moved', ...changed.map((job) => `  ${movedLine(job)}`));
  if (assumptions.length > 0)
    lines.push('', 'assumed', ...assumptions.map((assumption) => `  ${assumption}`));
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function movedLine({ job, before, after }: Moved): string {
  const span = (times: Moved['before']): string =>
    times ? `${clock(times.start)} – ${clock(times.end)}` : 'does not run';
  return `${job}  ${span(before)} → ${span(after)}`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
