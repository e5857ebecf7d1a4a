import { plain } from '../../source/core/text/safe.ts';

const harmless = /^[\u0020-\u007E]{0,400}$/;

/** Text of a snapshot for one row: made safe once more, since the screen is the last place where that is possible. */
export function safe(text: string, limit = 400): string {
  return harmless.test(text) && text.length <= limit ? text : plain(text, limit);
}
