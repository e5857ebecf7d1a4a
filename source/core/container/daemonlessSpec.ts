import type { ShellCommand } from '../shell/read.ts';
import { namesOf } from './dockerSpec.ts';
import { type FlagTable, type FlagValue, readArguments, valuesOf } from './flags.ts';
import type { ImageSpec } from './spec.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const kanikoFlags: FlagTable = {
  valued:
    words(`build-arg cache-dir cache-repo cache-ttl compression compression-level context context-sub-path
    custom-platform customPlatform destination digest-file dockerfile git ignore-path image-fs-extract-retry
    image-name-with-digest-file image-name-tag-with-digest-file kaniko-dir label log-format oci-layout-path push-retry
    registry-certificate registry-client-cert registry-mirror skip-tls-verify-registry snapshot-mode snapshotMode tar-path
    tarPath target verbosity`),
  alone:
    words(`cache cache-copy-layers cache-run-layers cleanup compressed-caching force ignore-var-run insecure
    insecure-pull insecure-registry no-push no-push-cache push-ignore-immutable-tag-errors reproducible single-snapshot
    skip-default-registry-fallback skip-push-permission-check skip-tls-verify skip-tls-verify-pull skip-unused-stages
    use-new-run log-timestamp`),
  short: { c: 'context', d: 'destination', f: 'dockerfile', v: 'verbosity' },
};

const kanikoUnderstood =
  words(`build-arg cache cache-repo cache-ttl cache-copy-layers cleanup compressed-caching
  context custom-platform customPlatform destination dockerfile label log-format log-timestamp no-push push-retry
  snapshot-mode snapshotMode target use-new-run verbosity skip-unused-stages`);

/** Reads a call of Kaniko's executor; undefined for another program. */
export function readKanikoSpec({ words: list }: ShellCommand): ImageSpec | undefined {
  if (!/(?:^|\/)kaniko\/executor$/.test(list[0]?.text ?? '')) return undefined;
  const given = readArguments(list.slice(1), kanikoFlags);
  const last = (...names: readonly string[]): FlagValue | undefined =>
    names.flatMap((name) => valuesOf(given, name)).at(-1);
  const cache = given.flags.findLast(({ name }) => name === 'cache');
  const isCached = cache !== undefined && cache.value?.text !== 'false';
  const repositories = valuesOf(given, 'cache-repo');
  const caches = isCached
    ? repositories.length > 0
      ? repositories
      : [{ raw: '', text: 'the destination, /cache', isPlain: false }]
    : [];
  const file = last('dockerfile');
  const target = last('target');
  const platform = last('custom-platform', 'customPlatform');
  return {
    tool: 'kaniko',
    ...(file ? { file } : {}),
    context: withoutScheme(last('context') ?? { raw: '/workspace', text: '/workspace', isPlain: true }),
    tags: valuesOf(given, 'destination'),
    buildArgs: valuesOf(given, 'build-arg'),
    labels: valuesOf(given, 'label'),
    ...(target ? { target } : {}),
    ...(platform ? { platform } : {}),
    secrets: [],
    pulls: true,
    ignoresCache: false,
    pushes: !given.flags.some(({ name, value }) => name === 'no-push' && value?.text !== 'false'),
    isLocal: false,
    cacheFrom: caches,
    cacheTo: caches,
    cacheFlags: given.flags.filter(({ name }) => /^cache(?:-repo|-ttl)?$/.test(name)),
    others: given.flags.filter(({ name }) => !kanikoUnderstood.has(name)),
    unknown: [...given.unknown, ...given.positional].map(({ raw }) => raw),
  };
}

function withoutScheme({ raw, text, isPlain }: FlagValue): FlagValue {
  return { raw: raw.replace('dir://', ''), text: text.replace(/^dir:\/\//, ''), isPlain };
}

const buildctlFlags: FlagTable = {
  valued:
    words(`addr allow build-arg export-cache frontend frontend-opt import-cache local metadata-file oci-layout opt
    output progress registry-auth-tlscontext secret source-policy-file ssh tlscacert tlscert tlsdir tlskey tlsservername
    trace wait timeout`),
  alone: words('no-cache debug'),
  short: { o: 'output' },
};

const buildctlUnderstood = words(
  'export-cache frontend import-cache local opt output progress secret no-cache debug addr tlscacert tlscert tlskey tlsdir',
);

/** Reads a call of `buildctl build`; undefined for another program. */
export function readBuildctlSpec({ words: list }: ShellCommand): ImageSpec | undefined {
  if (!/(?:^|\/)buildctl(?:-daemonless\.sh)?$/.test(list[0]?.text ?? '')) return undefined;
  const given = readArguments(list.slice(1), buildctlFlags);
  if (given.positional[0]?.text !== 'build' && given.positional[0]?.text !== 'b') return undefined;
  const options = valuesOf(given, 'opt');
  const local = (name: string): FlagValue | undefined => under(valuesOf(given, 'local'), `${name}=`).at(-1);
  const option = (name: string): FlagValue | undefined => under(options, `${name}=`).at(-1);
  const outputs = valuesOf(given, 'output');
  const folder = local('dockerfile');
  const name = option('filename');
  const file = fileIn(folder, name);
  const target = option('target');
  const platform = option('platform');
  const known = /^(?:filename|target|platform|build-arg:[^=]*|label:[^=]*|image-resolve-mode)=?/;
  return {
    tool: 'buildkit',
    ...(file ? { file } : {}),
    context: local('context') ?? { raw: '.', text: '.', isPlain: true },
    tags: outputs.flatMap(({ text, isPlain }) => namesOf(text, isPlain)),
    buildArgs: under(options, 'build-arg:'),
    labels: under(options, 'label:'),
    ...(target ? { target } : {}),
    ...(platform ? { platform } : {}),
    secrets: valuesOf(given, 'secret'),
    pulls: option('image-resolve-mode')?.text === 'pull',
    ignoresCache: given.flags.some(({ name: one }) => one === 'no-cache'),
    pushes: outputs.some(({ text }) => /push=true/.test(text)),
    isLocal: false,
    cacheFrom: valuesOf(given, 'import-cache'),
    cacheTo: valuesOf(given, 'export-cache'),
    cacheFlags: given.flags.filter(({ name: one }) => /^(?:import|export)-cache$/.test(one)),
    others: given.flags.filter(
      ({ name: one, value }) =>
        !buildctlUnderstood.has(one) || (one === 'opt' && !known.test(value?.text ?? '')),
    ),
    unknown: [...given.unknown, ...given.positional.slice(1)].map(({ raw }) => raw),
  };
}

/** What follows a prefix, of the values that have it. */
function under(values: readonly FlagValue[], prefix: string): FlagValue[] {
  return values.flatMap(({ raw, text, isPlain }) =>
    text.startsWith(prefix)
      ? [{ raw: raw.replace(prefix, ''), text: text.slice(prefix.length), isPlain }]
      : [],
  );
}

function fileIn(folder: FlagValue | undefined, name: FlagValue | undefined): FlagValue | undefined {
  if (folder === undefined || folder.text === '.') return name;
  const text = `${folder.text.replace(/\/$/, '')}/${name?.text ?? 'Dockerfile'}`;
  return { raw: `"${text}"`, text, isPlain: folder.isPlain && name?.isPlain !== false };
}
