import type { Finding, Where } from '../../source/core/evidence.ts';
import type { Column } from '../text/columns.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { type Glyphs, severitySpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { fixText } from './subject.ts';

export function findingKey({ id }: Finding): string {
  return id;
}

export function findingText(finding: Finding): string {
  return `${finding.severity} ${finding.rule} ${finding.title} ${whereText(finding.where)} ${finding.saw}`;
}

/** `.gitlab-ci.yml:7:11`, or the name of an object. */
export function whereText(where: Where): string {
  if ('object' in where) return where.object;
  const { file, line, column } = where;
  return `${file}${line === undefined ? '' : `:${line}`}${line === undefined || column === undefined ? '' : `:${column}`}`;
}

export function findingUrl({ where }: Finding): string | undefined {
  return 'object' in where ? where.url : undefined;
}

export function findingColumns(glyphs: Glyphs): Column<Finding>[] {
  return [
    { id: 'severity', cell: ({ severity }) => [severitySpan(severity, glyphs)], min: 1, max: 1, rank: 9 },
    { id: 'title', cell: ({ title }) => [span(safe(title))], min: 20, max: 110, rank: 9 },
    { id: 'where', cell: ({ where }) => [span(safe(whereText(where)), 'info')], min: 10, max: 44, rank: 7 },
    { id: 'rule', cell: ({ rule }) => [span(safe(rule), 'dim')], min: 8, max: 28, rank: 3 },
    {
      id: 'fix',
      cell: (finding) => [span(`${glyphs.arrow} `, 'key'), span(safe(fixText(finding)), 'dim')],
      min: 14,
      max: 200,
      rank: 4,
      grows: true,
    },
  ];
}

/** `✖3 ⚠2 ℹ5`: how many of each severity. */
export function severityCounts(findings: readonly Finding[], glyphs: Glyphs): Line {
  return (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    const symbol = severitySpan(severity, glyphs);
    return count === 0 ? [] : [{ ...symbol, text: ` ${symbol.text}${count}` }];
  });
}

/** A finding with what was seen, why it matters and how to mend it. */
export function findingDetail(finding: Finding, width: number, glyphs: Glyphs): Line[] {
  const text = (value: string): Line[] => paragraph(value, width).map((line): Line => [span(line)]);
  return [
    ...paragraph(finding.title, width - 2).map(
      (line, index): Line => [
        index === 0 ? severitySpan(finding.severity, glyphs) : span(' '),
        span(` ${line}`, 'text', true),
      ],
    ),
    [],
    ...fact('where', whereText(finding.where), width, 'info'),
    ...fact('rule', finding.rule, width),
    [],
    heading('Seen'),
    ...text(finding.saw),
    [],
    heading('Why it matters'),
    ...text(finding.why),
    [],
    heading('Fix'),
    ...('command' in finding.fix
      ? [
          ...paragraph(finding.fix.command, width).map((line): Line => [span(line, 'good')]),
          [span('y', 'key', true), span(' copies it', 'dim')],
        ]
      : text(fixText(finding))),
  ];
}
