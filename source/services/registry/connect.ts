import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Bug, NeedsUser, Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { answerText, parseJson, passingFailure } from '../http/answerText.ts';
import { withRetries } from '../http/retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../http/types.ts';
import { asPart } from '../part.ts';
import { answerChallenge, type Login, parseChallenge } from './bearer.ts';
import { type ImageReference, parseImage } from './reference.ts';
import type { Registry } from './types.ts';

export interface RegistryOptions {
  readonly transport: Transport;
  /** The login for a registry's host, where there is one. */
  readonly credentials?: (host: string) => Login | undefined;
}

/** Everything that a tag may point to; a registry converts or refuses what is not accepted. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const tagsShape = z.object({ tags: z.array(z.string()).nullish() });
const mostPages = 100;

/** Reads container registries (https://github.com/opencontainers/distribution-spec/blob/main/spec.md). */
export function connectRegistry(options: RegistryOptions): Registry {
  return {
    async tags(repository, signal) {
      const image = parseImage(repository);
      const tags: string[] = [];
      let url = `${image.origin}/v2/${image.repository}/tags/list?n=1000`;
      for (let page = 0; page < mostPages; page++) {
        const answer = await ask(options, image, { url }, signal);
        const tried = `GET ${url}`;
        tags.push(...readTags(answer, tried));
        const next = nextPage(answer.headers.get('link'), url);
        if (next === undefined) return tags;
        url = next;
      }
      throw new Refused({
        tried: `GET ${url}`,
        saw: `more than ${mostPages} pages of tags`,
        next: ['Ask for one tag instead of all.'],
        code: 'too-many',
      });
    },

    resolve(name, signal) {
      return asPart(resolve(options, name, signal), `resolve ${plain(name, 200)}`);
    },
  };
}

async function resolve(options: RegistryOptions, name: string, signal: AbortSignal | undefined) {
  const image = parseImage(name);
  const url = `${image.origin}/v2/${image.repository}/manifests/${image.reference}`;
  const head = await ask(options, image, { url, method: 'HEAD' }, signal);
  const told = head.headers.get('docker-content-digest');
  const size = Number(head.headers.get('content-length') ?? Number.NaN);
  if (told !== null)
    return {
      digest: checkedDigest(told, image, url),
      mediaType: mediaType(head),
      ...(Number.isSafeInteger(size) && size > 0 ? { size } : {}),
    };
  const whole = await ask(options, image, { url }, signal);
  const digest = `sha256:${createHash('sha256').update(whole.body).digest('hex')}`;
  return { digest: checkedDigest(digest, image, url), mediaType: mediaType(whole), size: whole.body.length };
}

/** Sends once as anybody, and once more with what the registry asks for. */
async function ask(
  { transport, credentials }: RegistryOptions,
  { origin, repository }: ImageReference,
  request: Pick<HttpRequest, 'url' | 'method'>,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const tried = `${request.method ?? 'GET'} ${request.url}`;
  const send = (authorization?: string): Promise<HttpAnswer> =>
    transport.read({
      ...request,
      headers: { accept: manifestTypes, ...(authorization === undefined ? {} : { authorization }) },
      maxBytes: 8 * 1024 * 1024,
      ...(signal ? { signal } : {}),
    });
  return withRetries(
    async () => {
      const first = await send();
      const challenge =
        first.status === 401 ? parseChallenge(first.headers.get('www-authenticate')) : undefined;
      if (!challenge) return accepted(first, tried);
      const login = credentials?.(new URL(origin).host);
      const secret = await answerChallenge({ challenge, origin, repository, login, transport, signal });
      return accepted(await send(secret.reveal()), tried);
    },
    { signal, random: Math.random },
  );
}

function accepted(answer: HttpAnswer, tried: string): HttpAnswer {
  const { status } = answer;
  const { saw, isHtml } = answerText(answer);
  if (status === 200 && !isHtml) return answer;
  const passing = passingFailure(answer, tried, saw);
  if (passing) throw passing;
  const needs = (code: string, next: string): NeedsUser =>
    new NeedsUser({ tried, saw, status, next: [next], code });
  if (isHtml) throw needs('not-a-registry', 'Check the address: a web server answers there.');
  if (status === 401 || status === 403)
    throw needs(
      'login-wanted',
      'Give a login that may read this repository, or check its name: registries hide both alike.',
    );
  if (status === 404) throw needs('no-such-image', 'Check the repository and the tag.');
  throw new Refused({ tried, saw, status, next: ['Check the address of the registry.'], code: 'rejected' });
}

function readTags(answer: HttpAnswer, tried: string): string[] {
  const { text, saw } = answerText(answer);
  const { success, data } = tagsShape.safeParse(parseJson(text));
  if (success) return (data.tags ?? []).map((tag) => plain(tag, 200));
  throw new Bug({
    tried,
    saw: `no list of tags: ${saw}`,
    next: ['Check the address of the registry.'],
    code: 'unexpected-shape',
  });
}

/** The next page of the same registry, from `Link: <…>; rel="next"` (RFC 8288). */
function nextPage(link: string | null, from: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, from)) return undefined;
  const next = new URL(target, from);
  return next.host === new URL(from).host
    ? `${new URL(from).origin}${next.pathname}${next.search}`
    : undefined;
}

function checkedDigest(digest: string, { reference }: ImageReference, url: string): string {
  const isDigest = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(digest);
  if (isDigest && (!reference.includes(':') || reference === digest)) return digest;
  throw new Bug({
    tried: `HEAD ${url}`,
    saw: isDigest ? `another digest than asked for: ${digest}` : 'a digest of another form',
    next: ['Do not use the image before it is known why.'],
    code: 'digest-mismatch',
  });
}

function mediaType({ headers }: HttpAnswer): string {
  return plain((headers.get('content-type') ?? 'unknown').split(';')[0] ?? 'unknown', 100);
}
