import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import { bytes } from '../../source/core/text/format.ts';
import type { TraceStore } from '../../source/services/trace/store.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, type Span, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { LogState } from './useLogState.ts';
import { type LookUp, place } from './useLookUp.ts';

/** `Log unit #4711 ✔`. */
export function logTitle(job: PipelineJob, glyphs: Glyphs): Line {
  return [
    span('Log ', 'accent'),
    statusSpan(job.status, glyphs, job.allowFailure),
    span(` ${safe(job.name)}`, 'text', true),
    span(` #${job.id}`, 'dim'),
  ];
}

/** How much there is and whether more will come. */
export function logNote(store: TraceStore, glyphs: Glyphs): Line {
  const size = span(bytes(store.log.size), 'dim');
  const failure = store.failure();
  switch (store.state()) {
    case 'loading':
      return [size, span(` ${glyphs.clock} loading`, 'dim')];
    case 'following':
      return [size, span(` ${glyphs.running} grows`, 'running')];
    case 'failed':
      return [size, span(` ${glyphs.warn} ${safe(failure?.saw ?? 'failed', 60)}`, 'warn')];
    case 'complete':
      return [size, span(' whole', 'dim')];
  }
}

/** Search with its count, range, and where the cursor stands. */
export function logFoot(
  state: LogState,
  { search }: LookUp,
  typing: string | undefined,
  glyphs: Glyphs,
): Line {
  const { cursor, layout, isFollowing, mark } = state;
  const parts: Span[][] = [];
  if (typing !== undefined) parts.push([span(`/${safe(typing)}`, 'match'), { text: ' ', inverse: true }]);
  else if (search) {
    const at = place(search.lines, cursor.line);
    const isOn = search.lines[at] === cursor.line;
    const count = `${search.lines.length}${search.isCapped ? '+' : search.isDone ? '' : glyphs.ellipsis}`;
    parts.push([
      span(`/${safe(search.query)}`, 'match'),
      span(` ${isOn ? at + 1 : glyphs.dash}/${count}`, search.lines.length === 0 ? 'warn' : 'dim'),
    ]);
  }
  if (mark !== undefined) parts.push([span(`marked from line ${mark + 1}`, 'accent')]);
  if (isFollowing) parts.push([span('follow', 'running')]);
  if (layout.isWrapped) parts.push([span('wrap', 'dim')]);
  else if (state.left > 0) parts.push([span(`from column ${state.left + 1}`, 'dim')]);
  parts.push([span(`${layout.log.lineCount === 0 ? 0 : cursor.line + 1}/${layout.log.lineCount}`, 'dim')]);
  return parts.flatMap((part, index) => (index === 0 ? part : [span(` ${glyphs.dot} `, 'faint'), ...part]));
}
