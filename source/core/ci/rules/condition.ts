import { expandAll, expandVariables } from '../expand.ts';
import { evaluateIf, type Variables } from '../expression/evaluate.ts';
import { ExpressionError } from '../expression/lexer.ts';
import type { CiFiles, MappingNode, Node } from '../model.ts';
import { compileRegexp } from '../regexp.ts';
import { get, isNull, scalarText, textOf, textsOf } from '../yaml/node.ts';
import { isLiteral, matchesGlob } from './glob.ts';

/** What the conditions of a rule look at. */
export interface ConditionContext {
  readonly variables: Variables;
  /** Undefined where GitLab has nothing to compare with: then `changes` holds. */
  readonly changed: readonly string[] | undefined;
  /** The same for `changes:compare_to`, which compares in every kind of pipeline. */
  readonly compared?: readonly string[] | undefined;
  /** Why nobody knows what changed, where GitLab does. */
  readonly unread?: string | undefined;
  /** Branches and tags that exist; undefined when that is not known. */
  readonly refs?: readonly string[] | undefined;
  readonly files: CiFiles;
  /** Notes what was taken for granted. */
  readonly assume: (text: string) => void;
}

/** A condition that keeps the pipeline from being created; the message is GitLab's. */
export class ConditionFailure extends Error {
  override readonly name = 'ConditionFailure';
}

/** GitLab stops comparing files with `exists` patterns here, and says yes (`MAX_PATTERN_COMPARISONS`). */
const maxComparisons = 50_000;
const maxRegexpLength = 255;

/** Whether all conditions of a rule hold (`if`, `changes`, `exists`). Throws `ConditionFailure`. */
export function ruleHolds(rule: MappingNode, context: ConditionContext): boolean {
  const condition = get(rule, 'if');
  if (condition && !isNull(condition) && !ifHolds(condition, context)) return false;
  const changes = get(rule, 'changes');
  if (changes && !isNull(changes) && !changesHold(changes, context)) return false;
  const exists = get(rule, 'exists');
  return exists === undefined || isNull(exists) || existsHolds(exists, context);
}

function ifHolds(node: Node, context: ConditionContext): boolean {
  const text = scalarText(node) ?? '';
  try {
    return evaluateIf(text, context.variables);
  } catch (thrown) {
    if (thrown instanceof ExpressionError)
      throw new ConditionFailure('invalid expression syntax', { cause: thrown });
    throw thrown;
  }
}

/** `changes`, for rules and for `only`: any changed path that matches any pattern. */
export function changesHold(node: Node, context: ConditionContext): boolean {
  const regexp = regexpOf(node, 'changes', context);
  const compareTo = comparedRef(node, context);
  const changed = compareTo === undefined ? context.changed : context.compared;
  if (changed === undefined) {
    context.assume(assumedChange(compareTo, context));
    return true;
  }
  if (regexp) return changed.some((path) => regexp.test(path));
  const patterns = expandPatterns(patternsOf(node), context.variables);
  return changed.some((path) => patterns.some((pattern) => matchesGlob(pattern, path)));
}

/** Why `changes` holds without a comparison. */
function assumedChange(compareTo: string | undefined, { changed, unread }: ConditionContext): string {
  if (unread !== undefined) return `rules:changes is taken as true: ${unread}`;
  if (compareTo !== undefined && changed !== undefined)
    return `rules:changes is taken as true: nobody compared with ${compareTo}`;
  return 'rules:changes is true: there is nothing to compare with';
}

/** The ref of `compare_to`, when there is one. Throws `ConditionFailure` when no such ref exists. */
function comparedRef(node: Node, context: ConditionContext): string | undefined {
  const written = textOf(get(node, 'compare_to'));
  if (written === undefined) return undefined;
  const ref = expandVariables(written, expandAll(context.variables));
  const short = ref.replace(/^refs\/(?:heads|tags)\//, '');
  if (context.refs && !context.refs.includes(short) && !/^[0-9a-f]{7,64}$/.test(ref)) {
    throw new ConditionFailure('rules:changes:compare_to is not a valid ref');
  }
  return ref;
}

function existsHolds(node: Node, context: ConditionContext): boolean {
  const project = scalarText(get(node, 'project'));
  if (project !== undefined) {
    context.assume(`rules:exists of project ${project} is taken as false: its files are not here`);
    return false;
  }
  const files = context.files.list();
  const regexp = regexpOf(node, 'exists', context);
  if (regexp) return files.some((path) => regexp.test(path));
  const patterns = expandPatterns(patternsOf(node), context.variables).map((pattern) =>
    pattern.replace(/^\//, ''),
  );
  const tracked = new Set(files);
  const [literal, globs] = [patterns.filter(isLiteral), patterns.filter((pattern) => !isLiteral(pattern))];
  if (literal.some((path) => tracked.has(path))) return true;
  if (globs.length > 0 && files.length * globs.length > maxComparisons) return true;
  return globs.some((pattern) => files.some((path) => matchesGlob(pattern, path)));
}

function patternsOf(node: Node): string[] {
  return textsOf(node.kind === 'mapping' ? get(node, 'paths') : node);
}

function expandPatterns(patterns: readonly string[], variables: Variables): string[] {
  if (!patterns.some((pattern) => pattern.includes('$'))) return [...patterns];
  const expanded = expandAll(variables);
  return patterns.map((pattern) => expandVariables(pattern, expanded, true));
}

function regexpOf(node: Node, keyword: string, context: ConditionContext) {
  const source = textOf(get(node, 'regexp'));
  if (source === undefined) return undefined;
  const expanded = expandVariables(source, expandAll(context.variables), true);
  if (expanded.length > maxRegexpLength)
    throw new ConditionFailure(
      `rules:${keyword}:regexp is too long (maximum is ${maxRegexpLength} characters)`,
    );
  try {
    return compileRegexp(expanded.replace(/\\Z/g, '\\z'));
  } catch (cause) {
    throw new ConditionFailure(`rules:${keyword}:regexp is not a valid regular expression`, { cause });
  }
}
