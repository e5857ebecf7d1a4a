import { scriptLines } from '../ci/checks/rule.ts';
import type { CiFiles, Configuration, Node, Place } from '../ci/model.ts';
import { get, textsOf } from '../ci/yaml/node.ts';
import { type ShellCommand, shellCommands } from '../shell/read.ts';
import { type ShellWord, staticText } from '../shell/word.ts';
import { keptDownloadName } from './keptDownload.ts';
import { type PackageName, packageOf } from './packageName.ts';
import { copiedScripts, scriptsIn } from './scriptsRun.ts';
import { locateScript, type ScriptText } from './scriptText.ts';

/** A download that jobs make: a `curl` or `wget` in their scripts, or in a script of the checkout that they run. */
export interface Download {
  /** Of the configuration. */
  readonly jobs: readonly string[];
  readonly tool: 'curl' | 'wget' | 'kept';
  /** As written, without quotes. */
  readonly url: string;
  readonly at: Place;
  /** Where its address says what it is. */
  readonly package?: PackageName;
  /** How it could be taken from elsewhere; or why it cannot. */
  readonly replacement: Replacement | { readonly because: string };
}

/** Words to write in place of a command, in a file. Offsets into its text. */
export interface Replacement {
  readonly script: ScriptText;
  readonly start: number;
  readonly end: number;
  readonly url: string;
  /** As written; `-` for standard output. */
  readonly output: string;
}

/** Every download of tools; requests to APIs and to this machine are none. Each place once. */
export function downloadsOf(configuration: Configuration, files: CiFiles): Download[] {
  const found = new Map<string, { download: Download; jobs: Set<string> }>();
  const tracked = new Set(files.list());
  const copied = copiedScripts(configuration, files, tracked);
  const take = (script: ScriptText, job: string, why: string | undefined): void => {
    for (const download of downloadsIn(script, why)) {
      const { file, line, column } = download.at;
      const id = `${file}:${line}:${column}`;
      const known = found.get(id) ?? { download, jobs: new Set<string>() };
      found.set(id, known);
      known.jobs.add(job);
    }
  };
  for (const { name, keywords } of configuration.jobs.values()) {
    const other = otherShell(keywords);
    for (const { text, node } of scriptLines(keywords, 'before_script', 'script', 'after_script')) {
      take(locateScript(files, node, text), name, other);
      for (const path of scriptsIn(text, tracked).run) {
        const content = files.read(path);
        if (content === undefined || path.endsWith(keptDownloadName)) continue;
        const isCopied = copied.has(path);
        take({ file: path, offset: 0, text: content, style: 'file', isCopied }, name, other);
      }
    }
  }
  return [...found.values()].map(({ download, jobs }) => ({ ...download, jobs: [...jobs] }));
}

function otherShell(keywords: Node): string | undefined {
  const tags = textsOf(get(keywords, 'tags')).join(' ');
  return /\b(?:windows|powershell)\b/i.test(tags) ? 'its runner has another shell' : undefined;
}

function downloadsIn(script: ScriptText, why: string | undefined): Download[] {
  const found: Download[] = [];
  let before: { readonly end: number; readonly isKept: boolean } = { end: 0, isKept: false };
  for (const command of shellCommands(script.text) ?? []) {
    const [program] = command.words;
    const name = program?.raw.replace(/^.*\//, '');
    const own = kept(script, command);
    const start = program?.start ?? 0;
    // What is done where the script that keeps is not there.
    const isOtherwise = before.isKept && /\belse\s*$/.test(script.text.slice(before.end, start));
    if (!isOtherwise)
      found.push(
        ...(name === 'curl' ? curl(script, command, why) : name === 'wget' ? wget(script, command) : own),
      );
    before = { end: command.words.at(-1)?.end ?? start, isKept: own.length > 0 };
  }
  return found;
}

/** Flags of curl that say how to fetch, not what; the second list takes a value. */
const bare =
  /^(?:-[fsSLOgq#]+|--(?:fail|fail-with-body|silent|show-error|location|progress-bar|no-progress-meter|retry-connrefused|retry-all-errors|tlsv1\.[23]|globoff|create-dirs|remote-name|http1\.1|http2))$/;
const valued =
  /^(?:--(?:retry|retry-delay|retry-max-time|connect-timeout|max-time|proto|proto-redir|max-redirs)|-m)$/;

function curl(script: ScriptText, command: ShellCommand, why: string | undefined): Download[] {
  const { words, redirections } = command;
  let output: string | undefined;
  let isNamed = false;
  let other: string | undefined;
  const urls: ShellWord[] = [];
  for (let index = 1; index < words.length; index++) {
    const { raw } = words[index] ?? { raw: '' };
    const [, short] = /^-[fsSLg#]*(o)$/.exec(raw) ?? [];
    const joined = /^--output=(.+)$/.exec(raw)?.[1];
    if (short !== undefined || raw === '--output') output = words[++index]?.raw;
    else if (joined !== undefined) output = joined;
    else if (valued.test(raw)) index += 1;
    else if (/^--(?:retry|connect-timeout|max-time|proto)=/.test(raw)) continue;
    else if (bare.test(raw)) isNamed ||= /^-\w*O|^--remote-name$/.test(raw);
    else if (raw.startsWith('-')) other ??= raw;
    else urls.push(...words.slice(index, index + 1));
  }
  const [url] = urls;
  if (!url || !isAddress(url.raw)) return [];
  // With a method, a body or a header it is a request to a service.
  if (
    other !== undefined &&
    /^(?:-[HXdFTuIib]|--(?:header|request|data|form|upload|user|head|json|include|cookie))/.test(other)
  )
    return [];
  const { start } = words[0] ?? url;
  const end = words.at(-1)?.end ?? url.end;
  const address = staticText(url.raw);
  const name = address === undefined ? undefined : packageOf(address);
  const last = address
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  const written = output ?? (isNamed ? last : '-');
  const because =
    why ??
    script.because ??
    (other === undefined ? undefined : `it has the option ${other}`) ??
    (urls.length === 1 ? undefined : 'it has several addresses') ??
    (redirections.some((at) => at > start && at < end)
      ? 'its output is redirected between its words'
      : undefined) ??
    (address !== undefined && !name ? 'its address names no version: what it gives changes' : undefined) ??
    (written === undefined ? 'a variable names its file' : undefined) ??
    (script.isCopied === true && !isWhole(script.text, start)
      ? `${script.file} is used elsewhere too`
      : undefined);
  return [
    {
      jobs: [],
      tool: 'curl',
      url: shown(url.raw),
      at: placeIn(script, start),
      ...(name ? { package: name } : {}),
      replacement:
        because === undefined && written !== undefined
          ? { script, start, end, url: url.raw, output: written }
          : { because: because ?? '' },
    },
  ];
}

/** Whether nothing stands before a command that would not stand before an `if`. */
function isWhole(text: string, start: number): boolean {
  return /(?:^|[\n;&|({]|\b(?:then|do|else))[ \t]*$/.test(text.slice(0, start));
}

function wget(script: ScriptText, { words }: ShellCommand): Download[] {
  const url = words.slice(1).find(({ raw }) => isAddress(raw) && !raw.startsWith('-'));
  if (!url || words.some(({ raw }) => /^--(?:header|post|method|body)/.test(raw))) return [];
  const name = packageOf(staticText(url.raw) ?? '');
  return [
    {
      jobs: [],
      tool: 'wget',
      url: shown(url.raw),
      at: placeIn(script, words[0]?.start ?? 0),
      ...(name ? { package: name } : {}),
      replacement: { because: 'wget cannot store what it fetched: use curl' },
    },
  ];
}

function kept(script: ScriptText, { words }: ShellCommand): Download[] {
  const at = words.findIndex(({ raw }) => raw.replace(/["']$/, '').endsWith(keptDownloadName));
  const url = words[at + 1];
  if (at < 0 || at > 2 || !url) return [];
  const name = packageOf(staticText(url.raw) ?? '');
  return [
    {
      jobs: [],
      tool: 'kept',
      url: shown(url.raw),
      at: placeIn(script, words[0]?.start ?? 0),
      ...(name ? { package: name } : {}),
      replacement: { because: 'it is kept in the package registry already' },
    },
  ];
}

/** An address of the outside, or a variable that may hold one; not GitLab itself, nor this machine. */
function isAddress(raw: string): boolean {
  const text = shown(raw);
  if (/CI_API_V4_URL|CI_SERVER_|CI_REGISTRY|\/packages\/generic\/|localhost|127\.0\.0\.1|\[::1\]/.test(text))
    return false;
  return (
    /^https?:\/\/\S/.test(text) ||
    /^\$\{?\w*(?:url|uri|address|link|mirror|release|download|github|base)/i.test(text)
  );
}

function shown(raw: string): string {
  return raw.replace(/^(["'])([\s\S]*)\1$/, '$2');
}

function placeIn({ file, text, line = 1, column }: ScriptText, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  const inLine = (before.at(-1) ?? '').length;
  return {
    file,
    line: line + before.length - 1,
    column: before.length === 1 ? (column ?? 1) + inLine : inLine + 1,
  };
}
