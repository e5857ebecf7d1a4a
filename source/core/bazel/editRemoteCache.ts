import { type BazelOption, parseBazelrc } from './bazelrc.ts';

/** One flag that a .bazelrc shall hold, and the names under which it may stand there now. */
export interface WantedFlag {
  readonly names: readonly string[];
  /** `--remote_cache=grpc://host:9092`. */
  readonly text: string;
}

/** The new text; or why the file is not changed, with the lines to put into it by hand. */
export type BazelrcEdit =
  | { readonly text: string }
  | { readonly unexpected: string; readonly lines: readonly string[] };

/**
 * Puts flags into a .bazelrc, for `build` or `build:remote`: a line that has one is changed, else one that is commented out
 * comes into force, else a line is added after those. All other bytes stay: comments, line ends, the end of the file.
 */
export function editRemoteCache(
  before: string | undefined,
  wanted: readonly WantedFlag[],
  command: 'build' | 'build:remote',
): BazelrcEdit {
  const all = wanted.map(({ text }) => `${command} ${text}`);
  if (before === undefined) return { text: all.map((line) => `${line}\n`).join('') };
  const isMarked = before.startsWith('\uFEFF');
  const text = isMarked ? before.slice(1) : before;
  const eol = /\r\n/.test(text) ? '\r\n' : '\n';
  const lines = text.split(/(?<=\n)/);
  const options = parseBazelrc('.bazelrc', text).options.filter(isOurs);
  const changed = new Map<number, string>();
  const added: string[] = [];
  let last = 0;
  for (const { names, text: flag } of wanted) {
    const line = `${command} ${flag}`;
    const found = options.filter((one) => names.includes(plainName(one.flag)));
    const active = found.filter(({ isActive }) => isActive);
    if (active.length > 1)
      return unexpected(`--${names[0]} stands in more than one place (lines ${linesOf(active)})`, all);
    const place = active[0] ?? found.findLast((one) => isAlone(one, options, lines));
    if (!place) {
      added.push(line);
      continue;
    }
    if (!isAlone(place, options, lines))
      return unexpected(`--${names[0]} shares line ${place.line} with other flags, or is continued`, all);
    changed.set(place.line, replaced(lines[place.line - 1] ?? '', line, place.isActive));
    last = Math.max(last, place.line);
  }
  const result = lines.map((line, index) => changed.get(index + 1) ?? line);
  insert(result, added, last, eol);
  return { text: `${isMarked ? '\uFEFF' : ''}${result.join('')}` };
}

/** In force for each build, or with `--config=remote`; what is commented out reads as such too. */
function isOurs({ command, config }: BazelOption): boolean {
  return (command === 'build' || command === 'common') && (config === undefined || config === 'remote');
}

function plainName(flag: string): string {
  return flag.startsWith('noremote_') ? flag.slice(2) : flag;
}

function linesOf(options: readonly BazelOption[]): string {
  return options.map(({ line }) => line).join(', ');
}

/** Whether its line holds this flag, perhaps a comment, and nothing else. */
function isAlone(option: BazelOption, options: readonly BazelOption[], lines: readonly string[]): boolean {
  const line = (lines[option.line - 1] ?? '').replace(/\r?\n$/, '');
  const before = (lines[option.line - 2] ?? '').replace(/\r?\n$/, '');
  if (line.endsWith('\\') || before.endsWith('\\')) return false;
  if (options.some((other) => other !== option && other.line === option.line)) return false;
  const head = option.isActive ? '\\s*' : '\\s*#+\\s*';
  return new RegExp(
    `^${head}(?:(?:build|common)(?::[\\w.+-]+)?\\s+)?--?\\w+(?:[= ][^\\s#]+)?\\s*(?:#.*)?$`,
  ).test(line);
}

/** The line with its indentation, the comment after it, and its line end. */
function replaced(line: string, wanted: string, isActive: boolean): string {
  const [, indent = '', body = '', end = ''] = /^([ \t]*)(.*?)(\r?\n)?$/.exec(line) ?? [];
  const content = isActive ? body : body.replace(/^#+\s*/, '');
  const [, comment = ''] = /(\s+#.*)$/.exec(content) ?? [];
  return `${indent}${wanted}${comment}${end}`;
}

/** Adds lines after the `after`th, or at the end; a file without a line end at its end stays without. */
function insert(lines: string[], added: readonly string[], after: number, eol: string): void {
  if (added.length === 0) return;
  const at = after === 0 ? lines.length : after;
  const previous = lines[at - 1];
  const isOpen = previous !== undefined && previous !== '' && !previous.endsWith('\n');
  if (isOpen) lines[at - 1] = `${previous}${eol}`;
  const texts = added.map((line) => `${line}${eol}`);
  if (isOpen) texts[texts.length - 1] = added.at(-1) ?? '';
  lines.splice(at, 0, ...texts);
}

function unexpected(saw: string, lines: readonly string[]): BazelrcEdit {
  return { unexpected: saw, lines };
}
