import type { Answer, Request } from './answer.ts';

export type Handler<C> = (request: Request, context: C) => Answer | Promise<Answer>;

/** `GET /projects/:id/files/*path`: `:name` is one segment (an encoded slash stays in it), `*name` the rest. */
export interface Route<C> {
  readonly method: string;
  readonly pattern: string;
  readonly handle: Handler<C>;
}

export interface Match<C> {
  readonly route: Route<C>;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the first route for a method and a raw path. `otherMethods`: the path exists for these only. */
export interface Router<C> {
  match(method: string, path: string): Match<C> | { readonly otherMethods: readonly string[] };
}

export function createRouter<C>(routes: readonly Route<C>[]): Router<C> {
  const compiled = routes.map((route) => ({ route, segments: split(route.pattern) }));
  return {
    match(method, path) {
      const parts = split(path);
      const otherMethods = new Set<string>();
      for (const { route, segments } of compiled) {
        const params = paramsOf(segments, parts);
        if (!params) continue;
        if (route.method === method) return { route, params };
        otherMethods.add(route.method);
      }
      return { otherMethods: [...otherMethods] };
    },
  };
}

function split(path: string): string[] {
  return path.split('/').filter((part, index) => index > 0 || part !== '');
}

function paramsOf(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.startsWith('*')) {
      params[segment.slice(1)] = parts.slice(index).map(decode).join('/');
      return params;
    }
    if (segment.startsWith(':')) params[segment.slice(1)] = decode(part);
    else if (segment !== part) return undefined;
  }
  return segments.length === parts.length ? params : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
