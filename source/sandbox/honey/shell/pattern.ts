/** A shell pattern (`*`, `?`, `[…]`, backslash) as a regular expression. */
function source(pattern: string): string {
  let text = '';
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern[at] ?? '';
    const close = letter === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (letter === '*') text += '[\\s\\S]*';
    else if (letter === '?') text += '[\\s\\S]';
    else if (letter === '\\') text += literal(pattern[++at] ?? '\\');
    else if (close > 0) {
      const set = pattern.slice(at + 1, close).replace(/\\/g, '\\\\');
      text += `[${set.replace(/^!/, '^')}]`;
      at = close;
    } else text += literal(letter);
  }
  return text;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

export function globPattern(pattern: string): RegExp {
  return new RegExp(`^${source(pattern)}$`);
}

/** `${name%pattern}`: the shortest end, or the longest. */
export function removeSuffix(value: string, pattern: string, longest: boolean): string {
  const whole = globPattern(pattern);
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const start = (longest ? starts : starts.reverse()).find((index) => whole.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}

/** `${name#pattern}`: the shortest beginning, or the longest. */
export function removePrefix(value: string, pattern: string, longest: boolean): string {
  const whole = globPattern(pattern);
  const ends = Array.from({ length: value.length + 1 }, (_, index) => index);
  const end = (longest ? ends.reverse() : ends).find((index) => whole.test(value.slice(0, index)));
  return end === undefined ? value : value.slice(end);
}
