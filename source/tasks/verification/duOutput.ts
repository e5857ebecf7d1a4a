const units: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** Bytes of the first folder of Bazel that du measured in the log of a job; undefined without one. */
export function parseDu(log: string): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:[.,]\d+)?)([KMGT]?)\s+\S*bazel\S*\s*$/m.exec(log) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount.replace(',', '.')) * (units[unit || unitOf(log)] ?? 1);
}

/** What du counts in where it writes no unit: kibibytes, unless its options say otherwise. The log shows the command. */
function unitOf(log: string): string {
  const [, options = ''] = /\bdu((?:\s+-\S+)+)\s+\S*bazel/.exec(log) ?? [];
  const letters = [...options.matchAll(/\s-([a-z]+)/gi)].map(([, some = '']) => some).join('');
  if (letters.includes('b') || options.includes('--bytes')) return 'B';
  return letters.includes('m') ? 'M' : 'K';
}
