/**
 * How well the letters of `query` are found in `text` in their order; undefined when they are not. Beginnings of words and
 * neighbours count more, so that `rp` finds "Retry pipeline" before "Refresh all panes".
 */
export function fuzzy(text: string, query: string): number | undefined {
  if (query.trim() === '') return 0;
  const where = text.toLowerCase();
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of query.toLowerCase().replaceAll(' ', '')) {
    const start = wordStart(where, letter, from);
    const near = where.indexOf(letter, from);
    const at = last + 1 === near ? near : (start ?? near);
    if (at < 0) return undefined;
    score += at === last + 1 ? 3 : at === start ? 2 : 0;
    last = at;
    from = at + 1;
  }
  return score - text.length / 100;
}

function wordStart(text: string, letter: string, from: number): number | undefined {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1))
    if (at === 0 || text[at - 1] === ' ' || text[at - 1] === '-') return at;
  return undefined;
}
