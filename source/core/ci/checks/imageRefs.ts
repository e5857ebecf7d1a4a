import { expandVariables } from '../expand.ts';
import type { CiFiles, Configuration, JobDefinition, Place } from '../model.ts';
import { get, textOf } from '../yaml/node.ts';
import { type CodeLine, codeLines, staticVariables } from './shared.ts';

/** An image, or a cache of layers, of the project's own registry. */
export interface ImageRef {
  /** From the registry's root on, with the variables that only a pipeline knows: `/app:$CI_COMMIT_SHA`. */
  readonly repository: string;
  readonly tag: string;
  readonly at: Place;
  readonly job: string;
  readonly isCache: boolean;
}

export interface ImageRefs {
  readonly read: readonly ImageRef[];
  readonly pushed: readonly ImageRef[];
  /** False where a tool pushes what its own file names. */
  readonly isComplete: boolean;
}

const opaque =
  /\bbuildx\s+bake\b|\bcompose\b[^|;]*\bpush\b|\b(?:make|mage|just|earthly|goreleaser|ko|crane|regctl|imagetools|nix|bazel|skaffold|werf|helm)\b|\.sh\b|(?:^|\s)\.\/|--all-tags|(?:^|\s)@/;
/** A job without any of these has no way to push. */
const containerTools =
  /docker|podman|buildah|buildctl|buildkit|kaniko|skopeo|crane|nerdctl|CI_REGISTRY|helm|werf|earthly|goreleaser/;
const pulls = /\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+)?(?:pull|run)\b/;
const pushes = /\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+|manifest\s+)?push\b/;

/** What the jobs read from and push to the project's registry, variables of the configuration expanded. */
export function imageRefs(configuration: Configuration, files: CiFiles): ImageRefs {
  const read: ImageRef[] = [];
  const pushed: ImageRef[] = [];
  let isComplete = configuration.unresolved.length === 0;
  for (const job of configuration.jobs.values()) {
    const refOf = referenceReader(configuration, job);
    const services = get(job.keywords, 'services');
    const mayPush = containerTools.test(
      `${textOf(get(job.keywords, 'image')) ?? ''} ${codeLines(job)
        .map(({ text }) => text)
        .join(' ')}`,
    );
    for (const node of [
      get(job.keywords, 'image'),
      ...(services?.kind === 'sequence' ? services.items : []),
    ]) {
      const named = node?.kind === 'mapping' ? get(node, 'name') : node;
      if (named) read.push(...refOf(textOf(named) ?? '', named.span));
    }
    for (const line of codeLines(job)) {
      if (mayPush && opaque.test(line.text)) isComplete = false;
      read.push(...ofCommand(line, pulls.test(line.text) ? 'all' : 'none', refOf));
      read.push(...caches(line, 'from', refOf));
      pushed.push(...ofCommand(line, pushKind(line.text), refOf), ...caches(line, 'to', refOf));
    }
    if (codeLines(job).some(({ text }) => /\bdocker\s+(?:buildx\s+)?build\b/.test(text)))
      read.push(...basesOf(files, job, refOf));
  }
  return { read: unique(read), pushed: unique(pushed), isComplete };
}

type RefOf = (text: string, at: Place, isCache?: boolean) => ImageRef[];

/** Only what begins with the project's registry, after the variables of the configuration. */
function referenceReader(configuration: Configuration, job: JobDefinition): RefOf {
  let variables = staticVariables(configuration, job);
  for (const { text } of codeLines(job))
    for (const [, key = ''] of text.matchAll(/(?:^|[\s;&])(?:export\s+)?([A-Za-z_]\w*)=/g)) {
      const { [key]: _, ...rest } = variables;
      variables = rest;
    }
  return (text, at, isCache = false) => {
    const whole = settle(text, variables).replace(/\$\{(\w+)\}/g, '$$$1');
    const [, path] = /^(?:docker:\/\/)?\$CI_REGISTRY_IMAGE(?![\w])(.*)$/.exec(whole) ?? [];
    if (path === undefined || path.includes('@') || /[\s{}`()]/.test(path)) return [];
    const colon = path.lastIndexOf(':');
    const hasTag = colon > path.lastIndexOf('/');
    return [
      {
        repository: hasTag ? path.slice(0, colon) : path,
        tag: hasTag ? path.slice(colon + 1) : 'latest',
        at,
        job: job.name,
        isCache,
      },
    ];
  };
}

/** A text with variables expanded, as often as they hold others; unknown ones stay as written. */
export function settle(text: string, variables: Readonly<Record<string, string>>): string {
  let whole = text;
  for (let depth = 0; depth < 5 && whole.length < 2_000; depth++) {
    const next = expandVariables(whole, variables, true);
    if (next === whole) break;
    whole = next;
  }
  return whole;
}

type Kind = 'all' | 'tags' | 'output' | 'destination' | 'none';

function pushKind(text: string): Kind {
  if (pushes.test(text)) return 'all';
  if (/\bbuildx\s+build\b/.test(text) && /--push\b|push=true|type=registry/.test(text)) return 'tags';
  if (/\bbuildctl/.test(text) && /push=true/.test(text)) return 'output';
  return /\/kaniko\/executor\b/.test(text) ? 'destination' : 'none';
}

const patterns: Readonly<Record<Exclude<Kind, 'none'>, RegExp>> = {
  all: /(\$\{?\w+\}?[^\s"';|&]*)/g,
  tags: /(?:--tag|-t)[= ]["']?([^\s"';|&]+)/g,
  // `"name=a,b"` names several.
  output: /(?:name=|(?<=name=[^\s;|&]{0,999}),)["']?([^\s"',;|&=\\]+)(?=[,"'\\\s]|$)/g,
  destination: /--destination[= ]["']?([^\s"';|&]+)/g,
};

/** The images that a line of a script builds, tags or pushes, as written there. */
export function madeImages(text: string): string[] {
  const kind = pushKind(text);
  const isBuild = /\b(?:docker|podman|buildah|nerdctl|buildctl\S*)\b.*\b(?:build|bud)\b/.test(text);
  const made = kind === 'none' ? (isBuild ? patterns.tags : undefined) : patterns[kind];
  const found = [
    ...(made && kind !== 'all' ? text.matchAll(made) : []),
    ...(kind !== 'tags' && isBuild ? text.matchAll(patterns.tags) : []),
    ...text.matchAll(
      /\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+|manifest\s+)?push\s+(?:-\S+\s+)*["']?([^\s"';|&]+)/g,
    ),
    ...text.matchAll(/\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+)?tag\s+\S+\s+["']?([^\s"';|&]+)/g),
    ...text.matchAll(/\b(?:skopeo\s+copy|crane\s+(?:copy|cp|push))\b.*\s["']?(?:docker:\/\/)?([^\s"';|&]+)/g),
  ];
  return found.map(([, ref = '']) => ref);
}

function ofCommand({ text, at }: CodeLine, kind: Kind, refOf: RefOf): ImageRef[] {
  if (kind === 'none') return [];
  return [...text.matchAll(patterns[kind])].flatMap(([, ref = '']) => refOf(ref, at));
}

/** `--cache-from` and `--import-cache`, `--cache-to` and `--export-cache`: a reference, or `type=registry,ref=…`. */
function caches({ text, at }: CodeLine, way: 'from' | 'to', refOf: RefOf): ImageRef[] {
  const flag = way === 'from' ? 'cache-from|import-cache' : 'cache-to|export-cache';
  return [...text.matchAll(new RegExp(`--(?:${flag})[= ]["']?([^\\s"';|&]+)`, 'g'))].flatMap(
    ([, value = '']) => refOf(/(?:^|,)ref=([^,]+)/.exec(value)?.[1] ?? value, at, true),
  );
}

/** `FROM` of the Dockerfile that a job builds; an `ARG` with a default is the default. */
function basesOf(files: CiFiles, job: JobDefinition, refOf: RefOf): ImageRef[] {
  const named = codeLines(job).flatMap(({ text }) =>
    [...text.matchAll(/(?:--file|-f)[= ]["']?([\w./-]+)/g)].map(([, name = '']) => name),
  );
  return (named.length > 0 ? named : ['Dockerfile']).flatMap((file) => {
    const args: Record<string, string> = {};
    return (files.read(file) ?? '').split('\n').flatMap((line, index) => {
      const [, key, value = ''] = /^\s*ARG\s+(\w+)=["']?([^\s"']*)/i.exec(line) ?? [];
      if (key !== undefined) args[key] = value;
      const [, base] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)/i.exec(line) ?? [];
      return base === undefined ? [] : refOf(settle(base, args), { file, line: index + 1, column: 1 });
    });
  });
}

function unique(refs: readonly ImageRef[]): ImageRef[] {
  return [
    ...new Map(
      refs.map((ref) => [`${ref.repository}:${ref.tag} ${ref.at.file}:${ref.at.line}:${ref.at.column}`, ref]),
    ).values(),
  ];
}
