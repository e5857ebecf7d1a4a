import type { Finding } from '../../evidence.ts';

/**
 * The findings that were not there before. Lines move with an edit: one is told by what it says, not by where; of several that
 * say the same, as many as there were before are old.
 */
export function newSince(findings: readonly Finding[], before: readonly Finding[]): Finding[] {
  const old = new Map<string, number>();
  for (const finding of before) old.set(signature(finding), (old.get(signature(finding)) ?? 0) + 1);
  return findings.filter((finding) => {
    const left = old.get(signature(finding)) ?? 0;
    if (left > 0) old.set(signature(finding), left - 1);
    return left === 0;
  });
}

function signature({ rule, title, saw }: Finding): string {
  return `${rule}\0${title}\0${saw.replace(/:\d+(?::\d+)?/g, '')}`;
}
