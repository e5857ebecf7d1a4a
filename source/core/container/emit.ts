import type { CacheRefs } from './cacheRefs.ts';
import type { FlagValue } from './flags.ts';
import type { ImageSpec } from './spec.ts';

/** What a command is written from. */
export interface Emission {
  readonly spec: ImageSpec;
  readonly pushed: readonly FlagValue[];
  readonly refs: CacheRefs;
  readonly ttl: string;
  /** The job builds more than this image. */
  readonly isOneOfSeveral: boolean;
  /** The script changes its folder, so that relative paths are not below the project's. */
  readonly changesFolder: boolean;
}

/** The program with its arguments, one a line; or why it cannot be said with this program. */
export type Emitted =
  | { readonly lines: readonly string[]; readonly afterwards?: readonly string[] }
  | { readonly because: string };

/** What BuildKit keeps the cache with: all stages, never failing the build, as an image that registries show. */
export function exportCache({ own }: CacheRefs): string {
  return `"type=registry,ref=${own},mode=max,ignore-error=true,image-manifest=true,oci-mediatypes=true"`;
}

export function importCaches({ own, shared }: CacheRefs): string[] {
  return [own, shared].map((ref) => `"type=registry,ref=${ref}"`);
}

/** A call of `buildctl-daemonless.sh`, as GitLab's page on BuildKit has it. */
export function emitBuildctl({ spec, pushed, refs }: Emission): Emitted {
  const problem = sayable(spec);
  if (problem !== undefined) return { because: problem };
  const file = placed(spec);
  if (!file) return { because: `${spec.file?.raw ?? ''} lies outside of the project` };
  const names = pushed.map(({ text }) => text);
  if (names.some((name) => /["\\`]|\s/.test(name)) || pushed.some(({ isPlain }) => !isPlain))
    return { because: 'a tag is made by the shell in a way that cannot be put into an output' };
  const [only, ...more] = pushed;
  const name = more.length === 0 ? `name=${names[0] ?? ''}` : `\\"name=${names.join(',')}\\"`;
  return {
    lines: [
      'buildctl-daemonless.sh build',
      '--frontend dockerfile.v0',
      `--local context=${spec.context.raw}`,
      `--local dockerfile=${file.folder}`,
      ...(file.name === undefined ? [] : [`--opt filename=${file.name}`]),
      ...(spec.target ? [`--opt target=${spec.target.raw}`] : []),
      ...(spec.platform ? [`--opt platform=${spec.platform.raw}`] : []),
      ...spec.buildArgs.map((one) => `--opt build-arg:${withValue(one)}`),
      ...spec.labels.map(({ raw }) => `--opt label:${raw}`),
      ...(spec.pulls && spec.tool !== 'kaniko' ? ['--opt image-resolve-mode=pull'] : []),
      ...spec.secrets.map(({ raw }) => `--secret ${raw}`),
      ...importCaches(refs).map((ref) => `--import-cache ${ref}`),
      `--export-cache ${exportCache(refs)}`,
      ...(only ? [`--output "type=image,${name},push=true"`] : []),
    ],
  };
}

/** A call of Kaniko's executor. */
export function emitKaniko(emission: Emission): Emitted {
  const { spec, pushed, refs, ttl, isOneOfSeveral, changesFolder } = emission;
  const problem = sayable(spec) ?? single(spec);
  if (problem !== undefined) return { because: problem };
  if (spec.secrets.length > 0) return { because: 'Kaniko has no --secret' };
  const isRelative = /^[\w.]/.test(spec.context.text) && !changesFolder;
  const below = spec.context.text.replace(/^\.(?:\/|$)/, '').replace(/\/$/, '');
  const context = isRelative ? `"$CI_PROJECT_DIR${below === '' ? '' : `/${below}`}"` : spec.context.raw;
  return {
    lines: [
      '/kaniko/executor',
      `--context=${context}`,
      ...(spec.file ? [`--dockerfile=${spec.file.raw}`] : []),
      ...(spec.target ? [`--target=${spec.target.raw}`] : []),
      ...(spec.platform ? [`--custom-platform=${spec.platform.raw}`] : []),
      ...spec.buildArgs.map(({ raw }) => `--build-arg=${raw}`),
      ...spec.labels.map(({ raw }) => `--label=${raw}`),
      ...(pushed.length === 0 ? ['--no-push'] : pushed.map(({ raw }) => `--destination=${raw}`)),
      ...kanikoCache(refs, ttl),
      ...(isOneOfSeveral ? ['--cleanup'] : []),
    ],
  };
}

export function kanikoCache({ repository }: CacheRefs, ttl: string): string[] {
  return ['--cache=true', `--cache-repo="${repository}"`, `--cache-ttl=${ttl}`];
}

/** Buildah's flags for its cache: repositories, never tags. */
export function buildahCache({ repository }: CacheRefs, ttl: string): string[] {
  return ['--layers', `--cache-from "${repository}"`, `--cache-to "${repository}"`, `--cache-ttl ${ttl}`];
}

/** A call of `buildah build`, and the pushes behind it. */
export function emitBuildah({ spec, pushed, refs, ttl }: Emission): Emitted {
  const problem = sayable(spec) ?? single(spec);
  if (problem !== undefined) return { because: problem };
  // The commands that tag and push stay where Docker's were; the other tools push while they build.
  const isApart = spec.tool.startsWith('docker') && !spec.pushes;
  const tags = isApart || pushed.length === 0 ? spec.tags : pushed;
  return {
    lines: [
      'buildah build',
      ...buildahCache(refs, ttl),
      ...(spec.pulls && spec.tool !== 'kaniko' ? ['--pull'] : []),
      ...(spec.file ? [`--file ${spec.file.raw}`] : []),
      ...(spec.target ? [`--target ${spec.target.raw}`] : []),
      ...(spec.platform ? [`--platform ${spec.platform.raw}`] : []),
      ...spec.buildArgs.map(({ raw }) => `--build-arg ${raw}`),
      ...spec.labels.map(({ raw }) => `--label ${raw}`),
      ...spec.secrets.map(({ raw }) => `--secret ${raw}`),
      ...tags.map(({ raw }) => `--tag ${raw}`),
      spec.context.raw,
    ],
    afterwards: isApart ? [] : pushed.map(({ raw }) => `buildah push ${raw}`),
  };
}

/** `NAME` alone takes its value from the environment, which only Docker's and Kaniko's flags do. */
function withValue({ raw, text }: FlagValue): string {
  return text.includes('=') ? raw : `${text}="$${text}"`;
}

function sayable({ context, unknown, others, file }: ImageSpec): string | undefined {
  if (unknown.length > 0) return `it is not known what ${unknown.join(' ')} stands for`;
  const [other] = others;
  if (other) return `there is no other word for --${other.name}`;
  if (!context.isPlain || context.text === '-' || /^(?:https?|git|ssh):|^git@/.test(context.text))
    return `the context ${context.raw} is no folder of the project`;
  return file?.text === '-' || file?.isPlain === false
    ? `the file ${file.raw} is not one of the project`
    : undefined;
}

function single({ platform }: ImageSpec): string | undefined {
  return platform?.text.includes(',') ? 'it builds for several platforms at once' : undefined;
}

/** The folder that holds the build file, and its path below it. */
function placed({ file, context }: ImageSpec): { folder: string; name?: string } | undefined {
  if (!file) return { folder: context.raw };
  const { text, raw } = file;
  const project = /^(\$CI_PROJECT_DIR|\$\{CI_PROJECT_DIR\})\/(.+)$/.exec(text);
  if (project) return { folder: `"${project[1] ?? ''}"`, name: bare(project[2] ?? '') };
  if (/^(?:\/|\.\.)|\/\.\.\//.test(text)) return undefined;
  return { folder: '.', name: text.startsWith('./') ? bare(text.slice(2)) : raw };
}

function bare(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text}"`;
}
