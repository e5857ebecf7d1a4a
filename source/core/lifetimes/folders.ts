/**
 * What a folder of a cache is to its tool. `downloads`: packages under their own names, which jobs may share whatever they
 * run on. `installed`: made for one set of dependencies and one platform. `built`: results of the sources themselves.
 */
export type FolderKind = 'downloads' | 'installed' | 'built';

export interface CachedFolder {
  /** Of the tool: `uv`. */
  readonly tool: string;
  readonly kind: FolderKind;
  /** Files that name what belongs into the folder, the likeliest first. */
  readonly locks: readonly string[];
}

const python = ['uv.lock', 'poetry.lock', 'Pipfile.lock', 'pdm.lock', 'requirements.txt'];
const node = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'npm-shrinkwrap.json'];

/** By the end of the path, the more telling names first. */
const folders: readonly (readonly [path: RegExp, folder: CachedFolder])[] = [
  [/(?:^|\/)\.?(?:cache\/)?uv(?:-cache)?$/, { tool: 'uv', kind: 'downloads', locks: ['uv.lock'] }],
  [/(?:^|\/)\.?(?:cache\/)?pip(?:-cache)?$/, { tool: 'pip', kind: 'downloads', locks: python }],
  [/(?:^|\/)(?:\.cache\/)?(?:py)?poetry$/, { tool: 'poetry', kind: 'downloads', locks: ['poetry.lock'] }],
  [/(?:^|\/)\.?venv$/, { tool: 'venv', kind: 'installed', locks: python }],
  [
    /(?:^|\/)\.?(?:cache\/)?pre-commit$/,
    { tool: 'pre-commit', kind: 'downloads', locks: ['.pre-commit-config.yaml'] },
  ],
  [/(?:^|\/)node_modules$/, { tool: 'node_modules', kind: 'installed', locks: node }],
  [/(?:^|\/)\.(?:npm|yarn|pnpm-store)(?:\/cache)?$/, { tool: 'npm', kind: 'downloads', locks: node }],
  [/(?:^|\/)\.cargo(?:\/registry)?$/, { tool: 'cargo', kind: 'downloads', locks: ['Cargo.lock'] }],
  [/(?:^|\/)target$/, { tool: 'cargo-target', kind: 'built', locks: ['Cargo.lock'] }],
  [/(?:^|\/)(?:pkg\/mod|go-mod)$/, { tool: 'go', kind: 'downloads', locks: ['go.sum'] }],
  [/(?:^|\/)\.?go-build$/, { tool: 'go-build', kind: 'built', locks: ['go.sum'] }],
  [/(?:^|\/)vendor\/(?:bundle|ruby)$/, { tool: 'bundler', kind: 'installed', locks: ['Gemfile.lock'] }],
  [
    /(?:^|\/)vendor$/,
    { tool: 'vendor', kind: 'installed', locks: ['composer.lock', 'Gemfile.lock', 'go.sum'] },
  ],
  [/(?:^|\/)\.terraform$/, { tool: 'terraform', kind: 'installed', locks: ['.terraform.lock.hcl'] }],
  [/(?:^|\/)\.gradle(?:\/\w+)?$/, { tool: 'gradle', kind: 'downloads', locks: ['gradle.lockfile'] }],
  [/(?:^|\/)bazel(?:-cache|-disk)?$/, { tool: 'bazel', kind: 'built', locks: ['MODULE.bazel.lock'] }],
];

/** What is known of a folder that a job caches; undefined for a folder of no known tool. */
export function folderOf(path: string): CachedFolder | undefined {
  const bare = path.replace(/^(?:\.\/|\$\{?CI_PROJECT_DIR\}?\/)/, '').replace(/\/+(?:\*+)?$/, '');
  return folders.find(([pattern]) => pattern.test(bare))?.[1];
}

/** The tracked lock file that belongs to a cached folder: beside it, or in a folder above. */
export function lockOf(path: string, tracked: ReadonlySet<string>): string | undefined {
  const folder = folderOf(path);
  if (!folder) return undefined;
  const parts = path.replace(/^(?:\.\/|\$\{?CI_PROJECT_DIR\}?\/)/, '').split('/');
  for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
    const above = parts.slice(0, depth).join('/');
    const found = folder.locks.map((name) => (above === '' ? name : `${above}/${name}`));
    const lock = found.find((name) => tracked.has(name));
    if (lock !== undefined) return lock;
  }
  return undefined;
}
