import type { SpeedReport } from '../../source/core/speed/model.ts';
import { layoutRows } from '../text/columns.ts';
import { heading, paragraph } from '../text/facts.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { columnsOf, type Item, itemsOf } from './items.ts';

/** Changes that the overview lists, the newest. */
const most = 8;

/** Changes, costs and what limits the numbers, under the rows where there is room. */
export function overview(report: SpeedReport, width: number, glyphs: Glyphs): Line[] {
  const changes = itemsOf(report, 1);
  const lines = (items: readonly Item[], view: number): Line[] =>
    layoutRows(items, columnsOf(view, glyphs), width - 2, glyphs.ellipsis).map((line) => [
      span('  '),
      ...line,
    ]);
  return [
    heading(`Changes (${changes.length})`),
    ...(changes.length === 0
      ? [[span('  nothing that decides the speed changed', 'dim')]]
      : lines(changes.slice(0, most), 1)),
    [],
    heading('Cost'),
    ...lines(itemsOf(report, 2), 2),
    [],
    ...report.notes.flatMap((note) => paragraph(note, width).map((text): Line => [span(text, 'dim')])),
  ];
}
