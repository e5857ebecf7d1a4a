import { NeedsUser, Unavailable } from '../core/failure.ts';
import type { PipelineJob } from '../core/gitlab/model.ts';
import { groupName } from '../core/pipeline/group.ts';
import { counted } from '../core/text/format.ts';
import { FirstError } from '../core/trace/firstError.ts';
import { TraceLog } from '../core/trace/log.ts';
import { LogSearch } from '../core/trace/search.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { openTrace } from '../services/trace/store.ts';
import { printJson } from './answer.ts';
import type { Io } from './io.ts';
import { newest } from './pipeline.ts';
import { printable } from './text.ts';

type Source = Pick<GitLab, 'pipelines' | 'jobs' | 'job' | 'trace' | 'clockOffset'>;

export interface LogOptions {
  /** An id, or the name of a job of the newest pipeline. */
  readonly job: string;
  /** Of the branch or tag whose newest pipeline is meant. */
  readonly ref?: string;
  readonly follow: boolean;
  /** Only the lines with this text; in either case, unless it has a capital letter. */
  readonly search?: string;
  readonly json: boolean;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks at a running job, at least. */
  readonly interval?: number;
}

/**
 * `log`: a job's log as clean text. Gives the exit status: with --search 1 when no line has the text; with --follow 1 when the
 * job failed or was canceled; else 0.
 */
export async function showLog(gitlab: Source, options: LogOptions, io: Io): Promise<number> {
  const { signal, json, search } = options;
  const found = await findJob(gitlab, options.job, options.ref, signal);
  const streams = !json && search === undefined;
  const { log, job } = options.follow
    ? await followed(gitlab, found, options, streams ? io : undefined)
    : await whole(gitlab, found, signal, streams ? io : undefined);
  const lines = search === undefined ? undefined : matching(log, search);
  if (json) printJson(io, 'log', new Date(options.now()).toISOString(), logJson(log, job, lines));
  else if (lines) {
    io.stdout(lines.map((line) => `${line + 1}: ${printable(log.text(line))}\n`).join(''));
    io.stderr(`${counted(lines.length, 'line')} of ${log.lineCount}\n`);
  }
  if (lines) return lines.length === 0 ? 1 : 0;
  return options.follow && (job.status === 'failed' || job.status === 'canceled') ? 1 : 0;
}

/** The job by its id, or by its name in the newest pipeline. Throws `NeedsUser` with the names that come near. */
async function findJob(
  gitlab: Source,
  wanted: string,
  ref: string | undefined,
  signal?: AbortSignal,
): Promise<PipelineJob> {
  if (/^#?\d+$/.test(wanted)) return gitlab.job(Number(wanted.replace('#', '')), signal);
  const pipeline = await newest(gitlab, ref, signal);
  const jobs = await gitlab.jobs(pipeline, signal);
  const exact = jobs.filter(({ name }) => name === wanted).at(-1);
  if (exact) return exact;
  const near = jobs.filter(({ name }) => groupName(name) === wanted || name.includes(wanted));
  const [only] = near;
  if (only && near.length === 1) return only;
  const names = (near.length > 0 ? near : jobs).slice(0, 8).map(({ name }) => name);
  throw new NeedsUser({
    tried: `find the job ${wanted} in pipeline #${pipeline}`,
    saw: near.length > 1 ? `${near.length} jobs have that in their name` : 'there is none of that name',
    next: [names.length === 0 ? 'Give the id of a job.' : `Give a whole name or an id: ${names.join(', ')}`],
    code: 'no-job',
  });
}

async function whole(
  gitlab: Source,
  job: PipelineJob,
  signal: AbortSignal | undefined,
  io: Io | undefined,
): Promise<{ log: TraceLog; job: PipelineJob }> {
  const log = new TraceLog();
  const print = printer(log, io);
  for await (const bytes of await gitlab.trace(job.id, 0, signal)) {
    log.append(bytes);
    print(false);
  }
  log.complete();
  print(true);
  return { log, job };
}

async function followed(
  gitlab: Source,
  job: PipelineJob,
  { signal, interval, now }: LogOptions,
  io: Io | undefined,
): Promise<{ log: TraceLog; job: PipelineJob }> {
  const store = openTrace({
    gitlab,
    job: job.id,
    now: () => now() + gitlab.clockOffset(),
    ...(interval === undefined ? {} : { interval }),
  });
  const print = printer(store.log, io);
  store.subscribe(() => print(false));
  const stop = (): void => store.stop();
  signal?.addEventListener('abort', stop, { once: true });
  store.follow();
  await store.finished();
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  const failure = store.failure();
  if (failure?.kind === 'needs-user') throw new NeedsUser(failure);
  if (failure) throw new Unavailable(failure);
  print(true);
  return { log: store.log, job: store.job() ?? job };
}

/** Prints the lines that have come whole since the last time; at the end the last one too. */
function printer(log: TraceLog, io: Io | undefined): (isEnd: boolean) => void {
  let printed = 0;
  return (isEnd) => {
    const whole = isEnd ? log.lineCount : log.lineCount - 1;
    if (!io || printed >= whole) return;
    let text = '';
    for (; printed < whole; printed += 1) {
      const line = log.line(printed);
      const isMarkerOnly = line.markers.length > 0 && line.text === '';
      if (!isMarkerOnly) text += `${printable(line.text)}\n`;
    }
    io.stdout(text);
  };
}

function matching(log: TraceLog, text: string): number[] {
  const search = new LogSearch(log, text);
  while (!search.isDone) search.advance(64 << 20);
  return search.lines;
}

function logJson(
  log: TraceLog,
  { id, name, stage, status, webUrl }: PipelineJob,
  matches?: readonly number[],
) {
  const errors = new FirstError(log);
  while (!errors.isDone) errors.advance(64 << 20);
  const all = matches ?? Array.from({ length: log.lineCount }, (_, line) => line);
  return {
    job: { id, name, stage, status, url: webUrl },
    size: log.size,
    lineCount: log.lineCount,
    ...(errors.best === undefined
      ? {}
      : { firstError: { line: errors.best + 1, text: log.text(errors.best) } }),
    sections: log.sections.map((section) => ({
      name: section.name,
      line: log.lineOf(section.from) + 1,
      ...(section.endedAt === undefined ? {} : { duration: section.endedAt - section.startedAt }),
    })),
    lines: all.map((index) => {
      const { text, stamp } = log.line(index);
      return { line: index + 1, text, ...(stamp ? { time: stamp.time } : {}) };
    }),
  };
}
