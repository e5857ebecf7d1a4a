/** A place in a text, line and column from 1, column in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A JSON text read: its value, and where each part of it stands; or what is wrong and where. */
export type JsonText =
  | { readonly value: unknown; placeOf(path: readonly PropertyKey[]): Place }
  | { readonly problem: string; readonly at: Place };

/** Nested deeper than any configuration; keeps a hostile file from using up the stack. */
const deepest = 64;

/**
 * Reads JSON (RFC 8259) and keeps where each key and item begins. `JSON.parse` names a place only for some mistakes, and
 * never for a value of the wrong shape. What is wrong is said without quoting the file: it may hold a secret.
 */
export function readJson(text: string): JsonText {
  const places = new Map<string, number>();
  let at = 0;
  const fail = (problem: string, offset = at): never => {
    throw new Mistake(problem, offset);
  };
  const space = (): void => {
    while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  };
  const token = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const string = (): string => {
    const start = at;
    const found = token(/"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y);
    return found === undefined
      ? fail('a text that is not closed or holds what JSON does not allow', start)
      : JSON.parse(found);
  };
  const value = (path: readonly PropertyKey[]): unknown => {
    if (path.length > deepest) fail('nested too deep');
    space();
    const key = keyOf(path);
    if (!places.has(key)) places.set(key, at);
    if (text[at] === '{') return object(path);
    if (text[at] === '[') return array(path);
    if (text[at] === '"') return string();
    const word = token(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    return word === undefined
      ? fail(at >= text.length ? 'the end of the file comes too early' : 'no value of JSON')
      : JSON.parse(word);
  };
  const rest = (close: string): boolean => {
    space();
    if (token(/,/y)) return true;
    if (text[at] !== close)
      fail(at >= text.length ? 'the end of the file comes too early' : `no comma or ${close}`);
    at += 1;
    return false;
  };
  const object = (path: readonly PropertyKey[]): Record<string, unknown> => {
    const entries = new Map<string, unknown>();
    at += 1;
    space();
    if (token(/\}/y)) return {};
    do {
      space();
      const start = at;
      if (text[at] !== '"') fail('no key in double quotes');
      const key = string();
      if (entries.has(key)) fail('a key that is there already', start);
      places.set(keyOf([...path, key]), start);
      space();
      if (!token(/:/y)) fail('no colon after the key');
      entries.set(key, value([...path, key]));
    } while (rest('}'));
    return Object.fromEntries(entries);
  };
  const array = (path: readonly PropertyKey[]): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    space();
    if (token(/\]/y)) return items;
    do items.push(value([...path, items.length]));
    while (rest(']'));
    return items;
  };
  try {
    token(/\uFEFF/y);
    const read = value([]);
    space();
    if (at < text.length) fail('something after the end of the value');
    return { value: read, placeOf: (path) => place(text, nearest(places, path)) };
  } catch (thrown) {
    if (!(thrown instanceof Mistake)) throw thrown;
    return { problem: thrown.problem, at: place(text, thrown.offset) };
  }
}

class Mistake extends Error {
  readonly problem: string;
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(problem);
    this.problem = problem;
    this.offset = offset;
  }
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** The place of a path; of the part around it when it is not there. */
function nearest(places: ReadonlyMap<string, number>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const found = places.get(keyOf(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return places.get(keyOf([])) ?? 0;
}

function place(text: string, offset: number): Place {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
