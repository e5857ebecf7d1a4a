import { readOptions } from '../commands/options.ts';
import type { Execution, Program } from '../shell/context.ts';
import { type Container, DaemonError } from './container.ts';
import { findImage, parseReference, pullImage } from './images.ts';
import { follow, run } from './lifecycle.ts';
import { listContainers, listImages, printed, version } from './listing.ts';
import { objectVerbs } from './objects.ts';
import { TemplateError } from './template.ts';
import { inspectContainer, inspectImage } from './views.ts';

const socket = 'unix:///var/run/docker.sock';

const verbs: Readonly<Record<string, Program>> = {
  version,
  ps: listContainers,
  images: listImages,
  run: (args, execution) => run(args, execution),
  create: (args, execution) => run(args, execution, false),
  inspect: (args, execution) => inspect(args, execution),
  logs,
  ...objectVerbs,
  info: (args, execution) => {
    const { values } = readOptions(args, ['format', 'f']);
    const { containers, images } = execution.machine.docker;
    const format = values.get('format') ?? values.get('f') ?? 'json';
    const running = containers().filter(({ status }) => status === 'running').length;
    const info = {
      ServerVersion: '27.5.1',
      Driver: 'overlay2',
      DockerRootDir: '/var/lib/docker',
      Containers: containers().length,
      ContainersRunning: running,
      Images: images.length,
    };
    printed(format, [info], execution.out);
    return 0;
  },
  port: ([name = ''], execution) => {
    const { settings, process } = mustFind(name, execution);
    for (const { address, port, containerPort } of process ? settings.ports : [])
      execution.out(
        `${containerPort}/tcp -> ${address || '0.0.0.0'}:${port || process?.realPorts.get(containerPort)}\n`,
      );
    return 0;
  },
  start: each((container, { machine }) => machine.docker.start(container)),
  stop: each((container, execution) => end(container, execution, false)),
  kill: each((container, execution) => end(container, execution, true)),
  restart: each(async (container, { machine }) => {
    await machine.docker.stop(container);
    await machine.docker.start(container);
  }),
  rm: remove,
  rename: ([from = '', to = ''], execution) => {
    const container = mustFind(from, execution);
    if (execution.machine.docker.find(to))
      throw new DaemonError(
        `Error when allocating new name: Conflict. The container name "/${to}" is already in use`,
      );
    container.settings = { ...container.settings, name: to };
    return 0;
  },
  update: (args, execution) => {
    const { values, rest } = readOptions(args, ['restart', 'memory', 'm', 'cpus']);
    for (const name of rest) {
      const container = mustFind(name, execution);
      const restart = values.get('restart');
      if (restart !== undefined) container.settings = { ...container.settings, restart };
      execution.out(`${name}\n`);
    }
    return 0;
  },
  exec: (args, execution) => {
    const [name = '', program = ''] = readOptions(args, ['u', 'w', 'e']).rest;
    mustFind(name, execution);
    execution.err(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown\n`,
    );
    return 126;
  },
  buildx: ([group = '', verb = '', ...args], { out, err }) => {
    const { values, rest } = readOptions(args, ['format']);
    const found =
      `${group} ${verb}` === 'imagetools inspect' ? pullImage(parseReference(rest[0] ?? '')) : undefined;
    if (!found || 'refusal' in found) {
      err(`ERROR: ${found?.refusal ?? 'only `buildx imagetools inspect` is here'}\n`);
      return 1;
    }
    const { digest, repository, tag } = found;
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    printed(values.get('format'), [{ Name: `${repository}:${tag}`, Manifest: { mediaType, digest } }], out);
    return 0;
  },
  container: ([verb = '', ...args], execution) => call(verb === 'ls' ? 'ps' : verb, args, execution),
  image: ([verb = '', ...args], execution) => {
    if (verb === 'inspect') return inspect(args, execution, 'image');
    return call(verb === 'ls' ? 'images' : verb === 'rm' ? 'rmi' : verb, args, execution);
  },
};

/** The docker client. Who is not in the group of the socket, and not root, may not speak to the daemon. */
export const docker: Program = ([verb = '', ...args], execution) => {
  const { user, err, out } = execution;
  if (verb === '--version' || verb === '-v') {
    out('Docker version 27.5.1, build 9f9e405\n');
    return 0;
  }
  if (user.uid !== 0 && !user.groups.some(([name]) => name === 'docker')) {
    err(
      `permission denied while trying to connect to the Docker daemon socket at ${socket}: dial unix /var/run/docker.sock: connect: permission denied\n`,
    );
    return verb === 'run' ? 126 : 1;
  }
  return call(verb, args, execution);
};

export async function call(verb: string, args: readonly string[], execution: Execution): Promise<number> {
  const { err } = execution;
  const program = verbs[verb];
  if (!program) {
    err(`docker: '${verb}' is not a docker command.\nSee 'docker --help'\n`);
    return 1;
  }
  try {
    return await program(args, execution);
  } catch (thrown) {
    if (thrown instanceof TemplateError) err(`template parsing error: template: :1: ${thrown.message}\n`);
    else if (thrown instanceof DaemonError) err(`Error response from daemon: ${thrown.message}\n`);
    else throw thrown;
    return thrown instanceof TemplateError ? 64 : 1;
  }
}

function mustFind(name: string, { machine }: Execution): Container {
  const container = machine.docker.find(name);
  if (!container) throw new DaemonError(`No such container: ${name}`);
  return container;
}

function each(work: (container: Container, execution: Execution) => Promise<void>): Program {
  return async (args, execution) => {
    let status = 0;
    for (const name of readOptions(args, ['t', 'time', 'timeout', 's', 'signal']).rest) {
      try {
        await work(mustFind(name, execution), execution);
        execution.out(`${name}\n`);
      } catch (thrown) {
        if (!(thrown instanceof DaemonError)) throw thrown;
        execution.err(`Error response from daemon: ${thrown.message}\n`);
        status = 1;
      }
    }
    return status;
  };
}

/** A container of `--rm` goes with its program. */
async function end(container: Container, { machine }: Execution, isKilled: boolean): Promise<void> {
  await machine.docker.stop(container, isKilled);
  if (container.settings.removes) machine.docker.remove(container);
}

/** With -f what is not there is no failure. */
async function remove(args: readonly string[], execution: Execution): Promise<number> {
  const { docker } = execution.machine;
  const { flags, rest } = readOptions(args);
  const isForced = flags.has('f') || flags.has('force');
  let status = 0;
  for (const name of rest) {
    const container = docker.find(name);
    const runs = container?.status === 'running' || container?.status === 'restarting';
    if (!container) {
      execution.err(`Error response from daemon: No such container: ${name}\n`);
      if (!isForced) status = 1;
    } else if (runs && !isForced) {
      execution.err(
        `Error response from daemon: cannot remove container "/${container.settings.name}": container is ${container.status}: stop the container before removing or force remove\n`,
      );
      status = 1;
    } else {
      await docker.stop(container, true);
      docker.remove(container);
      execution.out(`${name}\n`);
    }
  }
  return status;
}

async function logs(args: readonly string[], execution: Execution): Promise<number> {
  const { flags, values, rest } = readOptions(args, ['n', 'tail', 'since', 'until']);
  const container = mustFind(rest[0] ?? '', execution);
  const count = values.get('tail') ?? values.get('n') ?? 'all';
  const from = count === 'all' ? 0 : Math.max(0, container.logs.length - Number(count));
  const isFollowed = flags.has('f') || flags.has('follow');
  if (isFollowed) await follow(container, execution, from);
  else
    for (const { stream, text, at } of container.logs.slice(from)) {
      const stamp = flags.has('t') || flags.has('timestamps') ? `${new Date(at).toISOString()} ` : '';
      (stream === 'stdout' ? execution.out : execution.err)(`${stamp}${text}\n`);
    }
  return 0;
}

/** Prints what it finds, and says what it does not. */
function inspect(args: readonly string[], execution: Execution, kind?: 'image'): number {
  const { docker } = execution.machine;
  const { values, rest } = readOptions(args, ['format', 'f', 'type']);
  const isImage = kind === 'image' || values.get('type') === 'image';
  const missing: string[] = [];
  const found = rest.flatMap((name) => {
    const container = isImage ? undefined : docker.find(name);
    const image =
      findImage(docker.images, parseReference(name)) ?? docker.images.find(({ id }) => id === name);
    if (container) return [inspectContainer(container)];
    if (image && values.get('type') !== 'container') return [inspectImage(image)];
    missing.push(name);
    return [];
  });
  printed(values.get('format') ?? values.get('f'), found, execution.out);
  for (const name of missing)
    execution.err(`Error: No such ${isImage ? 'image' : (values.get('type') ?? 'object')}: ${name}\n`);
  return missing.length > 0 ? 1 : 0;
}
