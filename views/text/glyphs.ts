import type { Rung, Severity } from '../../source/core/evidence.ts';
import type { PipelineStatus } from '../../source/core/gitlab/model.ts';
import { type Span, span, type Tone } from './line.ts';

/** Symbols whose width terminals agree on, or their likeness in ASCII. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly selected: string;
  readonly marked: string;
  readonly arrow: string;
  readonly dot: string;
  readonly dash: string;
  readonly full: string;
  readonly empty: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly info: string;
  readonly clock: string;
  readonly running: string;
  readonly rung: Readonly<Record<Rung, string>>;
  readonly status: Readonly<Record<PipelineStatus, string>>;
}

const unicode: Glyphs = {
  ellipsis: '…',
  horizontal: '─',
  vertical: '│',
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  selected: '▶',
  marked: '◉',
  arrow: '→',
  dot: '·',
  dash: '–',
  full: '█',
  empty: '░',
  good: '✔',
  bad: '✖',
  warn: '⚠',
  info: 'ℹ',
  clock: '⏱',
  running: '▶',
  rung: { absent: '○', present: '◐', valid: '◉', reachable: '●', proven: '✔', unknown: '?' },
  status: {
    created: '○',
    waiting_for_resource: '⏱',
    preparing: '○',
    waiting_for_callback: '⏱',
    pending: '◐',
    running: '▶',
    canceling: '✗',
    success: '✔',
    failed: '✖',
    canceled: '✗',
    skipped: '⏭',
    manual: '⏸',
    scheduled: '⏱',
    unknown: '?',
  },
};

const ascii: Glyphs = {
  ellipsis: '~',
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  selected: '>',
  marked: '*',
  arrow: '->',
  dot: '.',
  dash: '-',
  full: '#',
  empty: '.',
  good: 'v',
  bad: 'x',
  warn: '!',
  info: 'i',
  clock: '@',
  running: '>',
  rung: { absent: 'o', present: '-', valid: '=', reachable: '+', proven: 'v', unknown: '?' },
  status: {
    created: 'o',
    waiting_for_resource: '@',
    preparing: 'o',
    waiting_for_callback: '@',
    pending: '-',
    running: '>',
    canceling: '/',
    success: 'v',
    failed: 'x',
    canceled: '/',
    skipped: '.',
    manual: 'M',
    scheduled: '@',
    unknown: '?',
  },
};

export function glyphsOf(plainOnly: boolean): Glyphs {
  return plainOnly ? ascii : unicode;
}

const rungTones: Readonly<Record<Rung, Tone>> = {
  absent: 'bad',
  present: 'warn',
  valid: 'info',
  reachable: 'accent',
  proven: 'good',
  unknown: 'dim',
};

const statusTones: Readonly<Record<PipelineStatus, Tone>> = {
  created: 'dim',
  waiting_for_resource: 'warn',
  preparing: 'dim',
  waiting_for_callback: 'warn',
  pending: 'warn',
  running: 'running',
  canceling: 'dim',
  success: 'good',
  failed: 'bad',
  canceled: 'dim',
  skipped: 'dim',
  manual: 'info',
  scheduled: 'info',
  unknown: 'dim',
};

const severityTones: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'info' };

/** A rung as its symbol. */
export function rungSpan(rung: Rung, glyphs: Glyphs): Span {
  return span(glyphs.rung[rung], rungTones[rung]);
}

export function rungTone(rung: Rung): Tone {
  return rungTones[rung];
}

/** The state of a job or pipeline as its symbol; a failure that is allowed is a warning. */
export function statusSpan(status: PipelineStatus, glyphs: Glyphs, allowFailure = false): Span {
  if (status === 'failed' && allowFailure) return span(glyphs.warn, 'warn');
  return span(glyphs.status[status], statusTones[status]);
}

export function severitySpan(severity: Severity, glyphs: Glyphs): Span {
  const symbol = { error: glyphs.bad, warning: glyphs.warn, info: glyphs.info }[severity];
  return span(symbol, severityTones[severity]);
}
