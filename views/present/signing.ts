import type { SigningRow } from '../../source/core/signing/row.ts';
import type { Column } from '../text/columns.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { type DetailContext, knownFact, newestSaw, subjectDetail } from './subject.ts';

export function signingKey(row: SigningRow): string {
  return row.id;
}

export function signingText(row: SigningRow): string {
  return `${row.title} ${row.kind} ${row.rung} ${newestSaw(row)}`;
}

export function signingColumns(glyphs: Glyphs): Column<SigningRow>[] {
  return [
    { id: 'rung', cell: ({ rung }) => [rungSpan(rung, glyphs)], min: 1, max: 1, rank: 9 },
    { id: 'title', cell: ({ title }) => [span(safe(title))], min: 14, max: 36, rank: 9 },
    { id: 'kind', cell: ({ kind }) => [span(kind, 'dim')], min: 3, max: 10, rank: 3 },
    {
      id: 'saw',
      cell: (row) => [span(safe(newestSaw(row)), 'dim')],
      min: 12,
      max: 200,
      rank: 8,
      grows: true,
    },
  ];
}

export function signingDetail(row: SigningRow, context: DetailContext): Line[] {
  return subjectDetail(row.title, row, knownFact('kind', row.kind, context.width), context);
}
