import type { Preflight } from '../task.ts';

/** Of the merge request, in Markdown: why, on what evidence, and what it will bring. */
export function description({
  url,
  key,
  lines,
  paths,
}: {
  readonly url: string;
  readonly key: string;
  readonly lines: readonly Preflight[];
  readonly paths: readonly string[];
}): string {
  return [
    `The builds read from the Nix cache ${url}, and do not trust what it signs: Nix passes over each of its paths with a warning and builds it again, and the jobs stay green.`,
    `This trusts \`${key}\` in ${paths.map((path) => `\`${path}\``).join(', ')}.`,
    '## Evidence',
    lines
      .filter(({ state }) => state !== 'problem')
      .map(({ title, saw }) => `- ${title}: ${saw}`)
      .join('\n'),
    '## What it will bring',
    `Jobs with Nix take what the cache has: their logs say \`copying path … from '${url}'\`.`,
  ].join('\n\n');
}
