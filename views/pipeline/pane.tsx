import type { ReactNode } from 'react';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { PaneProps } from '../pane.ts';
import { useNow } from '../state/clock.ts';
import { useList } from '../state/useList.ts';
import { type Column, layoutRows } from '../text/columns.ts';
import { emptyLines, stateSpans } from '../text/failure.ts';
import { statusSpan } from '../text/glyphs.ts';
import { span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';

const none: readonly PipelineJob[] = [];

/** The jobs of the pipeline that is looked at. */
export function PipelinePane({ snapshot, size, theme, isFocused }: PaneProps): ReactNode {
  const { glyphs } = theme;
  const jobs = snapshot.pipeline.value?.jobs ?? none;
  const inner = innerSize(size);
  const list = useList({ id: 'pipeline', rows: jobs, keyOf, searchOf, height: inner.rows, isFocused });
  const now = useNow();
  const columns: Column<PipelineJob>[] = [
    {
      id: 'status',
      cell: (job) => [statusSpan(job.status, glyphs, job.allowFailure)],
      min: 1,
      max: 1,
      rank: 9,
    },
    { id: 'name', cell: ({ name }) => [span(safe(name))], min: 12, max: 60, rank: 9, grows: true },
    { id: 'stage', cell: ({ stage }) => [span(safe(stage), 'dim')], min: 5, max: 16, rank: 5 },
  ];
  const lines = layoutRows(list.visible, columns, inner.columns - 2, glyphs.ellipsis);
  const rows =
    jobs.length === 0
      ? (emptyLines(snapshot.pipeline, inner.columns, glyphs) ?? [[span('no jobs', 'dim')]]).map((line) => ({
          line,
        }))
      : list.visible.map((job, index) => ({
          line: [
            span(job === list.selected && isFocused ? `${glyphs.selected} ` : '  ', 'accent'),
            ...(lines[index] ?? []),
          ],
          selected: job === list.selected && isFocused,
        }));
  const painted = frame(rows, {
    title: [span('5', 'dim'), span(' Pipeline', isFocused ? 'accent' : 'text')],
    note: stateSpans(snapshot.pipeline, now, glyphs),
    foot: listFoot(list, glyphs),
    size,
    theme,
    isFocused,
  });
  return <Lines rows={painted} size={size} />;
}

function keyOf({ id }: PipelineJob): string {
  return String(id);
}

function searchOf({ name, stage, status }: PipelineJob): string {
  return `${name} ${stage} ${status}`;
}
