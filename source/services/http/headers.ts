import { validateHeaderName, validateHeaderValue } from 'node:http';

/** The header fields of an answer, or those to send. Names count in any case; a field that came twice has its values joined by commas. */
export interface HeaderFields extends Iterable<readonly [name: string, value: string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** Fields to send. Throws what Node throws when one cannot be sent. */
export function headerFields(
  given: Iterable<readonly [name: string, value: string]> = [],
): HeaderFields & { set(name: string, value: string): void; delete(name: string): void } {
  const fields = new Map<string, string>();
  for (const [name, value] of given) set(name, value);
  function set(name: string, value: string): void {
    const bare = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    validateHeaderName(name);
    validateHeaderValue(name, bare);
    fields.set(name.toLowerCase(), bare);
  }
  return {
    get: (name) => fields.get(name.toLowerCase()) ?? null,
    has: (name) => fields.has(name.toLowerCase()),
    set,
    delete(name) {
      fields.delete(name.toLowerCase());
    },
    [Symbol.iterator]: () => fields[Symbol.iterator](),
  };
}

/** The fields that came: names and values by turns, as Node's `rawHeaders` has them. */
export function cameFields(raw: readonly string[]): HeaderFields {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    const before = fields.get(name);
    const value = String(raw[index + 1]);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    get: (name) => fields.get(name.toLowerCase()) ?? null,
    has: (name) => fields.has(name.toLowerCase()),
    [Symbol.iterator]: () => fields[Symbol.iterator](),
  };
}
