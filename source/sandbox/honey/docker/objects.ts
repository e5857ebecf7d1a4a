import { readOptions } from '../commands/options.ts';
import type { Program } from '../shell/context.ts';
import { DaemonError } from './container.ts';
import { findImage, parseReference } from './images.ts';
import { pull } from './lifecycle.ts';

/** The verbs for images and volumes. */
export const objectVerbs: Readonly<Record<string, Program>> = {
  pull: (args, execution) => {
    const { flags, rest } = readOptions(args);
    const [name = ''] = rest;
    const isQuiet = flags.has('q') || flags.has('quiet');
    pull(name, execution, execution.out, isQuiet);
    const { repository, tag, digest } = parseReference(name);
    execution.out(`docker.io/${repository}${digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`}\n`);
    return 0;
  },
  rmi: (args, execution) => {
    const { images, containers } = execution.machine.docker;
    for (const name of readOptions(args).rest) {
      const image = findImage(images, parseReference(name));
      if (!image) throw new DaemonError(`No such image: ${name}`);
      const user = containers().find((one) => one.image.id === image.id);
      if (user)
        throw new DaemonError(
          `conflict: unable to remove repository reference "${name}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`,
        );
      images.splice(images.indexOf(image), 1);
      execution.out(`Untagged: ${image.repository}:${image.tag}\nDeleted: ${image.id}\n`);
    }
    return 0;
  },
  volume: ([verb = '', ...args], execution) => {
    const { volumes } = execution.machine.docker;
    const { flags, rest } = readOptions(args, ['filter']);
    if (verb === 'ls') {
      if (!flags.has('q')) execution.out('DRIVER    VOLUME NAME\n');
      for (const name of volumes) execution.out(flags.has('q') ? `${name}\n` : `local     ${name}\n`);
      return 0;
    }
    for (const name of rest) {
      if (verb === 'create') volumes.add(name);
      else if (!volumes.has(name)) throw new DaemonError(`get ${name}: no such volume`);
      else if (verb === 'rm') volumes.delete(name);
      execution.out(
        verb === 'inspect'
          ? `${JSON.stringify([{ Name: name, Driver: 'local', Mountpoint: `/var/lib/docker/volumes/${name}/_data` }], null, 4)}\n`
          : `${name}\n`,
      );
    }
    return 0;
  },
};
