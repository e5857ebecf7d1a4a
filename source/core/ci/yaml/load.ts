import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node as YamlNode,
} from 'yaml';
import type { ConfigurationError, Entry, MappingNode, Node, Place, ScalarNode, Span } from '../model.ts';
import { tooLarge } from './limits.ts';
import { maskBlocks } from './mask.ts';
import { parseYaml } from './parse.ts';
import { DisallowedScalar, isFraction, plainScalar } from './scalar.ts';

/** A file's YAML documents, or what keeps it from being read. */
export interface LoadedYaml {
  readonly documents: readonly Node[];
  readonly errors: readonly ConfigurationError[];
  /** Plain scalars, which may change their type when inputs are interpolated. */
  readonly plain: ReadonlySet<Node>;
}

/** Reads YAML as Ruby's Psych does for GitLab: YAML 1.1 scalars, `<<` merged in the order written, later keys win. */
export function loadYaml(file: string, text: string): LoadedYaml {
  const masked = maskBlocks(text);
  const { documents, errors: refused, lines } = parseYaml(masked.text);
  const reader = new Reader(file, text, lines, masked.unmask);
  const errors: ConfigurationError[] = refused
    .slice(0, 1)
    .map((error) => reader.error(error.message, error.pos[0]));
  if (errors.length > 0) return { documents: [], errors, plain: reader.plain };
  try {
    const nodes = documents.map((document) => reader.document(document));
    const large = nodes.find(tooLarge);
    if (large)
      return {
        documents: [],
        errors: [{ message: 'The parsed YAML is too big', at: large.span }],
        plain: reader.plain,
      };
    return { documents: nodes, errors: reader.errors, plain: reader.plain };
  } catch (thrown) {
    if (!(thrown instanceof YamlRefused)) throw thrown;
    return { documents: [], errors: [reader.error(thrown.message, thrown.offset)], plain: reader.plain };
  }
}

class YamlRefused extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

class Reader {
  readonly errors: ConfigurationError[] = [];
  readonly plain = new Set<Node>();
  private readonly anchors = new Map<string, Node>();
  private readonly file: string;
  private readonly source: string;
  private readonly lines: LineCounter;
  private readonly unmask: (text: string) => string;
  private readonly bytes: (offset: number) => number;

  constructor(file: string, text: string, lines: LineCounter, unmask: (text: string) => string) {
    this.file = file;
    this.source = text;
    this.lines = lines;
    this.unmask = unmask;
    this.bytes = byteOffsets(text);
  }

  document(document: Document.Parsed): Node {
    this.anchors.clear();
    const { contents } = document;
    return contents ? this.node(contents) : { kind: 'scalar', value: null, span: this.span([0, 0]) };
  }

  error(message: string, offset: number): ConfigurationError {
    const at = this.span([offset, offset]);
    return { message: `(${this.file}): ${message} at line ${at.line} column ${at.column}`, at };
  }

  private node(yaml: YamlNode): Node {
    if (isAlias(yaml)) {
      const target = this.anchors.get(yaml.source);
      if (!target) throw new YamlRefused(`Unknown alias: ${yaml.source}`, yaml.range?.[0] ?? 0);
      return target;
    }
    const node = yaml.tag === '!reference' ? this.reference(yaml) : this.value(yaml);
    if ((isScalar(yaml) || isMap(yaml) || isSeq(yaml)) && yaml.anchor) this.anchors.set(yaml.anchor, node);
    return node;
  }

  private value(yaml: YamlNode): Node {
    const span = this.span(yaml.range);
    if (isMap(yaml)) return this.mapping(yaml.items as readonly Pair[], span);
    if (isSeq(yaml)) {
      return { kind: 'sequence', items: yaml.items.map((item) => this.node(item as YamlNode)), span };
    }
    return this.scalar(yaml, span);
  }

  private scalar(yaml: YamlNode, span: Span): ScalarNode {
    const text = isScalar(yaml) ? this.unmask(String(yaml.value)) : '';
    if (isScalar(yaml) && yaml.type === 'BLOCK_LITERAL')
      return { kind: 'scalar', value: text, span, text: this.textOf(span, yaml.range) };
    if (!isScalar(yaml) || yaml.type !== 'PLAIN' || yaml.tag === '!' || yaml.tag?.endsWith(':str')) {
      return { kind: 'scalar', value: text, span };
    }
    try {
      const value = plainScalar(text);
      const isFloat = typeof value === 'number' && isFraction(text);
      const node: ScalarNode = { kind: 'scalar', value, span, ...(isFloat ? { isFloat } : {}) };
      this.plain.add(node);
      return node;
    } catch (thrown) {
      if (thrown instanceof DisallowedScalar) throw new YamlRefused(thrown.message, yaml.range?.[0] ?? 0);
      throw thrown;
    }
  }

  /** Psych merges `<<` where it stands: it overrides the keys before it and yields to those after. */
  private mapping(pairs: readonly Pair[], span: Span): MappingNode {
    const entries = new Map<string, Entry>();
    for (const { key, value } of pairs) {
      const keyNode = this.node(key);
      const valueNode: Node = value ? this.node(value) : { kind: 'scalar', value: null, span: keyNode.span };
      const name = keyText(keyNode);
      const merged = name === '<<' ? mergeSources(valueNode) : undefined;
      if (merged) for (const [inner, entry] of merged) entries.set(inner, entry);
      else
        entries.set(name, {
          key: keyNode.span,
          value: valueNode,
          ...(isTextKey(keyNode) ? {} : { isText: false }),
        });
    }
    return { kind: 'mapping', entries, span };
  }

  private reference(yaml: YamlNode): Node {
    const span = this.span(yaml.range);
    const value = this.value(yaml);
    const path =
      value.kind === 'sequence'
        ? value.items.map((item) => (item.kind === 'scalar' ? item.value : undefined))
        : [];
    if (path.length > 0 && path.every((part) => typeof part === 'string'))
      return { kind: 'reference', path, span };
    this.errors.push({
      message: `!reference ${JSON.stringify(keyText(value))} is not valid`.replace(/"/g, ''),
      at: span,
    });
    return { kind: 'scalar', value: null, span };
  }

  /** Its first line with text tells how far the block is indented. */
  private textOf({ file, line }: Span, range: readonly number[] | null | undefined): Place {
    const [start = 0, end = start] = range ?? [];
    const body = this.source.slice(this.source.indexOf('\n', start) + 1, end);
    const [indentation = ''] = /^ *(?=\S)/m.exec(body) ?? [];
    return { file, line: line + 1, column: indentation.length + 1 };
  }

  private span(range: readonly number[] | null | undefined): Span {
    const [start = 0, end = start] = range ?? [];
    const { line, col } = this.lines.linePos(start);
    // An editor does not count the byte order mark.
    const column = line === 1 && this.source.startsWith('\ufeff') ? Math.max(1, col - 1) : col;
    return { file: this.file, line, column, start: this.bytes(start), end: this.bytes(end) };
  }
}

interface Pair {
  readonly key: YamlNode;
  readonly value: YamlNode | null;
}

function isTextKey(node: Node): boolean {
  return node.kind !== 'scalar' || typeof node.value === 'string' || node.value === null;
}

/** A key as text; Ruby keeps a number or a list as it is, and GitLab's messages print it so. */
function keyText(node: Node): string {
  if (node.kind === 'scalar') return String(node.value ?? '');
  if (node.kind === 'sequence') return `[${node.items.map(keyText).join(', ')}]`;
  if (node.kind === 'mapping') {
    return `{${[...node.entries].map(([key, { value }]) => `${key}: ${keyText(value)}`).join(', ')}}`;
  }
  return `!reference [${node.path.join(', ')}]`;
}

function mergeSources(node: Node): ReadonlyMap<string, Entry> | undefined {
  if (node.kind === 'mapping') return node.entries;
  if (node.kind !== 'sequence') return undefined;
  const merged = new Map<string, Entry>();
  for (const item of node.items.toReversed()) {
    if (item.kind !== 'mapping') return undefined;
    for (const [key, entry] of item.entries) merged.set(key, entry);
  }
  return merged;
}

/** From an offset in UTF-16 units to one in UTF-8 bytes. */
function byteOffsets(text: string): (offset: number) => number {
  if (/^[\0-\x7f]*$/.test(text)) return (offset) => offset;
  const bytes = new Uint32Array(text.length + 1);
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    bytes[index] = count;
    const unit = text.charCodeAt(index);
    const surrogate = unit >= 0xd800 && unit <= 0xdfff;
    count += unit < 0x80 ? 1 : unit < 0x800 || surrogate ? 2 : 3;
  }
  bytes[text.length] = count;
  return (offset) => bytes[Math.min(offset, text.length)] ?? count;
}
