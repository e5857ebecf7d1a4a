import type { Configuration, Node } from '../model.ts';
import { get, textOf, textsOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

interface UsedImage {
  readonly name: string;
  readonly node: Node;
}

/** Each place that names an image or a service, once. */
function images({ jobs }: Configuration): UsedImage[] {
  const found = new Map<Node, UsedImage>();
  for (const { keywords } of jobs.values()) {
    const services = get(keywords, 'services');
    const nodes = [get(keywords, 'image'), ...(services?.kind === 'sequence' ? services.items : [])];
    for (const node of nodes) {
      const named = node?.kind === 'mapping' ? get(node, 'name') : node;
      const name = textOf(named);
      if (named && name !== undefined && name !== '') found.set(named, { name, node: named });
    }
  }
  return [...found.values()];
}

export const unpinnedImage: Rule = {
  id: 'unpinned-image',
  severity: 'info',
  summary: 'An image with the tag `latest`, or with none.',
  why: 'What runs changes without a commit, and a failure cannot be traced to one.',
  fix: { text: 'Name a version, or a digest: image@sha256:….' },
  *check({ configuration }) {
    for (const { name, node } of images(configuration)) {
      if (name.includes('$') || name.includes('@')) continue;
      const tag = /:([^:/]+)$/.exec(name)?.[1];
      if (tag === undefined || tag === 'latest')
        yield { at: node.span, title: `${name} is not pinned`, saw: `image ${name}` };
    }
  },
};

export const archivedKaniko: Rule = {
  id: 'archived-kaniko',
  severity: 'warning',
  summary: 'Images are built with Kaniko.',
  why: 'Its repository was archived in June 2025: it gets no fixes, not for security either.',
  fix: { text: 'Build with rootless BuildKit (buildctl-daemonless.sh) or Buildah.' },
  *check({ configuration }) {
    for (const { name, node } of images(configuration)) {
      if (/kaniko-project\/executor/.test(name))
        yield { at: node.span, title: 'Kaniko is archived', saw: `image ${name}` };
    }
  },
};

export const dindWithoutTls: Rule = {
  id: 'dind-without-tls',
  severity: 'warning',
  summary: 'Docker-in-Docker with TLS switched off.',
  why: 'Whoever reaches the service’s port owns the Docker daemon, and with it the privileged container.',
  fix: { text: 'Set DOCKER_TLS_CERTDIR: "/certs" and DOCKER_HOST: tcp://docker:2376.' },
  *check({ configuration }) {
    const seen = new Set<Node>();
    for (const { name, keywords } of configuration.jobs.values()) {
      const services = get(keywords, 'services');
      const dind =
        services?.kind === 'sequence' &&
        services.items.some((item) =>
          /(?:^|\/)docker(?::[\w.-]*)?dind/.test(textOf(item) ?? textOf(get(item, 'name')) ?? ''),
        );
      const command =
        services?.kind === 'sequence' ? services.items.flatMap((item) => get(item, 'command') ?? []) : [];
      const off = command.find((one) => textsOf(one).includes('--tls=false'));
      if (dind && off && !seen.has(off)) {
        seen.add(off);
        yield { at: off.span, title: `${name} talks to Docker without TLS`, saw: 'command: --tls=false' };
      }
      const own =
        get(get(keywords, 'variables'), 'DOCKER_TLS_CERTDIR') ??
        get(get(configuration.root, 'variables'), 'DOCKER_TLS_CERTDIR');
      if (!dind || own === undefined || textOf(own) !== '' || seen.has(own)) continue;
      seen.add(own);
      yield { at: own.span, title: `${name} talks to Docker without TLS`, saw: 'DOCKER_TLS_CERTDIR: ""' };
    }
  },
};
