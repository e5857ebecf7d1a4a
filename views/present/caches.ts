import type { CacheRow } from '../../source/core/caches/row.ts';
import { bytes, duration, latency, percent } from '../../source/core/text/format.ts';
import type { Column } from '../text/columns.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { type DetailContext, knownFact, newestSaw, subjectDetail } from './subject.ts';

export function cacheKey(row: CacheRow): string {
  return row.id;
}

export function cacheText(row: CacheRow): string {
  return `${row.name} ${row.kind} ${row.url ?? ''} ${row.rung} ${newestSaw(row)}`;
}

export function cacheColumns(glyphs: Glyphs): Column<CacheRow>[] {
  return [
    { id: 'rung', cell: ({ rung }) => [rungSpan(rung, glyphs)], min: 1, max: 1, rank: 9 },
    { id: 'name', cell: ({ name }) => [span(safe(name))], min: 10, max: 22, rank: 9 },
    {
      id: 'drift',
      cell: ({ drift }) => (drift.length === 0 ? [] : [span(`${glyphs.warn}${drift.length} drift`, 'warn')]),
      min: 8,
      max: 10,
      rank: 7,
    },
    { id: 'latency', cell: latencyCell, min: 8, max: 8, align: 'right', rank: 6 },
    { id: 'size', cell: (row) => sizeCell(row, glyphs), min: 24, max: 28, rank: 5 },
    {
      id: 'version',
      cell: ({ version }) => (version ? [span(safe(version), 'dim')] : []),
      min: 8,
      max: 12,
      rank: 2,
    },
    { id: 'hits', cell: (row) => hitCell(row, glyphs), min: 16, max: 200, rank: 7, grows: true },
  ];
}

function latencyCell({ latency: measured }: CacheRow): Line {
  if (measured === undefined) return [];
  return [span(latency(measured), measured > 1 ? 'warn' : 'text')];
}

function sizeCell({ used, limit }: CacheRow, { full, empty }: Glyphs): Line {
  if (used === undefined) return [];
  if (limit === undefined || limit <= 0) return [span(bytes(used))];
  const share = Math.min(1, used / limit);
  const filled = Math.round(share * 6);
  const tone = share > 0.95 ? 'bad' : share > 0.8 ? 'warn' : 'good';
  return [
    span(full.repeat(filled), tone),
    span(empty.repeat(6 - filled), 'faint'),
    span(` ${bytes(used)}`),
    span(`/${bytes(limit)}`, 'dim'),
  ];
}

/** A rate with its number of reads and its window; what was seen last where there is no rate. */
function hitCell(row: CacheRow, { dot }: Glyphs): Line {
  const { hitRate } = row;
  if (hitRate === undefined) return [span(safe(newestSaw(row)), 'dim')];
  if (hitRate === null) return [span('no traffic', 'dim')];
  return [
    span(`${percent(hitRate.ratio)} hits`, hitRate.ratio < 0.5 ? 'warn' : 'good'),
    span(` n=${hitRate.n} ${dot} ${duration(hitRate.window)}`, 'dim'),
  ];
}

export function cacheDetail(row: CacheRow, context: DetailContext): Line[] {
  const { width, glyphs } = context;
  const hits = row.hitRate;
  return subjectDetail(
    row.name,
    row,
    [
      ...knownFact('kind', row.kind, width),
      ...knownFact('address', row.url, width),
      ...knownFact('latency', row.latency === undefined ? undefined : latency(row.latency), width),
      ...knownFact(
        'size',
        row.used === undefined
          ? undefined
          : `${bytes(row.used)}${row.limit === undefined ? '' : ` of ${bytes(row.limit)}`}`,
        width,
      ),
      ...(hits === null ? fact('hit rate', 'no traffic in the window', width, 'dim') : []),
      ...(hits
        ? fact('hit rate', `${percent(hits.ratio)} of ${hits.n} reads in ${duration(hits.window)}`, width)
        : []),
      ...knownFact('version', row.version, width),
      ...knownFact('public key', row.publicKey, width),
      ...(row.drift.length === 0 ? [] : [[], heading('Drift')]),
      ...row.drift
        .slice(0, 50)
        .flatMap((text) =>
          paragraph(text, width - 2).map(
            (line, index): Line => [span(index === 0 ? `${glyphs.warn} ` : '  ', 'warn'), span(line)],
          ),
        ),
    ],
    context,
  );
}
