/** Replaces `length` characters at `at` by `text`; inserts where `length` is 0. */
export interface RangeEdit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** Edits of one text, or why it is left as it is. */
export type Edits = { readonly edits: readonly RangeEdit[] } | { readonly problem: string };

/** The key that is to be trusted, and the cache that it is of. */
export interface Wanted {
  /** `main:<base64>`. */
  readonly key: string;
  /** Before the colon of the key. */
  readonly name: string;
  /** Of the cache: substituters of its host are its. */
  readonly url: string;
}

/** Makes the edits, which do not overlap; everything beside them stays byte for byte. */
export function applyEdits(text: string, edits: readonly RangeEdit[]): string {
  return [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((before, { at, length, text: by }) => before.slice(0, at) + by + before.slice(at + length), text);
}

/** Where the line around an offset begins and ends, without its line break, and the break that the text uses there. */
export function lineAt(text: string, at: number): { start: number; end: number; line: string; eol: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const next = text.indexOf('\n', at);
  const isCrlf = next < 0 ? text.includes('\r\n') : text.charAt(next - 1) === '\r';
  const end = next < 0 ? text.length : isCrlf ? next - 1 : next;
  return { start, end, line: text.slice(start, end), eol: isCrlf ? '\r\n' : '\n' };
}

/** The length of a key or of what stands in its place, as in `main:<PUBLIC KEY>`: to the bracket that closes on its line. */
export function keyLength(text: string, { at, text: word }: { at: number; text: string }): number {
  const { end } = lineAt(text, at);
  const close = /^[^:]*:<[^>]*$/.test(word) ? text.indexOf('>', at) : -1;
  return close >= 0 && close < end ? close + 1 - at : word.length;
}

/** True when a substituter is of the host that the cache is on. */
export function isOf(address: string, url: string): boolean {
  return URL.canParse(address) && URL.canParse(url) && new URL(address).host === new URL(url).host;
}
