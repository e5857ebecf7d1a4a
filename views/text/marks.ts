/** Symbols of the pipeline's and the log's drawings, or their likeness in ASCII. */
export interface Marks {
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
  /** Lines by where they go: bit 1 up, 2 right, 4 down, 8 left. */
  readonly lines: readonly string[];
  readonly into: string;
  readonly queue: string;
  readonly run: string;
  readonly expected: string;
  readonly now: string;
  readonly critical: string;
  readonly open: string;
  readonly folded: string;
}

const unicode: Marks = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  lines: [' ', '│', '─', '╰', '│', '│', '╭', '├', '─', '╯', '─', '┴', '╮', '┤', '┬', '┼'],
  into: '▶',
  queue: '░',
  run: '█',
  expected: '▒',
  now: '│',
  critical: '●',
  open: '▾',
  folded: '▸',
};

const ascii: Marks = {
  up: '^',
  down: 'v',
  left: '<',
  right: '>',
  lines: [' ', '|', '-', '+', '|', '|', '+', '+', '-', '+', '-', '+', '+', '+', '+', '+'],
  into: '>',
  queue: '.',
  run: '#',
  expected: '=',
  now: '|',
  critical: '*',
  open: '-',
  folded: '+',
};

export function marksOf({ ascii: plainOnly }: { readonly ascii: boolean }): Marks {
  return plainOnly ? ascii : unicode;
}
