import type { ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { CiFiles, PipelineContext, PipelineEvent } from '../core/ci/model.ts';
import { NeedsUser } from '../core/failure.ts';
import { plain } from '../core/text/safe.ts';
import { type Checkout, openCheckout } from '../services/git/checkout.ts';
import { pipelineContext } from '../services/git/pipelineContext.ts';
import type { GitLab } from '../services/gitlab/types.ts';

export const events = [
  'push',
  'merge_request',
  'tag',
  'schedule',
  'web',
] as const satisfies readonly PipelineEvent[];

/** What a `ci` command is asked for. */
export interface CiQuestion {
  readonly dir: string;
  readonly event: string;
  readonly ref?: string;
  /** A revision whose files are read in place of the working tree's. */
  readonly commit?: string;
  readonly changed?: readonly string[];
  /** `KEY=VALUE`, as given. */
  readonly variables: readonly string[];
  /** Asked for what includes from elsewhere hold, and by `ci check` for variables; offline without it. */
  readonly gitlab?: Pick<GitLab, 'lint' | 'server'> & Partial<Pick<GitLab, 'variables'>>;
  readonly json: boolean;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/** The path of the configuration's entry file. */
export const entryFile = '.gitlab-ci.yml';

/** The job set for a question. Throws `NeedsUser` for an unknown event, a commit that is not there, or a variable without `=`. */
export async function answerCi(
  question: CiQuestion,
): Promise<{ set: ResolvedJobSet; context: PipelineContext }> {
  const event = eventOf(question.event);
  // Git runs while the modules load.
  const [checkout, { jobSet }] = await Promise.all([openFiles(question), import('../core/ci/jobSet.ts')]);
  const context = contextOf(checkout, event, question);
  const set = jobSet(entryFile, context);
  const { gitlab } = question;
  if (!gitlab || set.unresolved.length === 0) return { set, context };
  const { mergedConfiguration, withMerged } = await import('./merged.ts');
  const merged = await mergedConfiguration(gitlab, refToMerge(question, checkout, context));
  return { set: withMerged(set, context, merged), context };
}

/** The files that a question is about: of the working tree, or of a commit. */
export async function openFiles({ dir, commit }: Pick<CiQuestion, 'dir' | 'commit'>): Promise<Checkout> {
  if (commit === undefined) return openFolder(dir);
  const { openCommit } = await import('../services/git/commit.ts');
  return openCommit(dir, commit);
}

/** A folder without git and without a CI configuration is not what was meant. */
async function openFolder(dir: string): Promise<Checkout> {
  const checkout = await openCheckout(dir);
  if (checkout.isGit || checkout.read(entryFile) !== undefined) return checkout;
  throw new NeedsUser({
    tried: `read the CI configuration of ${plain(checkout.root)}`,
    saw: `it is no checkout: neither git nor a ${entryFile} is there`,
    next: ['Run it in a checkout, or give one: --dir PATH'],
    code: 'not-a-checkout',
  });
}

/** What GitLab is asked to merge: the commit itself where one is named, else the ref of the event. */
export function refToMerge(
  { commit }: Pick<CiQuestion, 'commit'>,
  checkout: Checkout,
  { ref }: Pick<PipelineContext, 'ref'>,
): string {
  return commit === undefined ? ref : (checkout.commit?.sha ?? ref);
}

/** The event that a word names. Throws `NeedsUser` for another word. */
export function eventOf(word: string): PipelineEvent {
  const event = events.find((known) => known === word);
  if (!event) throw usage(`--event ${word}`, `the events are ${events.join(', ')}`);
  return event;
}

/** The pipeline that an event on a checkout would ask for. */
export function contextOf(
  checkout: Checkout,
  event: PipelineEvent,
  question: Pick<CiQuestion, 'ref' | 'changed' | 'variables'>,
): PipelineContext & { readonly files: CiFiles } {
  const { ref, changed } = question;
  return pipelineContext(checkout, event, {
    variables: Object.fromEntries(question.variables.map(assignment)),
    ...(ref === undefined ? {} : { ref }),
    ...(changed ? { changed } : {}),
  });
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--var ${text}`, 'a variable is given as KEY=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A command line that cannot be meant; `command` is whose help says how. */
export function usage(tried: string, saw: string, command = 'ci jobs'): NeedsUser {
  return new NeedsUser({ tried, saw, next: [`See: huskycat-tui ${command} --help`], code: 'usage' });
}
