import { createHash } from 'node:crypto';

/** What runs in a container of an image. */
export type Behaviour = 'bazel-remote' | 'idle' | 'hello';

export interface Image {
  /** `sha256:…`, of its configuration. */
  readonly id: string;
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…`, of its manifest. */
  readonly digest: string;
  readonly behaviour: Behaviour;
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly exposed: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly size: number;
  readonly layers: readonly string[];
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function image(
  repository: string,
  tag: string,
  rest: Pick<Image, 'behaviour' | 'entrypoint' | 'user' | 'exposed' | 'labels' | 'size'>,
  version = tag,
): Image {
  const name = `${repository}:${version}`;
  const layers = [0, 1].map((index) => hex(`layer ${index} ${name}`).slice(0, 12));
  return {
    id: `sha256:${hex(`config ${name}`)}`,
    repository,
    tag,
    digest: `sha256:${hex(`manifest ${name}`)}`,
    layers,
    ...rest,
  };
}

function bazelRemote(tag: string, version = tag): Image {
  const entrypoint = [
    '/bazel-remote-linux-amd64',
    '--http_address=:8080',
    '--dir=/data',
    '--profile_address=:6060',
  ];
  const labels = { 'org.opencontainers.image.version': version };
  const rest = {
    behaviour: 'bazel-remote',
    entrypoint,
    user: '65532',
    exposed: [8080],
    labels,
    size: 27_500_000,
  } as const;
  return image('buchgr/bazel-remote-cache', tag, rest, version);
}

export const runnerImage = image('gitlab/gitlab-runner', 'alpine', {
  behaviour: 'idle',
  entrypoint: ['/usr/bin/dumb-init', '/entrypoint', 'run', '--user=gitlab-runner'],
  user: '',
  exposed: [],
  labels: {},
  size: 101_000_000,
});

/** What the registry that this honey can reach has. */
const hub: readonly Image[] = [
  bazelRemote('v2.6.1'),
  bazelRemote('v2.6.2'),
  bazelRemote('latest', 'v2.6.2'),
  runnerImage,
  image('hello-world', 'latest', {
    behaviour: 'hello',
    entrypoint: ['/hello'],
    user: '',
    exposed: [],
    labels: {},
    size: 10_072,
  }),
];

export interface Reference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Reads `[docker.io/]name[:tag][@digest]`. */
export function parseReference(text: string): Reference {
  const [name = '', digest] = text.split('@');
  const [, path = name, tag] = /^(.*?)(?::([\w.-]+))?$/.exec(name) ?? [];
  const repository = path.replace(/^(?:index\.|registry-1\.)?docker\.io\//, '').replace(/^library\//, '');
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The image that a reference names: a digest counts before a tag; no tag is `latest`. */
export function findImage(
  images: readonly Image[],
  { repository, tag, digest }: Reference,
): Image | undefined {
  return images.find(
    (one) =>
      one.repository === repository &&
      (digest === undefined
        ? one.tag === (tag ?? 'latest')
        : one.digest === digest && (!tag || one.tag === tag)),
  );
}

/** From the registry, or why not, as the daemon says it. */
export function pullImage(reference: Reference): Image | { readonly refusal: string } {
  const found = findImage(hub, reference);
  if (found) return found;
  const { repository, tag = 'latest', digest } = reference;
  if (hub.some((one) => one.repository === repository)) {
    const name = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
    return { refusal: `manifest for ${name} not found: manifest unknown: manifest unknown` };
  }
  return {
    refusal: `pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  };
}
