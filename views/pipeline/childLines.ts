import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import { noHistory } from '../../source/core/pipeline/history.ts';
import { duration } from '../../source/core/text/format.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { graphOf, timesOf } from './model.ts';
import type { Child } from './useChild.ts';

export interface ChildOptions {
  readonly width: number;
  readonly glyphs: Glyphs;
  /** GitLab's time, milliseconds since the epoch. */
  readonly now: number;
}

/** Jobs that are listed at most. */
const most = 20;

/** The jobs of the pipeline that a bridge started, by stage, and the chain of them that ends last. */
export function childLines(child: Child, { width, glyphs, now }: ChildOptions): Line[] {
  const { pipeline, jobs, edges, because } = child;
  const head: Line = [...heading(`in its pipeline #${pipeline.id} `), statusSpan(pipeline.status, glyphs)];
  if (because !== undefined)
    return [head, ...paragraph(because, width).map((text): Line => [span(text, 'warn')])];
  if (!jobs) return [head, [span('reading its jobs', 'dim')]];
  const graph = graphOf({ jobs, ...(edges ? { edges } : {}) });
  const { path, timing } = timesOf(graph, pipeline.createdAt, now, noHistory);
  const lines = graph.stages.flatMap((stage, at): Line[] => [
    [span(`  ${safe(stage)}`, 'dim')],
    ...graph.jobs.flatMap((job, index): Line[] => {
      if (graph.stageOf[index] !== at) return [];
      const isCritical = path.on.has(index);
      const start = timing.start[index] ?? Number.NaN;
      const end = timing.end[index] ?? Number.NaN;
      const took =
        Number.isNaN(start) || timing.tense[index] === 'coming' ? '' : duration((end - start) / 1_000);
      return [jobLine(job, took, isCritical, glyphs)];
    }),
  ]);
  const names = path.steps.flatMap(({ job }) => graph.jobs[job]?.name ?? []);
  const first = path.steps[0]?.queued ?? Number.NaN;
  const whole = Number.isNaN(path.end - first) ? '' : `${duration((path.end - first) / 1_000)}: `;
  return [
    head,
    ...lines.slice(0, most),
    ...(lines.length > most ? [[span(`  and ${lines.length - most} more`, 'dim')]] : []),
    ...(names.length === 0
      ? []
      : fact('critical path', `${whole}${names.join(` ${glyphs.arrow} `)}`, width, 'special')),
  ];
}

function jobLine(job: PipelineJob, took: string, isCritical: boolean, glyphs: Glyphs): Line {
  return [
    span('  '),
    statusSpan(job.status, glyphs, job.allowFailure),
    span(` ${safe(job.name)}`, isCritical ? 'special' : 'text', isCritical),
    ...(took === '' ? [] : [span(`  ${took}`, 'dim')]),
  ];
}
