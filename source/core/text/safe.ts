/** Escape sequences as ECMA-48 frames them: CSI, OSC and the other strings (also unterminated), and two-byte escapes. */
const escapes =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*(?:[@-~]|$)|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C|$)?|\u001B[ -/]*[0-~]?/gu;

/** Marks that join emoji into one picture whose width terminals do not agree on. */
const joined =
  /\uFE0E|\uFE0F|\u200D(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u2640|\u2642)*|\p{Emoji_Modifier}/gu;

/** Control, format (bidirectional, zero-width, tags) and line-separating characters, and halves of surrogate pairs. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;

/**
 * Text from outside as one line that cannot steer the terminal, hide or reorder anything: escape sequences and invisible
 * characters go, line breaks and tabs become a space, of emoji joined into one the first stays. Cut to `limit` UTF-16 code units.
 */
export function plain(text: string, limit = 1_000): string {
  const short = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const safe = short
    .replace(escapes, '')
    .replace(joined, '')
    .replace(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, ' ')
    .replace(invisible, '')
    .normalize('NFC');
  if (safe.length <= limit && short === text) return safe;
  const end = /[\uD800-\uDBFF]$/.test(safe.slice(0, limit - 1)) ? limit - 2 : limit - 1;
  return `${safe.slice(0, end)}…`;
}
