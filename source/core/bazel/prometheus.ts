/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?\s*/y;

/** Reads Prometheus' text format (version 0.0.4); lines of another form are passed over. */
export function parsePrometheus(text: string): Sample[] {
  return text.split('\n').flatMap((row) => {
    if (row.startsWith('#') || row.length > 10_000) return [];
    const [, name, written, number = ''] = line.exec(row) ?? [];
    const value = numberOf(number);
    const labels = labelsOf(written ?? '');
    return name === undefined || value === undefined || !labels ? [] : [{ name, labels, value }];
  });
}

function numberOf(text: string): number | undefined {
  if (/^\+?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-Inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  if (/^NaN$/i.test(text)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function labelsOf(written: string): Record<string, string> | undefined {
  const labels: [string, string][] = [];
  let at = 0;
  while (at < written.length) {
    label.lastIndex = at;
    const [whole, name = '', value = ''] = label.exec(written) ?? [];
    if (whole === undefined) return undefined;
    labels.push([name, value.replace(/\\(.)/g, (_all, one: string) => (one === 'n' ? '\n' : one))]);
    at += whole.length;
  }
  return Object.fromEntries(labels);
}
