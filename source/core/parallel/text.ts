import { settle } from '../ci/checks/imageRefs.ts';
import { staticVariables } from '../ci/checks/shared.ts';
import type { CiFiles, Configuration, JobDefinition, Node, Place } from '../ci/model.ts';

/** A word of a job's scripts or settings that may be a path, variables of the configuration expanded. */
export interface Word {
  /** Without `./`, without the project's own folder, and only up to the first part that a shell alone knows. */
  readonly text: string;
  /** Something follows `text`: a pattern or a variable. */
  readonly isOpen: boolean;
  readonly at: Place;
}

export interface Line {
  readonly text: string;
  readonly at: Place;
}

export interface Reference {
  readonly at: Place;
  readonly isImage: boolean;
}

/** All that a job says about what it does: its scripts and settings, and the files of the checkout that they name. */
export interface JobText {
  readonly words: readonly Word[];
  /** Lines of the job's own scripts, without comments, continued ones joined. */
  readonly script: readonly Line[];
  /** Lines of scripts of the checkout that they run. */
  readonly run: readonly Line[];
  /** What may name an image, by text; `isImage` where it stands in an image's place. */
  readonly references: ReadonlyMap<string, Reference>;
  /** Everything, for names of variables. */
  readonly whole: string;
  /** Scripts that it runs and that are not in the checkout. */
  readonly unread: readonly string[];
  /** A text with the job's variables expanded, others as `$NAME`. */
  expand(text: string): string;
}

/** Keywords that say when a job runs, not what it does. */
const silent = new Set(
  'rules needs dependencies extends tags stage only except when cache parallel retry timeout'.split(' '),
);
const tools = /\b(?:docker|podman|buildah|nerdctl|skopeo|crane|trivy|grype|syft|cosign)\b|^FROM\s/i;
const mostBytes = 200_000;
const mostFiles = 20;

/** Reads a job's text, once for all questions. */
export function readJobText(configuration: Configuration, job: JobDefinition, files: CiFiles): JobText {
  const reader = new Reader(variablesOf(configuration, job), files, new Set(configuration.files));
  for (const [key, { value }] of job.keywords.entries)
    if (!silent.has(key)) reader.node(value, /script$/.test(key), key === 'image' || key === 'services');
  return reader;
}

/** With what the script itself sets, where it does so once and plainly. */
function variablesOf(configuration: Configuration, job: JobDefinition): Record<string, string> {
  const variables = staticVariables(configuration, job);
  const assigned = new Map<string, string[]>();
  for (const key of ['before_script', 'script'])
    for (const text of strings(job.keywords.entries.get(key)?.value))
      for (const [, name = '', double, single, bare] of code(text).matchAll(
        /(?:^|[\s;&])(?:export\s+)?([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s;&|"']*))/g,
      ))
        assigned.set(name, [...(assigned.get(name) ?? []), double ?? single ?? bare ?? '']);
  const plain = [...assigned].filter(([name, values]) => values.length === 1 && !isComputed(name, values[0]));
  const rest = Object.entries(variables).filter(([name]) => !assigned.has(name));
  return Object.fromEntries([...rest, ...plain.map(([name, [value = '']]) => [name, value])]);
}

function isComputed(name: string, value = ''): boolean {
  return /\$\(|`|\$\{\w+[^\w}]/.test(value) || new RegExp(`\\$\\{?${name}\\b`).test(value);
}

function strings(node: Node | undefined): string[] {
  if (node?.kind === 'sequence') return node.items.flatMap(strings);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? [node.value] : [];
}

class Reader implements JobText {
  readonly words: Word[] = [];
  readonly script: Line[] = [];
  readonly run: Line[] = [];
  readonly references = new Map<string, Reference>();
  readonly unread: string[] = [];
  whole = '';
  private readonly seen = new Set<string>();
  private readonly variables: Readonly<Record<string, string>>;
  private readonly files: CiFiles;
  private readonly ignored: ReadonlySet<string>;

  constructor(variables: Readonly<Record<string, string>>, files: CiFiles, ignored: ReadonlySet<string>) {
    this.ignored = ignored;
    this.variables = variables;
    this.files = files;
  }

  node(node: Node, isScript: boolean, isImage: boolean): void {
    if (node.kind === 'sequence') for (const item of node.items) this.node(item, isScript, isImage);
    if (node.kind === 'mapping')
      for (const { value } of node.entries.values()) this.node(value, isScript, isImage);
    if (node.kind !== 'scalar' || node.value === null) return;
    const text = String(node.value);
    if (!isScript) this.settings(text, node.span, isImage);
    else for (const { text: line } of linesOf(text)) this.line(line, node.span, 0);
  }

  private settings(text: string, at: Place, isImage: boolean): void {
    this.whole += `${text}\n`;
    this.collect(this.expand(text), at, isImage);
  }

  private line(text: string, at: Place, depth: number): void {
    const before = this.whole;
    this.whole += `${text}\n`;
    const expanded = this.expand(text);
    (depth === 0 ? this.script : this.run).push({ text: expanded, at });
    this.collect(expanded, at, tools.test(expanded));
    for (const file of filesOf(expanded)) this.file(file, depth, before);
  }

  expand(text: string): string {
    return settle(text, this.variables).replace(/\$\{(\w+)\}/g, '$$$1');
  }

  private collect(text: string, at: Place, isImage: boolean): void {
    for (const word of wordsOf(text)) this.words.push({ ...word, at });
    for (const word of text.split(/[\s"'`;|&<>()=,]+/)) {
      const token = word.replace(/^docker:\/\//, '');
      if (/[:/$]/.test(token) && (isImage || !this.references.has(token)))
        this.references.set(token, { at, isImage });
    }
  }

  /** A file of the checkout that a line names says more about what happens. */
  private file(name: string, depth: number, before: string): void {
    const path = name.replace(/^\.\//, '');
    if (path === '' || this.seen.has(path) || this.seen.size >= mostFiles) return;
    const text = depth < 2 ? this.files.read(path) : undefined;
    this.seen.add(path);
    if (text === undefined) {
      // What the job builds itself and then runs is no secret to those who read the lines that build it.
      const isMade = before.includes(path.split('/')[0] ?? path);
      if (/\.(?:sh|bash)$/.test(name) || (name.startsWith('./') && !isMade)) this.unread.push(path);
      return;
    }
    if (text.length > mostBytes || text.includes('\0') || this.ignored.has(path)) return;
    if (!/\.(?:sh|bash|zsh)$|(?:^|\/)(?:Makefile|package\.json|[^./]+)$/.test(path)) {
      for (const line of linesOf(text))
        this.settings(line.text, { file: path, line: line.number, column: 1 }, /ile$/.test(path));
      return;
    }
    for (const line of linesOf(text))
      this.line(line.text, { file: path, line: line.number, column: 1 }, depth + 1);
  }
}

/** The text without comments, of which a shell never runs anything; a `#` within quotes is none. */
function code(text: string): string {
  return text.replace(/^.*$/gm, (line) => {
    for (const { index } of line.matchAll(/(?<=^|\s)#/g))
      if ((line.slice(0, index).match(/["']/g) ?? []).length % 2 === 0) return line.slice(0, index);
    return line;
  });
}

/** Lines without comments, a continued one at its first number. */
function* linesOf(text: string): Iterable<{ text: string; number: number }> {
  let [pending, first] = ['', 0];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (pending === '') first = index + 1;
    pending += line.replace(/\\$/, ' ');
    if (line.endsWith('\\')) continue;
    const clean = code(pending).trim();
    pending = '';
    if (clean !== '') yield { text: clean, number: first };
  }
  if (pending.trim() !== '') yield { text: pending.trim(), number: first };
}

function* wordsOf(line: string): Iterable<{ text: string; isOpen: boolean }> {
  for (const raw of line.split(/[\s"'`;|&<>()=,{}:[\]]+/)) {
    const path = raw
      .replaceAll('\\', '/')
      .replace(/^@?\$(?:CI_PROJECT_DIR|PWD)\//, '')
      .replace(/^(?:\.\/)+/, '')
      .replace(/\/+$/, '');
    const cut = path.search(/[*?$%]/);
    const text = cut < 0 ? path : path.slice(0, cut).replace(/\/+$/, '');
    if (text !== '' && !/^-/.test(text)) yield { text, isOpen: cut >= 0 };
  }
}

/** Files that a line runs or hands to a tool. */
function filesOf(line: string): string[] {
  const named = line.split(/[\s"'`;|&<>()=,]+/).filter((word) => /\w\.\w+$|^\.\/\w/.test(word));
  if (/\bmake\b/.test(line)) named.push('Makefile');
  if (/\b(?:npm|yarn|pnpm)\s+(?:run|test|start)\b/.test(line)) named.push('package.json');
  if (/\b(?:docker|podman|nerdctl|buildx)\b.*\bbuild\b/.test(line)) named.push('Dockerfile');
  return named;
}
