import type { LintResult } from '../../core/gitlab/model.ts';
import { unlessForbidden } from '../engine/forbidden.ts';

/** Errors of a dry run that say nothing of the configuration: the ref is not on the server, or the role may not run it. */
const notOfFiles = /permission|protected|not found|does not exist/i;

/** What GitLab would make on other refs, and how that is not what was predicted. */
export interface DryRuns {
  /** A line for each ref. */
  readonly said: readonly string[];
  /** The first ref that would get something else; the others are not asked for. */
  readonly wrong?: { readonly as: string; readonly saw: string };
}

/** Asks what GitLab would make on each ref, and holds that against the names that were predicted for it. */
export async function dryRuns(
  lint: (as: string) => Promise<LintResult>,
  expected: Readonly<Record<string, readonly string[]>>,
): Promise<DryRuns> {
  const said: string[] = [];
  for (const [as, names] of Object.entries(expected)) {
    if (names.length === 0) continue;
    const found = await lint(as).catch(unlessForbidden);
    if (!found || (!found.valid && found.errors.some((error) => notOfFiles.test(error)))) {
      said.push(`what ${as} would get is predicted from the files alone`);
      continue;
    }
    if (!found.valid) return { said, wrong: { as, saw: found.errors.join('; ') } };
    const jobs = found.jobs.map(({ name }) => name);
    const difference = jobs.length === 0 ? undefined : differsFrom(jobs, names);
    if (difference !== undefined)
      return { said, wrong: { as, saw: `GitLab would make other jobs: ${difference}` } };
    said.push(`on ${as} it would have the ${names.length} jobs that were predicted`);
  }
  return { said };
}

/** How names differ from those expected; undefined when they are the same. */
export function differsFrom(names: readonly string[], expected: readonly string[]): string | undefined {
  const more = names.filter((name) => !expected.includes(name));
  const less = expected.filter((name) => !names.includes(name));
  if (more.length + less.length === 0) return undefined;
  return [...more.map((name) => `+${name}`), ...less.map((name) => `-${name}`)].join(', ');
}
