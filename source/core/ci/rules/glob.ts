const maxAlternatives = 1_000;

/**
 * Whether a path matches as Ruby's `File.fnmatch?` says with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB: `*` stays within
 * a folder, `**` as a whole segment crosses folders when more follows, `{a,b}` is either, hidden files match.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const segments = path.split('/');
  return alternatives(pattern).some((one) => matchSegments(one.split('/'), 0, segments, 0));
}

/** True when the pattern is a path and nothing else. */
export function isLiteral(pattern: string): boolean {
  return !/[*?[\]{}\\]/.test(pattern);
}

const expanded = new Map<string, readonly string[]>();

function alternatives(pattern: string): readonly string[] {
  let known = expanded.get(pattern);
  if (!known) {
    known = isLiteral(pattern) ? [pattern] : expandBraces(pattern);
    expanded.set(pattern, known);
  }
  return known;
}

/** Outer braces first; a brace that is not closed is an ordinary character. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && done.length + open.length < maxAlternatives) {
    const one = open.pop() ?? '';
    const choice = firstBraces(one);
    if (choice) open.push(...choice.options.map((option) => choice.before + option + choice.after).reverse());
    else done.push(one);
  }
  return done;
}

function firstBraces(text: string): { before: string; options: string[]; after: string } | undefined {
  const start = indexOutsideEscape(text, '{');
  if (start < 0) return undefined;
  const options: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '{') depth += 1;
    else if (character === ',' && depth === 1) {
      options.push(text.slice(from, index));
      from = index + 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth > 0) continue;
      options.push(text.slice(from, index));
      return { before: text.slice(0, start), options, after: text.slice(index + 1) };
    }
  }
  return undefined;
}

function indexOutsideEscape(text: string, wanted: string): number {
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === wanted) return index;
  }
  return -1;
}

function matchSegments(
  pattern: readonly string[],
  at: number,
  path: readonly string[],
  from: number,
): boolean {
  for (let index = at, position = from; ; index += 1, position += 1) {
    if (index === pattern.length) return position === path.length;
    if (pattern[index] === '**' && index < pattern.length - 1) {
      let next = index + 1;
      while (pattern[next] === '**' && next < pattern.length - 1) next += 1;
      for (let skip = position; skip < path.length; skip += 1) {
        if (matchSegments(pattern, next, path, skip)) return true;
      }
      return false;
    }
    if (position === path.length || !matchSegment(pattern[index] ?? '', path[position] ?? '')) return false;
  }
}

/** One segment, without going back further than the last `*`. */
function matchSegment(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      resume = t;
      continue;
    }
    const end = p < pattern.length ? matchOne(pattern, p, text[t] ?? '') : -1;
    if (end >= 0) {
      p = end;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** The position after the pattern's next element when it matches the character, else -1. */
function matchOne(pattern: string, at: number, character: string): number {
  const symbol = pattern[at];
  if (symbol === '?') return at + 1;
  if (symbol === '[') return matchSet(pattern, at, character);
  if (symbol === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? at + 2 : -1;
  return symbol === character ? at + 1 : -1;
}

function matchSet(pattern: string, at: number, character: string): number {
  let index = at + 1;
  const negated = pattern[index] === '!' || pattern[index] === '^';
  if (negated) index += 1;
  let found = false;
  for (; pattern[index] !== ']'; index += 1) {
    if (index >= pattern.length) return -1;
    if (pattern[index] === '\\') index += 1;
    const low = pattern[index] ?? '';
    let high = low;
    if (pattern[index + 1] === '-' && pattern[index + 2] !== ']') {
      high = pattern[index + 2] ?? low;
      index += 2;
    }
    if (low <= character && character <= high) found = true;
  }
  return found === negated ? -1 : index + 1;
}
