import { readOptions } from '../commands/options.ts';
import type { Execution, Program } from '../shell/context.ts';
import { call } from './command.ts';
import type { Container } from './container.ts';
import { readRunOptions } from './runOptions.ts';
import { statusOf } from './views.ts';

/** Podman without root: no daemon, containers of its own, no short names, no folder made for a mount, and its own words. */
export const podman: Program = async (args, execution) => {
  const { machine, out, err } = execution;
  const [verb = '', ...rest] = args;
  const own: Execution = {
    ...execution,
    machine: { ...machine, docker: machine.podman },
    err: (data) => err(worded(String(data))),
  };
  if (verb === 'version') {
    out('5.2.2\n');
    return 0;
  }
  if (verb === 'ps' && readOptions(rest, ['format']).values.get('format') === 'json') {
    out(
      `${JSON.stringify(
        machine.podman.containers().map((one) => psRow(one, machine.now())),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  if (verb === 'run' || verb === 'create') {
    const refused = refusal(rest, own);
    if (refused !== undefined) {
      err(`Error: ${refused}\n`);
      return 125;
    }
  }
  if (verb === 'pull' && isShort(rest.at(-1) ?? '')) {
    err(`Error: ${shortName(rest.at(-1) ?? '')}\n`);
    return 125;
  }
  const status = await call(verb, rest, own);
  return verb === 'inspect' || verb === 'image' || verb === 'container'
    ? status === 1
      ? 125
      : status
    : status;
};

/** What Docker would do for its users and Podman does not. */
function refusal(args: readonly string[], { machine }: Execution): string | undefined {
  try {
    const { image, mounts } = readRunOptions(args, 'unnamed');
    if (isShort(image)) return shortName(image);
    const missing = mounts.find(({ kind, source }) => kind === 'bind' && !machine.files.exists(source));
    return missing ? `statfs ${missing.source}: no such file or directory` : undefined;
  } catch {
    return undefined;
  }
}

function isShort(image: string): boolean {
  return !/^(?:localhost|[^/]*[.:][^/]*)\//.test(image);
}

function shortName(image: string): string {
  return `short-name "${image}" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"`;
}

function worded(text: string): string {
  return text
    .replace(/^(?:docker: )?Error response from daemon: /, 'Error: ')
    .replace(/^Error: No such image: (.*)$/m, 'Error: $1: image not known')
    .replace(/^Error: No such container: (.*)$/m, 'Error: no such container $1')
    .replace(/^Error: No such object: (.*)$/m, 'Error: no such object: "$1"');
}

function psRow(container: Container, now: number): Record<string, unknown> {
  const { settings, id, status } = container;
  return {
    Id: id,
    Names: [settings.name],
    Image: settings.image,
    State: status,
    Status: statusOf(container, now),
    Labels: settings.labels,
    Ports: settings.ports.map(({ address, port, containerPort }) => ({
      host_ip: address,
      host_port: port,
      container_port: containerPort,
      protocol: 'tcp',
      range: 1,
    })),
  };
}
