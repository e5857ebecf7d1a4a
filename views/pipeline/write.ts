import { asFailure, isAbort } from '../../source/core/failure.ts';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { JobAction, PipelineAction } from '../../source/core/pipeline/consequences.ts';
import {
  describeConsequences,
  jobConsequences,
  jobRefusal,
  pipelineConsequences,
} from '../../source/core/pipeline/consequences.ts';
import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import { hasEnded } from '../../source/core/pipeline/timing.ts';
import type { PipelineView } from '../../source/monitor/snapshot.ts';
import type { Write } from '../../source/services/gate.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import type { Host } from '../host.ts';

const verbs = { retry: 'Retry', play: 'Play', cancel: 'Cancel' } as const;

const undo: Readonly<Record<JobAction, string>> = {
  retry: 'cancel the new attempt while it runs.',
  play: 'cancel the job while it runs; what it did by then stays.',
  cancel: 'retry the job.',
};

/** Why the action cannot be done now, in a sentence; undefined when it can. */
export function jobDisabled(host: Host, job: PipelineJob | undefined, action: JobAction): string | undefined {
  if (!job) return 'no job is selected';
  return noGitLab(host) ?? jobRefusal(job, action) ?? host.workspace.gate.refusal('remote');
}

export function pipelineDisabled(
  host: Host,
  view: PipelineView | undefined,
  action: PipelineAction,
): string | undefined {
  if (!view) return 'there is no pipeline';
  const isOver = hasEnded(view.pipeline.status);
  const isIdle = !view.jobs.some(({ status }) => status === 'failed' || status === 'canceled');
  const why =
    action === 'cancel'
      ? isOver
        ? `it has ended: ${view.pipeline.status}`
        : undefined
      : isIdle
        ? 'nothing failed or was canceled'
        : undefined;
  return noGitLab(host) ?? why ?? host.workspace.gate.refusal('remote');
}

function noGitLab({ workspace }: Host): string | undefined {
  return 'service' in workspace.gitlab ? undefined : workspace.gitlab.off;
}

/** Asks with the consequences named, then does it through the gate. */
export async function actOnJob(
  host: Host,
  graph: PipelineGraph,
  index: number,
  action: JobAction,
): Promise<void> {
  const job = graph.jobs[index];
  const gitlab = serviceOf(host);
  if (!job || !gitlab) return;
  const variables = action === 'play' ? await askVariables(host, job) : {};
  if (!variables) return;
  const keys = Object.keys(variables);
  const write: Write<PipelineJob> = {
    title: `${verbs[action]} job ${job.name} (#${job.id})`,
    effect: 'remote',
    target: `${gitlab.server}/${gitlab.projectPath} job #${job.id}`,
    detail: `POST projects/:id/jobs/${job.id}/${action}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`,
    undo: { text: undo[action] },
    before: job.status,
    current: (signal) => statusNow(gitlab, job, host.monitor.snapshot().pipeline.value?.pipeline.id, signal),
    perform(grant, signal) {
      if (action === 'retry') return gitlab.retryJob(grant, job.id, signal);
      if (action === 'cancel') return gitlab.cancelJob(grant, job.id, signal);
      return gitlab.playJob(grant, job.id, variables, signal);
    },
    result: ({ id, status }) => `job #${id} is ${status}`,
  };
  const lines = [
    ...describeConsequences(jobConsequences(graph, index, action)),
    ...(keys.length === 0 ? [] : [`variables: ${keys.join(', ')}`]),
    `To undo: ${undo[action]}`,
  ];
  await confirmed(host, write, lines);
}

/** GitLab answers for a single job, for bridges only with those of their pipeline. */
async function statusNow(
  gitlab: GitLab,
  { id, kind }: PipelineJob,
  pipeline: number | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (kind === 'build' || pipeline === undefined) return (await gitlab.job(id, signal)).status;
  const jobs = await gitlab.jobs(pipeline, signal);
  return jobs.find((one) => one.id === id)?.status ?? 'gone';
}

export async function actOnPipeline(
  host: Host,
  view: PipelineView,
  graph: PipelineGraph,
  action: PipelineAction,
): Promise<void> {
  const gitlab = serviceOf(host);
  if (!gitlab) return;
  const { id, ref, status } = view.pipeline;
  const back = action === 'retry' ? 'cancel the pipeline.' : 'retry the pipeline.';
  const write: Write<{ readonly status: string }> = {
    title: `${verbs[action]} pipeline #${id} (${ref})`,
    effect: 'remote',
    target: `${gitlab.server}/${gitlab.projectPath} pipeline #${id}`,
    detail: `POST projects/:id/pipelines/${id}/${action}`,
    undo: { text: back },
    before: status,
    current: async (signal) => (await gitlab.pipeline(id, signal)).status,
    perform: (grant, signal) =>
      action === 'retry' ? gitlab.retryPipeline(grant, id, signal) : gitlab.cancelPipeline(grant, id, signal),
    result: (after) => `the pipeline is ${after.status}`,
  };
  await confirmed(host, write, [
    ...describeConsequences(pipelineConsequences(graph, action)),
    `To undo: ${back}`,
  ]);
}

async function confirmed<T>(host: Host, write: Write<T>, lines: readonly string[]): Promise<void> {
  const { ask, workspace, notify, monitor } = host;
  if (!(await ask.confirm({ title: `${write.title}?`, lines }))) return;
  try {
    const value = await workspace.gate.perform(write);
    notify(`${write.title}: ${write.result?.(value) ?? 'done'}`, 'good');
  } catch (thrown) {
    if (isAbort(thrown)) return;
    const { saw, next } = asFailure(thrown, write.title);
    notify([saw, ...next].join(' '), 'bad');
  }
  await monitor.refresh(['pipelines', 'pipeline']);
}

/** Undefined when the user thought better of it. */
async function askVariables(
  { ask, notify }: Host,
  job: PipelineJob,
): Promise<Record<string, string> | undefined> {
  const text = await ask.text({
    title: `Play ${job.name}`,
    lines: [
      'Variables as KEY=VALUE, with ; between; nothing for none. They are seen by everyone who may read the job.',
    ],
  });
  if (text === undefined) return undefined;
  const pairs = text.split(';').filter((pair) => pair.trim() !== '');
  const variables: Record<string, string> = {};
  for (const pair of pairs) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(pair);
    if (!match) {
      notify('a variable is given as KEY=VALUE; nothing was started', 'warn');
      return undefined;
    }
    variables[match[1] ?? ''] = match[2] ?? '';
  }
  return variables;
}

function serviceOf({ workspace }: Host): GitLab | undefined {
  return 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
}
