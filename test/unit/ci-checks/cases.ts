/**
 * By rule: a configuration that it must find, at which line, and those that no rule may find anything in; `before` is what the
 * configuration was before the change.
 */
export type Cases = Record<
  string,
  {
    bad: string;
    line: number;
    good: string | readonly string[];
    files?: Record<string, string>;
    before?: string;
  }
>;
