import { RE2JS } from 're2js';

/** A compiled regular expression that runs in linear time. */
export interface LinearRegexp {
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean;
}

/**
 * Compiles RE2 syntax, as GitLab's `UntrustedRegexp` does: `^` and `$` match at lines. `flags` are of `i`, `s`, `m`, `U`.
 * Throws when the syntax is not RE2's.
 */
export function compileRegexp(source: string, flags = ''): LinearRegexp {
  const inline = [...new Set(flags.replace(/[^isU]/g, ''))].join('');
  const regexp = RE2JS.compile(`(?m${inline})${source}`);
  return { test: (text) => regexp.matcher(text).find() };
}
