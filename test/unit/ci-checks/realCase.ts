/** A configuration as people write them, and the rules that find something in it. */
export interface RealCase {
  readonly config: string;
  readonly rules: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export type RealCases = readonly (readonly [name: string, RealCase])[];

/** Cases as a table: a name, a configuration, the rules that find something, and other files. */
export function real(
  name: string,
  config: string,
  rules: readonly string[],
  files: RealCase['files'] = {},
): readonly [string, RealCase] {
  return [name, { config, rules, files }];
}

/** A job of one script, each item a literal block. */
export function script(...items: readonly string[]): string {
  const blocks = items.map((item) => `    - |\n${item.replace(/^/gm, '      ')}\n`);
  return `a:\n  image: debian:13\n  script:\n${blocks.join('')}`;
}
