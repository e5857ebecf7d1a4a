import { NeedsUser } from '../../core/failure.ts';

/** An image as a registry is asked for it. */
export interface ImageReference {
  /** Where its API is: `https://registry.gitlab.com`; plain HTTP for this machine alone, as Docker does. */
  readonly origin: string;
  /** `tinyland/ai/huskycat`. */
  readonly repository: string;
  /** A tag, or a digest when it holds a colon. */
  readonly reference: string;
}

const path = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const tag = /^\w[\w.-]{0,127}$/;
const digest = /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/;

/** Reads `host/path:tag@digest` as Docker does: Docker Hub without a host, `latest` without a tag, the digest before the tag. */
export function parseImage(image: string): ImageReference {
  const [named = '', pinned] = image.trim().split('@', 2);
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const hasHost = /[.:]|^localhost$/.test(first);
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const written = colon < 0 ? rest : rest.slice(0, colon);
  const repository = host === 'docker.io' && !written.includes('/') ? `library/${written}` : written;
  const reference = pinned ?? (colon < 0 ? 'latest' : rest.slice(colon + 1));
  const origin = originOf(host);
  const isSound =
    path.test(repository) && repository.length <= 255 && (tag.test(reference) || digest.test(reference));
  if (isSound && origin !== undefined) return { origin, repository, reference };
  throw new NeedsUser({
    tried: 'read the name of an image',
    saw: 'it is not written as host/path:tag or host/path@sha256:…',
    next: ['Write it as registry.example.com/group/project:tag, in lower case.'],
    code: 'bad-image',
  });
}

function originOf(host: string): string | undefined {
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/.test(server);
  const origin = `${isHere ? 'http' : 'https'}://${server}`;
  return URL.canParse(origin) && !/[@?#\\]/.test(server) ? origin : undefined;
}
