import type { Fix, Severity } from '../../evidence.ts';
import type { RunnerSpec } from '../../pipeline/runners.ts';
import type { ResolvedJobSet } from '../jobSet.ts';
import type { CiFiles, Configuration, Node, PipelineEvent, Place } from '../model.ts';
import { flatItems, get, textOf } from '../yaml/node.ts';

/** What a rule looks at: the resolved configuration and the job set of each event that was asked for. */
export interface CheckInput {
  readonly configuration: Configuration;
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
  readonly files: CiFiles;
  /** The job sets before a change that is looked at. */
  readonly before?: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
  /** Usable runners, where they are known. */
  readonly runners?: readonly RunnerSpec[];
  /** Keys of the variables that the project and its groups set on GitLab, where they were asked for. */
  readonly knownVariables?: readonly string[];
}

/** What a rule found, and where. */
export interface Found {
  readonly at: Place;
  readonly title: string;
  /** What is written there, or what came of it. */
  readonly saw: string;
  /** Where it weighs more or less than its rule says. */
  readonly severity?: Severity;
}

/** One check, with all that its documentation needs. */
export interface Rule {
  /** Lower-case words with hyphens; also the word that suppresses it. */
  readonly id: string;
  readonly severity: Severity;
  /** What it looks for, in one line. */
  readonly summary: string;
  /** Why it matters. */
  readonly why: string;
  readonly fix: Fix;
  readonly check: (input: CheckInput) => Iterable<Found>;
}

/** The lines of a script, each a string, with the node that holds it. */
export function scriptLines(keywords: Node, ...keys: readonly string[]): { text: string; node: Node }[] {
  return keys.flatMap((key) =>
    flatItems(get(keywords, key)).flatMap((node) => {
      const text = textOf(node);
      return text === undefined ? [] : [{ text, node }];
    }),
  );
}
