/** A section's begin or end, as GitLab Runner writes it into the trace. */
export interface Marker {
  readonly kind: 'start' | 'end';
  readonly name: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly collapsed: boolean;
  readonly hideDuration: boolean;
  /** Offsets in what was matched. */
  readonly from: number;
  readonly to: number;
}

/**
 * `section_start:UNIX:NAME[collapsed=true]`, then CR and EL; before it there may be an EL. The longest is 400 bytes.
 * (docs.gitlab.com/ci/jobs/job_logs)
 */
const pattern =
  /(?:\u001B\[0?K)?section_(start|end):(\d{1,16}):([A-Za-z0-9_.-]{1,128})(?:\[([A-Za-z0-9_=, .-]{0,128})\])?\r(?:\u001B\[0?K)?/y;

export const longestMarker = 400;

/** The marker that begins at `from` in `text`; undefined when none does. */
export function markerAt(text: string, from: number): Marker | undefined {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [all, kind, time, name = '', options = ''] = match;
  const has = (option: string): boolean =>
    options.split(',').some((one) => one.trim().toLowerCase() === `${option}=true`);
  return {
    kind: kind === 'start' ? 'start' : 'end',
    name,
    at: Number(time),
    collapsed: has('collapsed'),
    hideDuration: has('hide_duration'),
    from,
    to: from + all.length,
  };
}
