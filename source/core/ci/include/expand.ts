import { deepMerge } from '../merge.ts';
import type { CiFiles, ConfigurationError, MappingNode, Node, UnresolvedInclude } from '../model.ts';
import { type ConditionContext, ConditionFailure, ruleHolds } from '../rules/condition.ts';
import { type LoadedYaml, loadYaml } from '../yaml/load.ts';
import { get, isNull, textOf, withoutKeys } from '../yaml/node.ts';
import { headerErrors, resolveInputs } from './inputs.ts';
import { checkBlocks, InterpolationError, interpolate } from './interpolate.ts';
import { type Location, localPaths, locate } from './location.ts';
import { checkIncludeRules } from './rules.ts';

/** GitLab's default for `ci_max_includes`. */
const maxIncludes = 150;

export interface Expanded {
  /** Everything that was read, merged; undefined when the entry file cannot be read as a mapping. */
  readonly root: MappingNode | undefined;
  /** Paths in the order they were read. */
  readonly files: readonly string[];
  readonly unresolved: readonly UnresolvedInclude[];
  readonly errors: readonly ConfigurationError[];
}

/**
 * Reads the entry file and all that it includes, and merges them as GitLab does: includes in their order, then the file's
 * own content over them. What cannot be had offline is listed, not guessed.
 */
export function expandIncludes(entry: string, context: ConditionContext, given?: Node): Expanded {
  const expansion = new Expansion(context);
  const text = context.files.read(entry);
  if (text === undefined) {
    expansion.errors.push({ message: `Missing CI config file: ${entry} does not exist` });
    return expansion.result(undefined);
  }
  if (text.trim() === '') {
    expansion.errors.push({ message: `Please provide content of ${entry}` });
    return expansion.result(undefined);
  }
  return expansion.result(expansion.file(entry, text, given, true));
}

/** What was read of a checkout's files, which stay as they are while it is open: each event asks for the same ones. */
const loaded = new WeakMap<CiFiles, Map<string, { readonly text: string; readonly yaml: LoadedYaml }>>();

function loadOnce(files: CiFiles, path: string, text: string): LoadedYaml {
  const known = loaded.get(files) ?? new Map<string, { text: string; yaml: LoadedYaml }>();
  loaded.set(files, known);
  const found = known.get(path);
  if (found?.text === text) return found.yaml;
  const yaml = loadYaml(path, text);
  known.set(path, { text, yaml });
  return yaml;
}

/** A file's header, the rest, and the plain scalars of both. */
interface FileContent {
  readonly header: MappingNode | undefined;
  readonly body: MappingNode;
  readonly plain: ReadonlySet<Node>;
}

class Expansion {
  readonly errors: ConfigurationError[] = [];
  private readonly files: string[] = [];
  private readonly unresolved: UnresolvedInclude[] = [];
  private count = 0;
  private readonly context: ConditionContext;

  constructor(context: ConditionContext) {
    this.context = context;
  }

  result(root: MappingNode | undefined): Expanded {
    return { root, files: this.files, unresolved: this.unresolved, errors: this.errors };
  }

  file(path: string, text: string, given: Node | undefined, isEntry = false): MappingNode | undefined {
    if (!this.files.includes(path)) this.files.push(path);
    const content = this.content(path, text, given, isEntry);
    if (!content) return undefined;
    const include = get(content, 'include');
    const own = withoutKeys(content, 'include');
    if (include === undefined || isNull(include)) return own;
    let merged: MappingNode = { ...content, entries: new Map() };
    const items =
      include.kind === 'sequence'
        ? include.items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item]))
        : [include];
    for (const item of items) {
      for (const part of this.include(item)) merged = deepMerge(merged, part);
    }
    return deepMerge(merged, own);
  }

  /** The file's content as a mapping, its inputs filled in. */
  private content(
    path: string,
    text: string,
    given: Node | undefined,
    isEntry: boolean,
  ): MappingNode | undefined {
    const { documents: all, errors, plain } = loadOnce(this.context.files, path, text);
    this.errors.push(...errors);
    if (errors.length > 0 && all.length === 0) return undefined;
    const documents = all.filter((document, index) => index > 0 || !isNull(document) || all.length === 1);
    const [first, second] = documents;
    if (documents.length > 2) return this.refuse('The parsed YAML has too many documents', documents[2]);
    const header = second && first?.kind === 'mapping' && first.entries.has('spec') ? first : undefined;
    const body = header ? second : first;
    if (body?.kind !== 'mapping') {
      const message = isEntry
        ? 'Invalid configuration format'
        : `Included file \`${path}\` does not have valid YAML syntax!`;
      return this.refuse(message, body);
    }
    return header || given ? this.fill(path, text, { header, body, plain }, given) : body;
  }

  private fill(
    path: string,
    text: string,
    { header, body, plain }: FileContent,
    given: Node | undefined,
  ): MappingNode | undefined {
    this.errors.push(...headerErrors(header));
    if (!header && given?.kind === 'mapping' && given.entries.size > 0)
      return this.refuse(
        `\`${path}\`: Given inputs not defined in the \`spec\` section of the included configuration file`,
        given,
      );
    const { inputs, errors } = resolveInputs(get(get(header, 'spec'), 'inputs'), given);
    for (const { message, at } of errors)
      this.errors.push({ message: `\`${path}\`: ${message}`, at: at ?? body.span });
    if (errors.length > 0 || !header) return errors.length > 0 ? undefined : body;
    try {
      checkBlocks(text, inputs, this.context.variables);
      const filled = interpolate(body, inputs, this.context.variables, plain);
      return filled.kind === 'mapping' ? filled : undefined;
    } catch (thrown) {
      if (!(thrown instanceof InterpolationError)) throw thrown;
      return this.refuse(`\`${path}\`: interpolation interrupted by errors, ${thrown.message}`, body);
    }
  }

  private include(node: Node): MappingNode[] {
    const rules = get(node, 'rules');
    const location = locate(node, this.context.variables);
    if (location.kind === 'invalid') {
      this.refuse(location.message, node);
      return [];
    }
    if (rules && !isNull(rules) && !this.rulesHold(rules)) return [];
    return this.located(location);
  }

  private located(location: Exclude<Location, { kind: 'invalid' }>): MappingNode[] {
    if (location.kind === 'unresolved') {
      this.unresolved.push({ include: location.include, because: location.because, at: location.node.span });
      return [];
    }
    return localPaths(location.path, this.context.files).flatMap((path) => {
      this.count += 1;
      if (this.count > maxIncludes) {
        if (this.count === maxIncludes + 1)
          this.refuse(`Maximum of ${maxIncludes} nested includes are allowed!`, location.node);
        return [];
      }
      if (!/.\.ya?ml$/i.test(path))
        return this.nothing(`Included file \`${path}\` does not have YAML extension!`, location.node);
      const text = this.context.files.read(path);
      if (text === undefined) return this.nothing(`Local file \`${path}\` does not exist!`, location.node);
      if (text.trim() === '') return this.nothing(`Local file \`${path}\` is empty!`, location.node);
      const included = this.file(path, text, get(location.node, 'inputs'));
      return included ? [included] : [];
    });
  }

  private rulesHold(rules: Node): boolean {
    const problems = checkIncludeRules(rules);
    if (problems.length > 0 || rules.kind !== 'sequence') {
      this.errors.push(...problems);
      return false;
    }
    try {
      const matched = rules.items.find((rule) => rule.kind === 'mapping' && ruleHolds(rule, this.context));
      return matched !== undefined && textOf(get(matched, 'when')) !== 'never';
    } catch (thrown) {
      if (!(thrown instanceof ConditionFailure)) throw thrown;
      this.refuse(`include:rules:rule ${thrown.message}`, rules);
      return false;
    }
  }

  private nothing(message: string, node: Node): [] {
    this.refuse(message, node);
    return [];
  }

  private refuse(message: string, node: Node | undefined): undefined {
    this.errors.push(node ? { message, at: node.span } : { message });
    return undefined;
  }
}
