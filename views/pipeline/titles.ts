import { statusOf } from '../../source/core/pipeline/jobStatus.ts';
import { hasEnded } from '../../source/core/pipeline/timing.ts';
import { duration } from '../../source/core/text/format.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, type Span, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { PipelineModel } from './usePipeline.ts';

/** `5 Pipeline #2191 main ▶ 3/23`. */
export function pipelineTitle(model: PipelineModel | undefined, isFocused: boolean, glyphs: Glyphs): Line {
  const head = [span('5', 'dim'), span(' Pipeline', isFocused ? 'accent' : 'text')];
  if (!model) return head;
  const { pipeline, jobs, upstream } = model.view;
  const done = jobs.filter(({ status }) => hasEnded(status)).length;
  const status = pipeline.status === 'unknown' ? statusOf(jobs) : pipeline.status;
  return [
    ...head,
    span(` #${pipeline.id} `, 'dim'),
    span(safe(pipeline.name ?? pipeline.ref, 60)),
    ...(upstream ? [span(` of #${upstream.id}`, 'dim')] : []),
    span(' '),
    statusSpan(status, glyphs),
    span(` ${done}/${jobs.length}`, 'dim'),
  ];
}

/** How long it took, or will: `12m 30s`, `~18m left 4m`. */
export function timeSpans({ times, view, now }: PipelineModel): Span[] {
  const { path, timing } = times;
  if (Number.isNaN(path.end)) return [];
  const first = timing.queued.reduce(
    (least, at) => (Number.isNaN(at) ? least : Math.min(at, least)),
    path.end,
  );
  const whole = (path.end - first) / 1_000;
  if (hasEnded(view.pipeline.status)) return [span(duration(whole), 'dim')];
  const left = Math.max(0, (path.end - now) / 1_000);
  const sure = timing.unknown > 0 ? '>' : '~';
  return left < 1
    ? [span(`${duration(Math.max(0, (now - first) / 1_000))} so far`, 'dim')]
    : [span(`${sure}${duration(whole)}, ${sure}${duration(left)} left`, 'running')];
}

/** Why no job is shown, and the key that shows them again. */
export function noJobLine({ graph, list }: PipelineModel): Line {
  if (graph.jobs.length === 0) return [span('this pipeline has no jobs', 'dim')];
  if (list.filter !== '')
    return [span('no job matches the filter; ', 'dim'), span('Esc', 'key'), span(' clears it', 'dim')];
  return [span('nothing failed or was canceled; ', 'dim'), span('e', 'key'), span(' shows all jobs', 'dim')];
}

/** Filter, failed-only, place. */
export function pipelineFoot(model: PipelineModel, viewName: string | undefined, glyphs: Glyphs): Line {
  const { list, onlyTrouble, kept, graph } = model;
  const parts: Span[][] = [
    ...(viewName === undefined ? [] : [[span(viewName, 'accent')]]),
    ...(onlyTrouble ? [[span('failed only', 'bad')]] : []),
    list.isFiltering || list.filter !== ''
      ? [
          span(`/${safe(list.filter)}`, 'match'),
          ...(list.isFiltering ? [{ text: ' ', inverse: true }] : []),
          span(` ${kept.length} of ${graph.jobs.length}`, 'dim'),
        ]
      : [span(`${kept.length === 0 ? 0 : list.index + 1}/${kept.length}`, 'dim')],
  ];
  return parts.flatMap((part, index) => (index === 0 ? part : [span(` ${glyphs.dot} `, 'faint'), ...part]));
}
