import { type Answer, json, text } from '../http/answer.ts';

function failure(code: number, error: string, message: string): Answer {
  return lowerCase(json({ code, error, message }, code));
}

/** Attic's errors, word for word. */
export const errors = {
  unauthorized: failure(401, 'Unauthorized', 'Unauthorized.'),
  access: failure(403, 'AccessError', 'Access error: User does not have permission to complete this action.'),
  noSuchCache: failure(404, 'NoSuchCache', 'The requested cache does not exist.'),
  noSuchObject: failure(404, 'NoSuchObject', 'The requested object does not exist.'),
  notFound: failure(404, 'NotFound', 'The URL you requested was not found.'),
  cacheExists: failure(400, 'CacheAlreadyExists', 'The cache already exists.'),
  badHash: failure(500, 'InvalidStorePathHash', 'Error from the common components.'),
  request: (detail: string) => failure(400, 'RequestError', `General request error: ${detail}`),
};

export function okJson(value: unknown): Answer {
  return lowerCase(json(value));
}

/** Done, with nothing to say: not even a content type. */
export const done: Answer = { status: 200, body: '' };

/** A refusal of the web framework, before Attic's own code sees the request. */
export function rejection(status: 400 | 415 | 422, detail: string): Answer {
  return lowerCase(text(detail, status));
}

/** Attic sends all names of headers in lower case. */
function lowerCase(answer: Answer): Answer {
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...answer, headers: Object.fromEntries(headers) };
}
