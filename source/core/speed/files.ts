/** Paths by what a change of them means for a build. */
export interface BuildFiles {
  /** Of the CI configuration. */
  readonly ci: ReadonlySet<string>;
  /** What the container file copies from the repository: files and folders, as written there. */
  readonly copied: readonly string[];
}

const containerFile =
  /(?:^|\/)(?:Container|Docker)[Ff]ile(?:\.[\w-]+)?$|(?:^|\/)\.(?:docker|container)ignore$/;
const python = /\.pyi?$/;
const documentation = /\.(?:md|rst)$|^docs\//;
const ciFile = /(?:^|\/)\.gitlab-ci\.ya?ml$|^\.gitlab\/.*\.ya?ml$/;
const buildSettings = /^(?:flake\.nix|\.bazelrc)$/;

export function isPython(path: string): boolean {
  return python.test(path);
}

export function isDocumentation(path: string): boolean {
  return documentation.test(path) && !python.test(path);
}

/** A container file, or what it ignores. */
export function isContainerFile(path: string): boolean {
  return containerFile.test(path);
}

/** The container file, or something that it copies by name. */
export function isOfContainer(path: string, { copied }: Pick<BuildFiles, 'copied'>): boolean {
  return (
    containerFile.test(path) || copied.some((source) => path === source || path.startsWith(`${source}/`))
  );
}

/** Whether a change of it may change how long pipelines take: CI configuration, flake, Bazel settings, container file. */
export function decidesSpeed(path: string, { ci }: Pick<BuildFiles, 'ci'>): boolean {
  return ci.has(path) || ciFile.test(path) || buildSettings.test(path) || isContainerFile(path);
}

/**
 * What the COPY and ADD instructions of a container file take from the build context, without those from other stages and
 * addresses. `.` is left out: it says nothing of what matters. A pattern counts up to its first wildcard's folder.
 */
export function copiedPaths(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, rest] = /^\s*(?:COPY|ADD)\s+(.*)$/i.exec(line) ?? [];
    if (rest === undefined || /(?:^|\s)--from=/.test(rest)) continue;
    for (const source of sourcesOf(rest.replace(/(?:^|\s)--\S+/g, ' ').trim())) {
      const path = source
        .replace(/^\.?\//, '')
        .replace(/\/?[^/]*[*?[].*$/, '')
        .replace(/\/+$/, '');
      if (path !== '' && path !== '.' && !/^\w+:\/\//.test(source) && !source.includes('$')) found.add(path);
    }
  }
  return [...found];
}

/** All words but the last, in the form of a list or of a shell. */
function sourcesOf(rest: string): string[] {
  if (!rest.startsWith('[')) return rest.split(/\s+/).slice(0, -1);
  return [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, word]) => word ?? []).slice(0, -1);
}
