import type { PipelineJob, PipelineSummary } from '../../source/core/gitlab/model.ts';
import { waitOf } from '../../source/core/pipeline/critical.ts';
import { dependants, downstream, type PipelineGraph, upstream } from '../../source/core/pipeline/graph.ts';
import { type History, usualDuration } from '../../source/core/pipeline/history.ts';
import { ownDownstream } from '../../source/core/pipeline/started.ts';
import { bytes, counted, duration } from '../../source/core/text/format.ts';
import type { EditorPlace } from '../../source/services/editor/open.ts';
import { fact, heading } from '../text/facts.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { childLines } from './childLines.ts';
import { definedLines } from './definedLines.ts';
import type { PipelineTimes } from './model.ts';
import type { Child } from './useChild.ts';
import type { Defined } from './useDefined.ts';

export interface JobDetailOptions {
  readonly graph: PipelineGraph;
  readonly times: PipelineTimes;
  readonly history: History;
  readonly glyphs: Glyphs;
  readonly width: number;
  /** Where the checkout defines the job. */
  readonly definition?: Pick<EditorPlace, 'file' | 'line'> | undefined;
  /** The configuration that the pipeline was made from; absent until it was read. */
  readonly defined?: Defined | undefined;
  /** What a bridge started. */
  readonly child?: Child | undefined;
  /** What the pipeline belongs to, to tell its own from those of other projects. */
  readonly pipeline?: PipelineSummary | undefined;
}

const words = {
  needs: 'a need',
  stage: 'its stage',
  runner: 'a runner',
  retry: 'this attempt',
  hand: 'a hand, a timer or a resource',
  pipeline: 'nothing: it started with the pipeline',
} as const;

/** Everything that is known of a job: how it stands, what it waited for, how long it usually takes, what hangs on it. */
export function jobDetail(index: number, options: JobDetailOptions): Line[] {
  const { graph, times, glyphs, width, definition } = options;
  const job = graph.jobs[index];
  if (!job) return [[span('it is gone: a newer attempt took its place', 'dim')]];
  const slack = times.path.slack[index] ?? Number.NaN;
  const isCritical = times.path.on.has(index);
  const room = isCritical
    ? 'on the critical path'
    : Number.isNaN(slack)
      ? undefined
      : `${duration(slack)} until the pipeline would end later`;
  return [
    [statusSpan(job.status, glyphs, job.allowFailure), span(` ${safe(job.name)}`, 'text', true)],
    ...fact('status', statusText(job), width, statusTone(job)),
    ...fact('stage', job.stage, width),
    ...optional('defined in', definition && `${definition.file}:${definition.line}`, width),
    ...timing(index, job, options),
    ...optional('slack', room, width, isCritical ? 'special' : 'text'),
    ...(job.kind === 'bridge' ? [] : runner(job, width)),
    ...artifacts(job, width),
    ...started(job, options),
    ...fact('address', job.webUrl, width, 'info'),
    [],
    ...(options.child ? [...childLines(options.child, { width, glyphs, now: times.timing.now }), []] : []),
    ...hangings(index, options),
    ...(options.defined ? [[], ...definedLines(job.name, { defined: options.defined, width, glyphs })] : []),
  ];
}

function runner({ runner: one, tags }: PipelineJob, width: number): Line[] {
  return [
    ...fact('runner', one ? `${one.description} #${one.id}` : 'none yet', width),
    ...fact('tags', tags.length === 0 ? 'none' : tags.join(', '), width),
  ];
}

/** The pipeline that a bridge started. */
function started({ downstream: one, kind }: PipelineJob, { pipeline, width }: JobDetailOptions): Line[] {
  if (kind !== 'bridge') return [];
  if (!one) return fact('started', 'no pipeline yet', width, 'dim');
  const isOwn = !pipeline || ownDownstream({ downstream: one }, pipeline) !== undefined;
  const whose = isOwn ? '' : ', of another project';
  return [
    ...fact('started', `#${one.id} ${one.status} on ${one.ref}${whose}`, width),
    ...(isOwn ? [] : fact('its address', one.webUrl, width, 'info')),
  ];
}

function timing(index: number, job: PipelineJob, { graph, times, history, width }: JobDetailOptions): Line[] {
  const { timing: laid } = times;
  const usual = usualDuration(history, job.name);
  const usually = usual
    ? `usually ${duration(usual.median)} (${duration(usual.low)} to ${duration(usual.high)}, n=${usual.n})`
    : 'no finished run to compare with';
  const tense = laid.tense[index];
  if (tense === 'never') return fact('duration', usually, width, 'dim');
  const wait = waitOf(graph, laid, index);
  const waited = wait.job === undefined ? undefined : graph.jobs[wait.job]?.name;
  const seconds = ((laid.end[index] ?? 0) - (laid.start[index] ?? 0)) / 1_000;
  const took = job.duration ?? (tense === 'past' ? seconds : undefined);
  return [
    ...fact('waited for', `${words[wait.because]}${waited === undefined ? '' : `: ${waited}`}`, width),
    ...(wait.held > 0 ? fact('held', duration(wait.held), width, 'warn') : []),
    ...fact('queue', duration(wait.queue), width, wait.queue > 60 ? 'warn' : 'text'),
    ...fact(
      'duration',
      [took === undefined ? undefined : duration(took), usually].filter(Boolean).join(', '),
      width,
    ),
  ];
}

function hangings(index: number, { graph, glyphs, width }: JobDetailOptions): Line[] {
  const needs = graph.needs[index] ?? null;
  const behind = dependants(graph, index);
  const how =
    needs === null
      ? graph.stageOf[index] === 0
        ? 'nothing, its stage is the first'
        : `the stages before ${graph.jobs[index]?.stage ?? ''}`
      : needs.length === 0
        ? 'nothing, it starts at once'
        : undefined;
  return [
    heading('waits for'),
    ...(how === undefined ? list(needs ?? [], graph, glyphs) : [[span(`  ${safe(how)}`)]]),
    [span(`  ${counted(upstream(graph, index).size, 'job')} in all`, 'dim')],
    heading('is waited for by'),
    ...list(behind, graph, glyphs),
    [span(`  ${counted(downstream(graph, index).size, 'job')} in all`, 'dim')],
    ...fact('edges', edgesText(graph), width, graph.exact ? 'dim' : 'warn'),
  ];
}

const most = 12;

function list(indexes: readonly number[], graph: PipelineGraph, glyphs: Glyphs): Line[] {
  const lines = indexes.slice(0, most).flatMap((index): Line[] => {
    const job = graph.jobs[index];
    return job
      ? [[span('  '), statusSpan(job.status, glyphs, job.allowFailure), span(` ${safe(job.name)}`)]]
      : [];
  });
  return indexes.length > most ? [...lines, [span(`  and ${indexes.length - most} more`, 'dim')]] : lines;
}

/** Who says what waits for what, and whether that is all. */
export function edgesText({ source, exact }: PipelineGraph): string {
  const from = {
    graphql: 'needs as GitLab has them',
    lint: 'needs from the lint of this commit',
    local: 'needs from the checkout',
    stages: 'stage order: needs could not be read',
  };
  const text = source === undefined ? 'stage order, until GitLab has told the needs' : from[source];
  return exact || source === 'stages' || source === undefined ? text : `${text}, not exact`;
}

function artifacts({ artifacts: files, artifactsExpireAt }: PipelineJob, width: number): Line[] {
  if (files.length === 0) return [];
  const text = files.map(({ type, file, size }) => `${file} (${type}, ${bytes(size)})`).join(', ');
  return [
    ...fact('artifacts', text, width),
    ...optional('expire', artifactsExpireAt?.slice(0, 16).replace('T', ' '), width),
  ];
}

function statusText({ status, allowFailure, failureReason, kind }: PipelineJob): string {
  return [
    status,
    failureReason === undefined ? undefined : `because of ${failureReason.replaceAll('_', ' ')}`,
    allowFailure ? 'may fail' : undefined,
    kind === 'bridge' ? 'starts another pipeline' : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}

function statusTone({ status, allowFailure }: PipelineJob): Tone {
  if (status === 'failed') return allowFailure ? 'warn' : 'bad';
  return status === 'success' ? 'good' : status === 'running' ? 'running' : 'text';
}

function optional(name: string, value: string | undefined, width: number, tone: Tone = 'text'): Line[] {
  return value === undefined ? [] : fact(name, value, width, tone);
}
