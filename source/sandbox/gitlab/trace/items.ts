/** A line of a log before it has a time. What follows it comes `seconds` later, or by its share of the script's time. */
export interface Item {
  /** Without a line end; given the time in milliseconds since the epoch. */
  readonly text: string | ((at: number) => string);
  readonly isError?: boolean;
  readonly seconds?: number;
  readonly weight?: number;
}

/** Lines that follow each other at once; the last one takes `weight`. */
export function block(lines: readonly string[], weight = 1): Item[] {
  return lines.map((text, index) => ({ text, weight: index === lines.length - 1 ? weight : 0.05 }));
}

/** `section_start` and `section_end`, with the header in the runner's colour. */
export function section(name: string, title: string, seconds: number, inside: readonly Item[]): Item[] {
  const header = `\u001B[0K\u001B[36;1m${title}\u001B[0;m`;
  return [
    { text: (at) => `section_start:${unix(at)}:${name}\r\u001B[0K${header}`, seconds },
    ...inside,
    { text: (at) => `section_end:${unix(at)}:${name}\r\u001B[0K`, seconds: 0.1 },
  ];
}

function unix(at: number): number {
  return Math.floor(at / 1000);
}

/** A command as the runner shows it; of several lines only the first. */
export function command(text: string): Item {
  const [first = '', ...more] = text.trim().split('\n');
  const shown = more.length === 0 ? first : `${first} # collapsed multi-line command`;
  return { text: `\u001B[32;1m$ ${shown}\u001B[0;m`, weight: 0.2 };
}

/** A bar that overwrites itself, as curl draws it. */
export function progress(steps: readonly number[]): string {
  return steps
    .map(
      (percent) => `${'#'.repeat(Math.round(percent * 0.62)).padEnd(62)} ${percent.toFixed(1).padStart(5)}%`,
    )
    .join('\r');
}
