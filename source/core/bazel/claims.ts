import type { CiFiles, Place } from '../ci/model.ts';
import { claimFiles, commentStart, readShort } from '../claimFiles.ts';
import { plain } from '../text/safe.ts';
import { type BazelImport, type BazelOption, parseBazelrc } from './bazelrc.ts';

/** What a flag decides. */
export type BazelTopic =
  | 'remote-cache'
  | 'disk-cache'
  | 'timeout'
  | 'upload'
  | 'download'
  | 'fallback'
  | 'login';

/** A flag about caching, in a .bazelrc or on a command line of the CI; credentials in its value are masked. */
export interface BazelClaim extends Place {
  readonly topic: BazelTopic;
  readonly command: string;
  /** Without dashes, and without a `no` before it: then the value is `false`. */
  readonly flag: string;
  readonly value?: string;
  readonly config?: string;
  /** Not commented out. */
  readonly isActive: boolean;
  /** Only in force when somebody asks for its `--config`, which no unconditional line does, or for its file by name. */
  readonly isConditional: boolean;
}

export interface BazelClaims {
  /** File by file, the root's .bazelrc first and command lines of scripts last. */
  readonly claims: readonly BazelClaim[];
  /** Imports of files that are not there. */
  readonly missing: readonly BazelImport[];
}

const topics: Readonly<Record<string, BazelTopic>> = {
  remote_cache: 'remote-cache',
  disk_cache: 'disk-cache',
  experimental_disk_cache_gc_max_size: 'disk-cache',
  experimental_disk_cache_gc_max_age: 'disk-cache',
  remote_timeout: 'timeout',
  remote_retries: 'timeout',
  remote_upload_local_results: 'upload',
  remote_download_outputs: 'download',
  remote_download_minimal: 'download',
  remote_download_toplevel: 'download',
  remote_download_all: 'download',
  remote_cache_compression: 'download',
  experimental_remote_cache_compression: 'download',
  remote_local_fallback: 'fallback',
  incompatible_remote_local_fallback_for_remote_cache: 'fallback',
  remote_header: 'login',
  remote_cache_header: 'login',
};

/** Every flag about Bazel's caches in the .bazelrc files (imports followed) and the scripts of a checkout. */
export function bazelClaims(files: CiFiles): BazelClaims {
  const options: BazelOption[] = [];
  const missing: BazelImport[] = [];
  const seen = new Set<string>();
  const read = (path: string): boolean => {
    if (seen.has(path) || seen.size >= 100) return true;
    const text = readShort(files, path);
    if (text === undefined) return false;
    seen.add(path);
    const rc = parseBazelrc(path, text);
    options.push(...rc.options);
    for (const one of rc.imports) if (!read(one.path)) missing.push(one);
    return true;
  };
  const rcFiles = rcFilesOf(files);
  for (const path of rcFiles) if (/(?:^|\/)\.bazelrc$/.test(path)) read(path);
  const reached = new Set(seen);
  for (const path of rcFiles) read(path);
  const enabled = enabledConfigs(options.filter(({ file }) => reached.has(file)));
  const inFiles = options
    .flatMap((option) => claim(option, enabled))
    .map((one) => (reached.has(one.file) ? one : { ...one, isConditional: true }));
  return { claims: [...inFiles, ...commandLines(files)], missing };
}

/** The root's file first; Bazel reads the others where they are imported, named, or it runs below them. */
function rcFilesOf(files: CiFiles): string[] {
  const isRc = (path: string) => /(?:^|\/)(?:[\w.-]*\.bazelrc|bazel\.rc)$/.test(path);
  return files
    .list()
    .filter(isRc)
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
}

/** Configs that lines without a config turn on, and those that these turn on. */
function enabledConfigs(options: readonly BazelOption[]): ReadonlySet<string> {
  const enabled = new Set<string>();
  for (let size = -1; size !== enabled.size; ) {
    size = enabled.size;
    for (const { flag, value, config, isActive } of options)
      if (
        flag === 'config' &&
        value !== undefined &&
        isActive &&
        (config === undefined || enabled.has(config))
      )
        enabled.add(value);
  }
  return enabled;
}

function claim(option: BazelOption, enabled: ReadonlySet<string>): BazelClaim[] {
  const isNegated = option.flag.startsWith('no') && topics[option.flag.slice(2)] !== undefined;
  const flag = isNegated ? option.flag.slice(2) : option.flag;
  const topic = Object.hasOwn(topics, flag) ? topics[flag] : undefined;
  if (topic === undefined) return [];
  const { file, line, column, command, config, isActive } = option;
  const value = isNegated ? 'false' : option.value;
  return [
    {
      file,
      line,
      column,
      topic,
      command,
      flag,
      isActive,
      isConditional: config !== undefined && !enabled.has(config),
      ...(value === undefined ? {} : { value: shownValue(topic, value) }),
      ...(config === undefined ? {} : { config }),
    },
  ];
}

function shownValue(topic: BazelTopic, value: string): string {
  const open = value.replace(/(:\/\/)[^\s/@]*@/, '$1[MASKED]@');
  return plain(topic === 'login' ? `${open.slice(0, open.indexOf('=') + 1)}[MASKED]` : open, 500);
}

const onCommandLine =
  /\b(?:bazel|bazelisk)\b[^\n]*?\s(build|test|run|query|coverage|fetch)\b|--(?:no)?(?:remote_|disk_cache|experimental_(?:remote|disk)_)[a-z_]*(?:[= ](?:"(?!-)[^"]*"|'(?!-)[^']*'|(?!-)[^\s"'\\]+))?/g;

/** Flags on command lines of scripts; they hold for that command alone and are never behind a config. */
function commandLines(files: CiFiles): BazelClaim[] {
  const claims: BazelClaim[] = [];
  for (const { path, kind } of claimFiles(files)) {
    if (kind !== 'script' || /bazel(?:rc|\.rc)$/.test(path)) continue;
    const text = readShort(files, path);
    if (
      text === undefined ||
      !/bazel/.test(text) ||
      !/--(?:no)?(?:remote_|disk_cache|experimental_)/.test(text)
    )
      continue;
    let command = 'build';
    text.split('\n').forEach((line, index) => {
      if (line.length > 20_000) return;
      const comment = commentStart(line);
      for (const match of line.matchAll(onCommandLine)) {
        if (match[1] !== undefined) {
          command = match[1];
          continue;
        }
        const [, flag = '', , value] = /^--([a-z_]+)([= ]["']?)?([^"']*)/.exec(match[0]) ?? [];
        const hasValue = value !== undefined && value !== '' && !/^(?:-|\/\/)/.test(value);
        const option = { file: path, line: index + 1, column: match.index + 1, command, flag };
        const isActive = comment < 0 || match.index < comment;
        claims.push(...claim({ ...option, isActive, ...(hasValue ? { value } : {}) }, new Set()));
      }
    });
  }
  return claims;
}
