const unicode = [...'▁▂▃▄▅▆▇█'];
const ascii = [...'_.-=+*#@'];

/**
 * Values as one character each, from the least to the most of them, at most `width`: the newest when there are more. Values
 * that are all alike stand in the middle.
 */
export function sparkline(values: readonly number[], width: number, isAscii: boolean): string {
  const bars = isAscii ? ascii : unicode;
  const shown = width > 0 ? values.slice(-width) : [];
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const last = bars.length - 1;
  return shown
    .map((value) => bars[most === least ? 3 : Math.round(((value - least) / (most - least)) * last)] ?? '')
    .join('');
}

/** The line under a sparkline: `mark` stands under the first value at or after each of the times, blanks elsewhere. */
export function markLine(
  times: readonly number[],
  marks: readonly { readonly at: number; readonly mark: string }[],
  width: number,
): string {
  const shown = width > 0 ? times.slice(-width) : [];
  const line = shown.map(() => ' ');
  for (const { at, mark } of marks) {
    const place = shown.findIndex((time) => time >= at);
    const isBefore = place === 0 && times.length > shown.length && at <= (times.at(-shown.length - 1) ?? 0);
    if (place >= 0 && !isBefore) line[place] = mark;
  }
  return line.join('').trimEnd();
}
