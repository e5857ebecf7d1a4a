import { RE2JS } from 're2js';

/** A compiled regular expression that runs in linear time. */
export interface LinearRegexp {
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean;
}

/** The same rule is evaluated for many jobs and events, and compiling is the slow part. */
const compiled = new Map<string, LinearRegexp>();
const maxCompiled = 1_000;

/**
 * Compiles RE2 syntax, as GitLab's `UntrustedRegexp` does: `^` and `$` match at lines. `flags` are of `i`, `s`, `m`, `U`.
 * Throws when the syntax is not RE2's.
 */
export function compileRegexp(source: string, flags = ''): LinearRegexp {
  const inline = [...new Set(flags.replace(/[^isU]/g, ''))].join('');
  const pattern = `(?m${inline})${source}`;
  const known = compiled.get(pattern);
  if (known) return known;
  const regexp = RE2JS.compile(pattern);
  const linear = { test: (text: string) => regexp.matcher(text).find() };
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, linear);
  return linear;
}
