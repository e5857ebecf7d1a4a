import type { JobDefinition, Node } from '../ci/model.ts';
import { flatItems, get, isNull, textOf } from '../ci/yaml/node.ts';
import type { Step } from './step.ts';

/** How the job reaches a Docker daemon: a service beside it, with or without TLS, or one of the machine. */
export interface Daemon {
  readonly kind: 'service' | 'machine' | 'none';
  readonly hasTls: boolean;
}

/** What a job says of the daemon that it talks to. */
export function daemonOf(
  { keywords }: JobDefinition,
  steps: readonly Step[],
  variables: Readonly<Record<string, string>>,
): Daemon {
  const hasDind = dindServices(get(keywords, 'services')).length > 0;
  const host = variables.DOCKER_HOST ?? '';
  const hasTls =
    variables.DOCKER_TLS_CERTDIR !== '' && !/:2375\b/.test(host) && variables.DOCKER_TLS_VERIFY !== '';
  if (hasDind) return { kind: 'service', hasTls };
  const talks = steps.some(
    ({ kind, command }) => kind !== 'other' && command.words[0]?.text.endsWith('docker') === true,
  );
  return { kind: talks ? 'machine' : 'none', hasTls: talks && host.startsWith('tcp://') && hasTls };
}

/** The services that are Docker daemons. */
export function dindServices(services: Node | undefined): Node[] {
  if (isNull(services)) return [];
  return flatItems(services).filter((item) => isDind(item));
}

/** Whether a service is a Docker daemon; a variable in its tag is not looked into. */
export function isDind(item: Node): boolean {
  const name = textOf(item) ?? textOf(get(item, 'name')) ?? '';
  return /(?:^|\/)docker(?::[^@]*)?dind\b/.test(name) || textOf(get(item, 'alias')) === 'docker';
}
