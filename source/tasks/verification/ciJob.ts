import { scriptLines } from '../../core/ci/checks/rule.ts';
import { Unavailable } from '../../core/failure.ts';
import type { PipelineJob, PipelineSummary } from '../../core/gitlab/model.ts';
import { groupName } from '../../core/pipeline/group.ts';
import { duration } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { TraceLog } from '../../core/trace/log.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import { readLog } from '../../services/trace/readLog.ts';
import { openTrace } from '../../services/trace/store.ts';
import type { VerifyContext } from './model.ts';

/** One run of a job, with its log as clean text. */
export interface JobLog {
  readonly job: PipelineJob;
  readonly pipeline: PipelineSummary;
  readonly text: string;
  /** `log of nix:build in pipeline 12 on main`. */
  readonly source: string;
  /** ISO 8601 UTC of its end. */
  readonly at: string;
}

/** Pipelines that are looked through, and of each log, from its start. */
const searched = 10;
const logBytes = 16 * 1024 * 1024;

/**
 * The last run, on the default branch, of the first job whose script runs a command; or a new run of it. Throws `Unavailable`
 * when no such job has run.
 */
export async function jobLog(context: VerifyContext, command: RegExp): Promise<JobLog> {
  const { workspace, signal, isAgain } = context;
  const gitlab = requireGitLab(context.workspace, 'look at the project’s pipelines');
  const names = jobsWith(context, command);
  const { defaultBranch } = await gitlab.project(signal);
  const pipelines = await gitlab.pipelines(
    { limit: searched, ...(defaultBranch === undefined ? {} : { ref: defaultBranch }) },
    signal,
  );
  for (const pipeline of pipelines) {
    const jobs = await gitlab.jobs(pipeline.id, signal);
    const job = jobs.find(
      ({ name, status }) => names.has(groupName(name)) && (status === 'success' || status === 'failed'),
    );
    if (!job) continue;
    const run = isAgain
      ? await runAgain(context, gitlab, job)
      : { job, log: await readLog(gitlab, job.id, logBytes, signal) };
    const at = run.job.finishedAt ?? new Date(workspace.now()).toISOString();
    const source = `log of ${plain(job.name)} in pipeline ${pipeline.id} on ${plain(pipeline.ref)}`;
    return { job: run.job, pipeline, text: textOf(run.log), source, at };
  }
  throw new Unavailable({
    tried: `find a run of ${[...names].join(', ') || 'such a job'}`,
    saw:
      names.size === 0
        ? 'no job of the configuration does it'
        : `none has ended in the newest ${searched} pipelines`,
    next: ['Run it here or on honey instead: --where here'],
    code: 'no-job',
  });
}

function jobsWith({ known }: VerifyContext, command: RegExp): ReadonlySet<string> {
  const jobs = [...(known.facts?.configuration?.jobs.values() ?? [])];
  return new Set(
    jobs
      .filter(({ keywords }) => scriptLines(keywords, 'script').some(({ text }) => command.test(text)))
      .map(({ name }) => name),
  );
}

async function runAgain(
  { workspace, signal, timeout, onOutput }: VerifyContext,
  gitlab: GitLab,
  { id, name }: PipelineJob,
): Promise<{ job: PipelineJob; log: TraceLog }> {
  const started = await workspace.gate.perform(
    {
      title: `Run ${plain(name)} again`,
      effect: 'remote',
      target: gitlab.projectPath,
      detail: `POST /projects/${encodeURIComponent(gitlab.projectPath)}/jobs/${id}/retry`,
      undo: { text: 'Cancel the job while it runs; what it has used stays used.' },
      perform: (grant) => gitlab.retryJob(grant, id, signal),
      result: (job) => `job ${job.id}`,
    },
    signal,
  );
  const store = openTrace({ gitlab, job: started.id, now: workspace.now });
  const limit = AbortSignal.timeout(timeout * 1000);
  const over = signal ? AbortSignal.any([signal, limit]) : limit;
  let shown = 0;
  const stop = store.subscribe(() => {
    const whole = store.state() === 'complete' ? store.log.lineCount : store.log.lineCount - 1;
    for (; shown < whole; shown++) onOutput(`${workspace.redact(store.log.text(shown))}\n`, 'stdout');
  });
  try {
    store.follow();
    await Promise.race([store.finished(), aborted(over)]);
  } finally {
    stop();
    store.stop();
  }
  if (signal?.aborted) onOutput(`${goesOn(started)}\n`, 'stderr');
  signal?.throwIfAborted();
  const failure = store.failure();
  const job = store.job();
  if (limit.aborted || failure || !job)
    throw new Unavailable({
      tried: `follow ${plain(name)} (job ${started.id})`,
      saw: limit.aborted ? `no end after ${duration(timeout)}` : (failure?.saw ?? 'its state is not known'),
      next: [`Follow it: huskycat-tui log ${started.id} --follow`],
      code: 'not-followed',
    });
  return { job, log: store.log };
}

/** A stop here ends the following, not the job. */
function goesOn({ id, name, webUrl }: PipelineJob): string {
  return `${plain(name)} (job ${id}) goes on. To cancel it: ${plain(webUrl)}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function textOf(log: TraceLog): string {
  const lines: string[] = [];
  for (let line = 0; line < log.lineCount; line++) lines.push(log.text(line));
  return lines.join('\n');
}
