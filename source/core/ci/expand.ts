import type { Variables } from './expression/evaluate.ts';

/** `$NAME`, `${NAME}`, `%NAME%`; `$$` and `%%` stand for themselves (GitLab's `ExpandVariables`). */
const reference =
  /\$\$|%%|\$([a-zA-Z_][a-zA-Z0-9_]*)|\$\{([a-zA-Z_][a-zA-Z0-9_]*)\}|%([a-zA-Z_][a-zA-Z0-9_]*)%/g;

/** The text with variables replaced; an unknown one becomes nothing, or stays as written where `keep` is set. */
export function expandVariables(text: string, variables: Variables, keep = false): string {
  if (!text.includes('$') && !text.includes('%')) return text;
  return text.replace(reference, (whole: string, ...groups: (string | undefined)[]) => {
    const name = groups[0] ?? groups[1] ?? groups[2];
    if (name === undefined) return whole;
    return (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? (keep ? whole : '');
  });
}

/** Variables with the references among them expanded; one that refers to itself in a circle stays as written. */
export function expandAll(variables: Variables): Variables {
  const result: Record<string, string> = {};
  const open = new Set<string>();
  const resolve = (name: string): string | undefined => {
    if (Object.hasOwn(result, name)) return result[name];
    const raw = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (raw === undefined) return undefined;
    if (!raw.includes('$') && !raw.includes('%')) {
      result[name] = raw;
      return raw;
    }
    if (open.has(name)) return raw;
    open.add(name);
    const inner: Record<string, string | undefined> = {};
    for (const match of raw.matchAll(reference)) {
      const used = match[1] ?? match[2] ?? match[3];
      if (used !== undefined && used !== name) inner[used] = resolve(used);
    }
    open.delete(name);
    const value = expandVariables(raw, inner, true);
    result[name] = value;
    return value;
  };
  for (const name of Object.keys(variables)) resolve(name);
  return result;
}
