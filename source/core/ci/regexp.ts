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
 * Compiles RE2 syntax, as GitLab's `UntrustedRegexp` does. `flags` are of `i`, `s`, `m`, `U`; without `m`, `^` and `$`
 * match at the ends of the text only.
 * Throws when the syntax is not RE2's.
 */
export function compileRegexp(source: string, flags = ''): LinearRegexp {
  const inline = [...new Set(flags.replace(/[^ismU]/g, ''))].join('');
  const pattern = inline === '' ? source : `(?${inline})${source}`;
  const known = compiled.get(pattern);
  if (known) return known;
  const linear = withoutRepetition(source, inline) ?? withRe2(pattern);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, linear);
  return linear;
}

function withRe2(pattern: string): LinearRegexp {
  const regexp = RE2JS.compile(pattern);
  return { test: (text) => regexp.matcher(text).find() };
}

/** Literals, groups, alternatives and anchors, in ASCII. */
const withoutRepetitionForm = /^(?:[\w /:@,=~#%&'"<>!;^$()|-]|\\[./_-])*$/;

/**
 * Most patterns of rules repeat nothing, so that nothing in them can backtrack for long. JavaScript's engine gives RE2's
 * answer then, in a tenth of the time; its own `^` and `$` would also see other line ends than RE2's.
 */
function withoutRepetition(source: string, flags: string): LinearRegexp | undefined {
  if (!withoutRepetitionForm.test(source)) return undefined;
  const other = flags.includes('m') ? '[^\\n]' : '[^]';
  const translated = source.replace(/\\[_-]|[\^$]/g, (found) => {
    if (found === '^') return `(?<!${other})`;
    return found === '$' ? `(?!${other})` : found.slice(1);
  });
  try {
    const regexp = new RegExp(translated, flags.includes('i') ? 'iu' : 'u');
    return { test: (text) => regexp.test(text) };
  } catch {
    return undefined;
  }
}
