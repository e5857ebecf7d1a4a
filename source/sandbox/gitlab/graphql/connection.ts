import { GraphQLError } from 'graphql';

/** How a connection is asked for. */
export interface Paging {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** GitLab's largest page. */
const largest = 100;

/** A page of a list as a connection; cursors are places in it. */
export function connection<T, N>(
  all: readonly T[],
  { first, last, after, before }: Paging,
  show: (item: T) => N,
) {
  const start = after ? place(after) + 1 : 0;
  const end = before ? place(before) : all.length;
  const limit = Math.min(first ?? largest, largest);
  const [from, to] =
    typeof last === 'number' && typeof first !== 'number'
      ? [Math.max(start, end - Math.min(last, largest)), end]
      : [start, Math.min(end, start + limit)];
  const edges = all
    .slice(from, to)
    .map((item, index) => ({ cursor: cursor(from + index), node: () => show(item) }));
  return {
    count: all.length,
    edges,
    nodes: () => edges.map(({ node }) => node()),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: to < all.length,
      hasPreviousPage: from > 0,
    },
  };
}

function cursor(index: number): string {
  return Buffer.from(String(index)).toString('base64');
}

function place(text: string): number {
  const index = Number(Buffer.from(text, 'base64').toString());
  if (!Number.isInteger(index)) throw new GraphQLError('Invalid cursor provided');
  return index;
}
