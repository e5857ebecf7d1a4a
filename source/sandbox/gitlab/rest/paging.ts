import { type Answer, AnswerError, json, type Request } from '../../http/answer.ts';
import type { Context } from './context.ts';
import { type Inputs, textOf } from './inputs.ts';

/** A page of a list by number, with GitLab's headers. */
export function paged<T>(
  request: Request,
  { inputs, server }: Pick<Context, 'inputs' | 'server'>,
  all: readonly T[],
  show: (item: T) => unknown,
): Answer {
  const page = number(inputs, 'page', 1);
  const size = Math.min(100, number(inputs, 'per_page', 20));
  const pages = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number): string => {
    const query = new URLSearchParams(request.query);
    query.delete('private_token');
    query.set('page', String(to));
    query.set('per_page', String(size));
    return `<${server}${request.path}?${query}>`;
  };
  const links = [
    ...(page > 1 ? [`${link(Math.min(page - 1, pages))}; rel="prev"`] : []),
    ...(page < pages ? [`${link(page + 1)}; rel="next"`] : []),
    `${link(1)}; rel="first"`,
    `${link(pages)}; rel="last"`,
  ];
  return json(all.slice((page - 1) * size, page * size).map(show), 200, {
    Link: links.join(', '),
    'X-Next-Page': page < pages ? String(page + 1) : '',
    'X-Page': String(page),
    'X-Per-Page': String(size),
    'X-Prev-Page': page > 1 ? String(page - 1) : '',
    'X-Total': String(all.length),
    'X-Total-Pages': String(pages),
  });
}

/** By keyset when `pagination=keyset` asks for it: no totals, only a link to the next page. */
export function pagedByKey<T extends { readonly id: number }>(
  request: Request,
  context: Pick<Context, 'inputs' | 'server'>,
  all: readonly T[],
  show: (item: T) => unknown,
): Answer {
  const { inputs, server } = context;
  if (inputs.pagination !== 'keyset') return paged(request, context, all, show);
  const size = Math.min(100, number(inputs, 'per_page', 20));
  const isAscending = inputs.sort === 'asc';
  const sorted = all.toSorted((a, b) => (isAscending ? a.id - b.id : b.id - a.id));
  const cursor = textOf(inputs.cursor);
  const last = cursor === undefined ? undefined : Number(Buffer.from(cursor, 'base64url').toString());
  const rest = last === undefined ? sorted : sorted.filter(({ id }) => (isAscending ? id > last : id < last));
  const items = rest.slice(0, size);
  const query = new URLSearchParams(request.query);
  query.delete('private_token');
  query.set('cursor', Buffer.from(String(items.at(-1)?.id ?? '')).toString('base64url'));
  const more: Record<string, string> =
    rest.length > size ? { Link: `<${server}${request.path}?${query}>; rel="next"` } : {};
  return json(items.map(show), 200, { 'X-Per-Page': String(size), ...more });
}

function number(inputs: Inputs, name: string, fallback: number): number {
  const text = textOf(inputs[name]);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new AnswerError(json({ error: `${name} does not have a valid value` }, 400));
}
