/** Beyond so many values the distribution is taken as normal, which then is as good. */
const mostExact = 60;

/**
 * The two-sided p-value of the Mann–Whitney test: how often chance alone parts the values at least as far. Exact, ties
 * included (every way to split the values' mid-ranks), up to 60 values; normal with the correction for ties beyond.
 * NaN when a side is empty.
 */
export function rankTest(before: readonly number[], after: readonly number[]): number {
  if (before.length === 0 || after.length === 0) return Number.NaN;
  const ranks = doubledRanks([...before, ...after]);
  const sum = ranks.slice(0, before.length).reduce((total, rank) => total + rank, 0);
  return ranks.length <= mostExact
    ? exact(ranks, before.length, sum)
    : approximate(ranks, before.length, sum);
}

/** Twice the mid-rank of each value, so that ties stay whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to += 1;
    for (let at = from; at <= to; at += 1) ranks[order[at]?.index ?? 0] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

/** Counts the ways to choose `size` ranks by their sum; they are counted as shares so that none grows too large. */
function exact(ranks: readonly number[], size: number, sum: number): number {
  const most = ranks.reduce((total, rank) => total + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  const none = ways[0];
  if (none) none[0] = 1;
  for (const rank of ranks)
    for (let chosen = size; chosen > 0; chosen -= 1) {
      const [into, from] = [ways[chosen], ways[chosen - 1]];
      if (!into || !from) continue;
      for (let total = most; total >= rank; total -= 1)
        into[total] = (into[total] ?? 0) + (from[total - rank] ?? 0);
    }
  const counts = ways[size] ?? new Float64Array();
  const middle = (size * most) / ranks.length;
  const away = Math.abs(sum - middle) - 1e-9;
  let [all, far] = [0, 0];
  for (const [total, count] of counts.entries()) {
    all += count;
    if (Math.abs(total - middle) >= away) far += count;
  }
  return far / all;
}

function approximate(ranks: readonly number[], size: number, doubled: number): number {
  const count = ranks.length;
  const other = count - size;
  const away = Math.abs(doubled / 2 - (size * (count + 1)) / 2);
  const ties = [...Map.groupBy(ranks, (rank) => rank).values()].reduce(
    (sum, { length }) => sum + length ** 3 - length,
    0,
  );
  const variance = ((size * other) / 12) * (count + 1 - ties / (count * (count - 1)));
  if (variance <= 0) return 1;
  return Math.min(1, complementaryError(Math.max(0, away - 0.5) / Math.sqrt(2 * variance)));
}

/** erfc for positive arguments, to 1.2e-7 (Numerical Recipes, §6.2). */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  const polynomial = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + polynomial);
}
