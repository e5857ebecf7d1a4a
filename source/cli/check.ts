import { join, relative } from 'node:path';
import { checkConfiguration } from '../core/ci/checks/index.ts';
import type { CheckInput } from '../core/ci/checks/rule.ts';
import { newSince } from '../core/ci/checks/since.ts';
import { jobSet, type ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { CiFiles, PipelineContext, PipelineEvent } from '../core/ci/model.ts';
import type { Finding } from '../core/evidence.ts';
import { Failure, NeedsUser } from '../core/failure.ts';
import { counted } from '../core/text/format.ts';
import { mergeBase } from '../services/git/mergeBase.ts';
import { readRunners } from './files.ts';
import type { Io } from './io.ts';
import { type CiQuestion, contextOf, entryFile, events, openFiles, refToMerge } from './question.ts';
import { printable } from './text.ts';

export interface CheckQuestion extends Omit<CiQuestion, 'event'> {
  /** All events when absent. */
  readonly event?: PipelineEvent;
  /** Path of a file of runners, as for `ci simulate`. */
  readonly runners?: string;
  /** A revision: only what is new since the commit from which it and this one went apart. */
  readonly base?: string;
}

/** `ci check`: what is wrong in the checkout's CI configuration, for one event or, without `event`, for all. */
export async function showCheck(question: CheckQuestion, io: Io): Promise<number> {
  const runners = question.runners === undefined ? undefined : readRunners(question.runners);
  const { sets, files, root, refs } = await answerEvents(question);
  const { keys, because } = await knownVariables(question.gitlab);
  const asked = [...sets.keys()];
  const [first] = sets.values();
  if (!first) return 2;
  const known = { ...(runners ? { runners } : {}), ...(keys ? { knownVariables: keys } : {}) };
  const input = { configuration: first.configuration, sets, files, ...known };
  const { findings, older } = await since(question, input, refs, known);
  const assumptions = [...first.assumptions, ...because];
  if (question.json) {
    const unresolved = first.unresolved.map(({ include, because }) => ({ include, because }));
    io.stdout(
      `${JSON.stringify({ schema: 'huskycat-tui/ci-check@1', at: question.now, findings, ...(older === undefined ? {} : { older }), unresolved, assumptions })}\n`,
    );
    return findings.length > 0 ? 1 : 0;
  }
  // As an editor started here would open it.
  const fromHere = relative(process.cwd(), root);
  const lines = findings.flatMap(({ severity, rule, title, where, saw, why, fix }) => [
    `${severity}: ${title} [${rule}]`,
    'file' in where
      ? `  at ${join(fromHere, where.file)}:${where.line ?? 1}:${where.column ?? 1}`
      : `  at ${where.object}`,
    `  saw: ${saw}`,
    `  why: ${why}`,
    `  fix: ${'text' in fix ? fix.text : 'command' in fix ? fix.command : `task ${fix.task}`}`,
  ]);
  if (lines.length === 0)
    lines.push(
      `No findings in ${counted(first.configuration.files.length, 'file')} for ${asked.join(', ')}.`,
    );
  if (older) lines.push(`${counted(older, 'finding')} older than the change not shown.`);
  for (const { include, because } of first.unresolved) lines.push(`not looked at: ${include}: ${because}`);
  for (const assumption of assumptions) lines.push(`assumed: ${assumption}`);
  io.stdout(lines.map((line) => `${printable(line)}\n`).join(''));
  return findings.length > 0 ? 1 : 0;
}

/** All findings; with a base those that are new since it, and how many are older. */
async function since(
  question: CheckQuestion,
  input: CheckInput,
  refs: EventAnswers['refs'],
  known: Pick<CheckInput, 'runners' | 'knownVariables'>,
): Promise<{ findings: readonly Finding[]; older?: number }> {
  const { base, dir, commit } = question;
  if (base === undefined) return { findings: checkConfiguration(input) };
  const sha = await mergeBase(dir, [base, commit ?? 'HEAD']);
  const before = await answerEvents({ ...question, commit: sha, refs }).catch((thrown: unknown) => {
    // Where there was no configuration, all of it is new.
    if (thrown instanceof Failure && thrown.code === 'no-configuration') return undefined;
    throw thrown;
  });
  const [first] = before?.sets.values() ?? [];
  if (!before || !first) return { findings: checkConfiguration(input), older: 0 };
  const { sets, files } = before;
  const all = checkConfiguration({ ...input, before: sets });
  const older = checkConfiguration({ configuration: first.configuration, sets, files, ...known });
  const findings = newSince(all, older);
  return { findings, older: all.length - findings.length };
}

/** Keys that GitLab sets for the project, where it tells them all; otherwise why they are not known. */
async function knownVariables(
  gitlab: CiQuestion['gitlab'],
): Promise<{ keys?: readonly string[]; because: readonly string[] }> {
  if (!gitlab?.variables) return { because: [] };
  try {
    const { variables, unreadable } = await gitlab.variables();
    if (unreadable.length === 0) return { keys: variables.map(({ key }) => key), because: [] };
    return {
      because: unreadable.map(
        ({ owner, because }) => `variables of ${owner.kind} ${owner.path} are not known: ${because}`,
      ),
    };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { because: [`variables of the project are not known: ${thrown.saw}`] };
  }
}

/** What the configuration gives for each event. */
export interface EventAnswers {
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
  /** What findings point into. */
  readonly files: CiFiles;
  readonly root: string;
  /** The branch or tag that each event was asked for. */
  readonly refs: ReadonlyMap<PipelineEvent, string>;
}

/** The job set of each event, or of the one that is asked for; on the refs given, where they are. */
export async function answerEvents(
  question: Omit<CheckQuestion, 'runners' | 'base'> & { readonly refs?: EventAnswers['refs'] },
): Promise<EventAnswers> {
  const checkout = await openFiles(question);
  const { root } = checkout;
  if (checkout.read(entryFile) === undefined)
    throw new NeedsUser({
      tried: `check the CI configuration of ${question.dir}`,
      saw: `there is no ${entryFile}${question.commit === undefined ? '' : ` in ${question.commit}`}`,
      next: [`Run it in a checkout that has one, or name it: huskycat-tui ci check --dir PATH`],
      code: 'no-configuration',
    });
  const contexts = (question.event ? [question.event] : events).map((event) => {
    const ref = question.refs?.get(event);
    return contextOf(checkout, event, ref === undefined ? question : { ...question, ref });
  });
  const refs = new Map(contexts.map(({ event, ref }) => [event, ref]));
  const offline = contexts.map((context) => ({ context, set: jobSet(entryFile, context) }));
  const { gitlab } = question;
  const [first] = contexts;
  if (!gitlab || !first || !offline.some(({ set }) => set.unresolved.length > 0))
    return { sets: byEvent(offline), files: checkout, root, refs };
  const { mergedConfiguration, mergedFiles, withMerged } = await import('./merged.ts');
  const merged = await mergedConfiguration(gitlab, refToMerge(question, checkout, first));
  const online = offline.map(({ context, set }) => ({ context, set: withMerged(set, context, merged) }));
  return { sets: byEvent(online), files: mergedFiles(checkout, merged), root, refs };
}

function byEvent(
  sets: readonly { readonly context: PipelineContext; readonly set: ResolvedJobSet }[],
): ReadonlyMap<PipelineEvent, ResolvedJobSet> {
  return new Map(sets.map(({ context, set }) => [context.event, set]));
}
