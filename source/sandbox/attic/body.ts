import type { Request } from '../http/answer.ts';
import { AnswerError } from '../http/answer.ts';
import { rejection } from './answer.ts';
import { storeHashFault } from './storePath.ts';

/** A place in a JSON text, as the deserializer counts: columns are bytes read so far in the line. */
function place(text: string, end: number): string {
  const before = text.slice(0, end);
  const line = before.split('\n').length;
  return `at line ${line} column ${Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))}`;
}

/** Why a text is no JSON; undefined when it is. */
function syntaxFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    if (text.trim() === '') return `EOF while parsing a value ${place(text, text.length)}`;
    const [, open] = /^\s*([{[])[^}\]]*$/.exec(text) ?? [];
    if (open) return `EOF while parsing ${open === '{' ? 'an object' : 'a list'} ${place(text, text.length)}`;
    return `expected value ${place(text, 1)}`;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** One JSON object, read field by field; `fail` is told what is wrong with it in the deserializer's words. */
export interface Reader {
  readonly fields: Fields;
  required(name: string): unknown;
  /** The value of `path` (empty: not told) cannot be taken; `inner` values are noticed one byte later. */
  fail(path: string, value: unknown, reason: string, inner?: boolean): never;
}

export function readObject(text: string, fail: (reason: string, isSyntax: boolean) => never): Reader {
  const syntax = syntaxFault(text);
  if (syntax) fail(syntax, true);
  const value: unknown = JSON.parse(text);
  const fields = typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  return {
    fields,
    required(name) {
      if (!(name in fields)) fail(`missing field \`${name}\` ${place(text, text.trimEnd().length)}`, false);
      return fields[name];
    },
    fail(path, found, reason, inner = false) {
      const literal = JSON.stringify(found);
      const end = text.indexOf(literal) + literal.length + (inner ? 1 : 0);
      return fail(`${path ? `${path}: ` : ''}${reason} ${place(text, end)}`, false);
    },
  };
}

/** The JSON body of a request, refused as the web framework refuses it: 415, 400, 422, in this order. */
export function readBody(request: Request): Reader {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? ''))
    throw new AnswerError(rejection(415, 'Expected request with `Content-Type: application/json`'));
  return readObject(request.body.toString('utf8'), (reason, isSyntax) => {
    throw new AnswerError(
      isSyntax
        ? rejection(400, `Failed to parse the request body as JSON: ${reason}`)
        : rejection(422, `Failed to deserialize the JSON body into the target type: ${reason}`),
    );
  });
}

export function isCacheName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9\-_+]{0,49}$/.test(name);
}

export function readCacheName(reader: Reader): string {
  const name = reader.required('cache');
  return isCacheName(name) ? name : reader.fail('cache', name, `Invalid cache name ${JSON.stringify(name)}`);
}

/** A list of strings, each a store path hash where `hashes`. */
export function readStrings(reader: Reader, name: string, hashes = false): string[] {
  const value = reader.required(name);
  if (!Array.isArray(value)) return reader.fail(name, value, 'invalid type: expected a sequence');
  return value.map((item: unknown, index) => {
    const path = `${name}[${index}]`;
    if (typeof item !== 'string') return reader.fail(path, item, 'invalid type: expected a string', true);
    const fault = hashes ? storeHashFault(item) : undefined;
    if (fault)
      return reader.fail(path, item, `Invalid store path hash "${item}": Hash is of invalid ${fault}`, true);
    return item;
  });
}
