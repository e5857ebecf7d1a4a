import type { VariableRow } from '../../source/core/variables/row.ts';
import type { Column } from '../text/columns.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { type DetailContext, knownFact, newestSaw, subjectDetail } from './subject.ts';

export function variableKey(row: VariableRow): string {
  return row.id;
}

export function variableText(row: VariableRow): string {
  return `${row.key} ${row.required ?? ''} ${row.scope ?? ''} ${row.owner?.path ?? ''} ${row.rung} ${flagWords(row).join(' ')}`;
}

export function variableColumns(glyphs: Glyphs): Column<VariableRow>[] {
  return [
    { id: 'rung', cell: ({ rung }) => [rungSpan(rung, glyphs)], min: 1, max: 1, rank: 9 },
    { id: 'key', cell: ({ key }) => [span(safe(key))], min: 12, max: 40, rank: 9 },
    { id: 'flags', cell: (row) => flagCell(row, glyphs), min: 5, max: 5, rank: 8 },
    {
      id: 'required',
      cell: ({ required }) => (required ? [span(safe(required), 'special')] : []),
      min: 12,
      max: 12,
      rank: 6,
    },
    {
      id: 'scope',
      cell: ({ scope }) => (scope && scope !== '*' ? [span(safe(scope), 'info')] : []),
      min: 10,
      max: 14,
      rank: 4,
    },
    { id: 'refs', cell: usableCell, min: 12, max: 24, rank: 7 },
    {
      id: 'used',
      cell: ({ usedBy }) =>
        usedBy.length === 0 ? [span('unused', 'dim')] : [span(`used ${usedBy.length}x`, 'dim')],
      min: 9,
      max: 9,
      rank: 5,
    },
    { id: 'owner', cell: ownerCell, min: 12, max: 24, rank: 2 },
    {
      id: 'saw',
      cell: (row) => [span(safe(newestSaw(row)), 'dim')],
      min: 12,
      max: 200,
      rank: 3,
      grows: true,
    },
  ];
}

/** One letter a flag, each in its place: masked, hidden, protected, raw, file. */
function flagCell(row: VariableRow, { dot }: Glyphs): Line {
  if (row.present === undefined) return [span('?????', 'faint')];
  if (!row.present) return [span('unset', 'bad')];
  const flags: readonly [boolean | undefined, string][] = [
    [row.masked, 'M'],
    [row.hidden, 'H'],
    [row.protected, 'P'],
    [row.raw, 'R'],
    [row.type === 'file', 'F'],
  ];
  return flags.map(([isSet, letter]) => (isSet ? span(letter, 'accent') : span(dot, 'faint')));
}

function usableCell({ usableOn, present }: VariableRow): Line {
  if (usableOn === undefined || !present) return [];
  return usableOn.length === 0
    ? [span('on no ref', 'bad')]
    : [span(`on ${safe(usableOn.join(', '))}`, 'dim')];
}

function ownerCell({ owner }: VariableRow): Line {
  if (!owner) return [];
  return [span(owner.kind === 'project' ? 'project' : `${owner.kind} ${safe(owner.path)}`, 'dim')];
}

function flagWords(row: VariableRow): string[] {
  return [
    ...(row.masked ? ['masked'] : []),
    ...(row.hidden ? ['hidden'] : []),
    ...(row.protected ? ['protected'] : []),
    ...(row.raw ? ['raw'] : []),
    ...(row.type === 'file' ? ['file'] : []),
  ];
}

export function variableDetail(row: VariableRow, context: DetailContext): Line[] {
  const { width } = context;
  const isSet =
    row.present === undefined ? 'not known' : row.present ? 'yes; its value is never shown' : 'no';
  return subjectDetail(
    row.key,
    row,
    [
      ...knownFact('set', isSet, width),
      ...knownFact('flags', row.present ? flagWords(row).join(', ') || 'none' : undefined, width),
      ...knownFact('scope', row.scope === '*' ? 'all environments' : row.scope, width),
      ...knownFact('from', row.owner && `${row.owner.kind} ${row.owner.path}`, width),
      ...knownFact('required by', row.required, width),
      ...knownFact('usable on', row.usableOn && (row.usableOn.join(', ') || 'no ref of interest'), width),
      ...knownFact('read by', row.usedBy.slice(0, 20).join(', '), width),
    ],
    context,
  );
}
