import type { Evidence, Finding, Rung } from '../../source/core/evidence.ts';
import { rungs } from '../../source/core/evidence.ts';
import { age } from '../../source/core/text/format.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { type Glyphs, rungSpan, rungTone, severitySpan } from '../text/glyphs.ts';
import { type Line, type Span, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';

/** What every row of the panes has. */
export interface SubjectRow {
  readonly rung: Rung;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly string[];
}

/** What details are drawn with. */
export interface DetailContext {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly glyphs: Glyphs;
  /** All of the snapshot. */
  readonly findings: readonly Finding[];
}

/** What was seen last, in one line. */
export function newestSaw(row: SubjectRow): string {
  return row.evidence[0]?.saw ?? 'not looked at yet';
}

/** How many rows stand on which rung, as symbols with numbers: `✔3 ●2 ?8`. */
export function rungCounts(rows: readonly SubjectRow[], glyphs: Glyphs): Span[] {
  const order: readonly Rung[] = [...rungs.toReversed(), 'unknown'];
  const counts = order.flatMap((rung) => {
    const count = rows.filter((row) => row.rung === rung).length;
    return count === 0 ? [] : [span(`${glyphs.rung[rung]}${count}`, rungTone(rung))];
  });
  return counts.flatMap((one, index) => (index === 0 ? [one] : [span(' '), one]));
}

/** The ladder, the rung that is reached in brackets. */
export function ladder(rung: Rung, glyphs: Glyphs): Line {
  if (rung === 'unknown')
    return [rungSpan(rung, glyphs), span(' unknown', 'dim'), span(': it could not be looked at', 'dim')];
  const reached = rungs.indexOf(rung);
  return rungs.flatMap((step, index): Span[] => {
    const text = `${glyphs.rung[step]} ${step}`;
    const here =
      index === reached
        ? { ...span(`[${text}]`, rungTone(rung)), bold: true }
        : span(text, index < reached ? rungTone(rung) : 'faint');
    return index === 0 ? [here] : [span(` ${glyphs.arrow} `, 'faint'), here];
  });
}

/** What was looked at, what was seen, when and from where. */
export function evidenceLines(evidence: readonly Evidence[], { width, now, glyphs }: DetailContext): Line[] {
  if (evidence.length === 0) return [heading('Evidence'), [span('nothing was looked at yet', 'dim')]];
  return [
    heading('Evidence'),
    ...evidence
      .slice(0, 50)
      .flatMap(({ at, source, saw }) => [
        ...paragraph(saw, width - 2).map(
          (text, index): Line => [span(index === 0 ? `${glyphs.dot} ` : '  ', 'accent'), span(text)],
        ),
        ...paragraph(`${source} ${glyphs.dot} ${agoOf(at, now)}`, width - 2).map(
          (text): Line => [span(`  ${text}`, 'dim')],
        ),
      ]),
  ];
}

function agoOf(at: string, now: number): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return at;
  const text = age(Math.max(0, now - then));
  return text === 'now' ? 'just now' : `${text} ago`;
}

/** Findings about a subject, each with its fix. */
function findingLines(ids: readonly string[], context: DetailContext): Line[] {
  const about = new Set(ids);
  const found = context.findings.filter(({ id }) => about.has(id));
  if (found.length === 0) return [];
  return [
    heading('Findings'),
    ...found
      .slice(0, 50)
      .flatMap((finding) => [
        ...paragraph(finding.title, context.width - 2).map(
          (text, index): Line => [
            index === 0 ? severitySpan(finding.severity, context.glyphs) : span(' '),
            span(` ${text}`),
          ],
        ),
        ...paragraph(fixText(finding), context.width - 4).map(
          (text, index): Line => [
            span(index === 0 ? `  ${context.glyphs.arrow} ` : '    ', 'key'),
            span(text, 'dim'),
          ],
        ),
      ]),
  ];
}

/** What mends a finding, in one line. */
export function fixText({ fix }: Finding): string {
  if ('task' in fix) return `task ${fix.task}`;
  return 'command' in fix ? fix.command : fix.text;
}

/** The detail of a subject: title, ladder, its own facts, evidence, findings. */
export function subjectDetail(
  title: string,
  row: SubjectRow,
  facts: readonly Line[],
  context: DetailContext,
): Line[] {
  const findings = findingLines(row.findings, context);
  return [
    ...paragraph(title, context.width).map((text): Line => [span(text, 'text', true)]),
    ladder(row.rung, context.glyphs),
    [],
    ...facts,
    ...(facts.length > 0 ? [[]] : []),
    ...evidenceLines(row.evidence, context),
    ...(findings.length > 0 ? [[], ...findings] : []),
  ];
}

/** A fact that is left out when it is not known. */
export function knownFact(name: string, value: string | undefined, width: number): Line[] {
  return value === undefined || value === '' ? [] : fact(name, safe(value, 4_000), width);
}
