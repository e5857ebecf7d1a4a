import { age, duration } from '../../source/core/text/format.ts';
import { evidenceLines, ladder } from '../present/subject.ts';
import type { Column } from '../text/columns.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import { failureLines } from '../text/failure.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, type Span, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { placeNames, type VerifyRow } from './rows.ts';
import type { RowState, VerifyState } from './work.ts';

export interface VerifyDrawing {
  readonly state: VerifyState;
  readonly glyphs: Glyphs;
  /** Milliseconds since the epoch, here and by GitLab's clock. */
  readonly now: number;
  readonly remoteNow: number;
}

/** A verification in a place: rung, what was seen last, and how old that is. */
export function verifyColumns(drawing: VerifyDrawing): Column<VerifyRow>[] {
  const { state, glyphs } = drawing;
  const cell =
    (line: (row: VerifyRow, one: RowState | undefined) => Line) =>
    (row: VerifyRow): Line =>
      line(row, state.rows[row.key]);
  return [
    { id: 'sign', cell: cell((_, one) => [signOf(one, glyphs)]), min: 1, max: 1, rank: 9 },
    {
      id: 'title',
      cell: ({ verification }) => [span(verification.title)],
      min: 16,
      max: 30,
      rank: 8,
    },
    { id: 'place', cell: ({ place }) => [span(placeNames[place], 'info')], min: 5, max: 6, rank: 9 },
    {
      id: 'rung',
      cell: cell((_, one) => (one?.result ? [rungSpan(one.result.rung, glyphs)] : [span(' ')])),
      min: 1,
      max: 1,
      rank: 9,
    },
    {
      id: 'saw',
      cell: cell((row, one) => [sawSpan(row, one, drawing)]),
      min: 10,
      max: 120,
      rank: 6,
      grows: true,
    },
    {
      id: 'age',
      cell: cell((row, one) => [span(ageOf(row, one, drawing), 'dim')]),
      min: 3,
      max: 4,
      rank: 7,
      align: 'right',
    },
  ];
}

function signOf(one: RowState | undefined, { good, bad, warn, running, clock, dot }: Glyphs): Span {
  if (!one) return span(dot, 'faint');
  if (one.state === 'running') return span(running, 'running');
  if (one.state === 'waiting') return span(clock, 'dim');
  if (one.failure || one.state === 'stopped') return span(warn, 'warn');
  const how = one.result?.state;
  if (how === 'passed') return span(good, 'good');
  return how === 'failed' ? span(bad, 'bad') : span(warn, 'warn');
}

function sawSpan({ canLook }: VerifyRow, one: RowState | undefined, { now }: VerifyDrawing): Span {
  if (!one) return span(canLook ? 'not looked at yet' : 'not run yet', 'dim');
  if (one.state === 'waiting') return span('waits for its turn', 'dim');
  if (one.state === 'running') return span(`runs for ${duration(runsFor(one, now))}`, 'running');
  if (one.failure) return span(safe(one.failure.saw), 'warn');
  if (one.state === 'stopped') return span('stopped', 'warn');
  const { result } = one;
  if (result?.state === 'could-not-run')
    return span(safe(reason(result.because ?? 'it could not run')), 'dim');
  return span(
    safe(result?.evidence[0]?.saw ?? 'nothing was seen'),
    result?.state === 'failed' ? 'bad' : 'text',
  );
}

/** Without what was tried, for which a row has no room. */
function reason(because: string): string {
  const at = because.indexOf(': ');
  return at < 0 ? because : because.slice(at + 2);
}

/** By whose clock a row's evidence is dated. */
function clockOf({ place }: VerifyRow, { now, remoteNow }: VerifyDrawing): number {
  return place === 'ci' ? remoteNow : now;
}

function ageOf(row: VerifyRow, one: RowState | undefined, drawing: VerifyDrawing): string {
  const at = Date.parse(one?.result?.evidence[0]?.at ?? '');
  return Number.isNaN(at) || one?.state !== 'ended' ? '' : age(Math.max(0, clockOf(row, drawing) - at));
}

function runsFor({ startedAt }: RowState, now: number): number {
  return Math.max(0, (now - (startedAt ?? now)) / 1_000);
}

/** Lines that a detail shows of what was printed. */
const tail = 400;

/** All about a row: how it went, the evidence, what is run, and the end of what it printed. */
export function verifyDetail(row: VerifyRow, width: number, drawing: VerifyDrawing): Line[] {
  const { verification, place } = row;
  const { glyphs, state } = drawing;
  const one = state.rows[row.key];
  const result = one?.result;
  return [
    headOf(row),
    ...(one ? standing(one, width, drawing) : fact('state', sawSpan(row, one, drawing).text, width, 'dim')),
    ...(result && result.state !== 'could-not-run' ? [ladder(result.rung, glyphs)] : []),
    ...(result && result.evidence.length > 0
      ? evidenceLines(result.evidence, { width, now: clockOf(row, drawing), glyphs, findings: [] })
      : []),
    ...numberLines(result?.numbers ?? {}, width),
    ...fact('runs', verification.commands(place).join('; '), width, 'dim'),
    ...fact('to do', toDo(row), width, 'dim'),
    ...outputLines(one, width),
  ];
}

/** What fits `room` rows: of one that runs the end of what it prints, else how it went. */
export function verifyBrief(row: VerifyRow, width: number, room: number, drawing: VerifyDrawing): Line[] {
  const one = drawing.state.rows[row.key];
  if (one?.state !== 'running') return verifyDetail(row, width, drawing).slice(0, Math.max(0, room));
  const head = [headOf(row), ...standing(one, width, drawing)];
  const printed = outputLines(one, width).slice(1);
  return [...head, ...printed.slice(-Math.max(1, room - head.length))];
}

function headOf({ verification, place }: VerifyRow): Line {
  return [span(verification.title, 'text', true), span(`  ${placeNames[place]}`, 'info')];
}

function standing(one: RowState, width: number, { glyphs, now }: VerifyDrawing): Line[] {
  if (one.failure) return failureLines(one.failure, width, glyphs);
  const { result, state, took } = one;
  if (state === 'waiting') return fact('state', 'waits for its turn', width, 'dim');
  if (state === 'running') return fact('state', `runs for ${duration(runsFor(one, now))}`, width, 'running');
  if (state === 'stopped') return fact('state', `stopped after ${duration(took ?? 0)}`, width, 'warn');
  const tones = { passed: 'good', failed: 'bad', 'could-not-run': 'warn' } as const;
  const tone: Tone = result ? tones[result.state] : 'dim';
  const after = took !== undefined && took >= 1 ? ` after ${duration(took)}` : '';
  if (result?.state !== 'could-not-run')
    return fact('state', `${result?.state ?? 'unknown'}${after}`, width, tone);
  return [
    ...fact('state', `could not run: ${result.because ?? ''}`, width, tone),
    ...(result.next ?? []).flatMap((step) =>
      paragraph(step, width - 2).map(
        (text, index): Line => [span(index === 0 ? `${glyphs.arrow} ` : '  ', 'key'), span(text)],
      ),
    ),
  ];
}

/** Which keys do what with the row. */
function toDo({ canLook, runs, place }: VerifyRow): string {
  const again = place === 'ci' ? 'B runs the job again' : 'B runs it';
  if (!runs) return 'r looks';
  return canLook ? `r reads the log of its last run, ${again}` : again;
}

function numberLines(numbers: Readonly<Record<string, number>>, width: number): Line[] {
  const entries = Object.entries(numbers);
  if (entries.length === 0) return [];
  return fact('numbers', entries.map(([name, value]) => `${worded(name)} ${value}`).join(', '), width, 'dim');
}

/** `copiedFromCache` as words. */
function worded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function outputLines(one: RowState | undefined, width: number): Line[] {
  const { output } = one ?? {};
  if (!output) return [];
  const from = Math.max(0, output.lineCount - tail);
  const title = from === 0 ? 'Output' : `Output, the last ${tail} of ${output.lineCount} lines; l shows all`;
  const lines: Line[] = [heading(title)];
  for (let line = from; line < output.lineCount; line += 1)
    for (const text of paragraph(output.text(line), width)) lines.push([span(text)]);
  return lines;
}
