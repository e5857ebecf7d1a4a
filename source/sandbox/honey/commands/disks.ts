import { resolvePath } from '../fileSystem.ts';
import { mountOf } from '../machine.ts';
import type { Execution, Machine, Program } from '../shell/context.ts';
import { forEach, readOptions } from './options.ts';

/** Programs that look at file systems. */
export const diskPrograms: Readonly<Record<string, Program>> = {
  df: (args, execution) => {
    const { flags, rest } = readOptions(args, ['B', 'block-size']);
    if (flags.has('i')) return inodes(rest, execution);
    const { machine, shell, out } = execution;
    const unit = flags.has('B') || flags.has('block-size') ? 1 : 1024;
    const show = (bytes: number): string =>
      flags.has('h') ? humanSize(bytes) : String(Math.round(bytes / unit));
    const sizes = flags.has('h')
      ? 'Size'
      : `${unit}${unit === 1024 && flags.has('P') ? '' : unit === 1 ? 'B' : 'K'}-blocks`;
    out(`Filesystem ${sizes} Used Available ${flags.has('P') ? 'Capacity' : 'Use%'} Mounted on\n`);
    const line = ({ device, path, size, used }: Machine['mounts'][number]): void => {
      const percent = Math.ceil((used / size) * 100);
      out(`${device} ${show(size)} ${show(used)} ${show(size - used)} ${percent}% ${path}\n`);
    };
    if (rest.length === 0) for (const mount of machine.mounts) line(mount);
    return forEach(
      rest,
      execution,
      (name) => `df: ${name}`,
      (name) => {
        machine.files.find(resolvePath(shell.cwd, name), execution.user);
        const mount = mountOf(machine, resolvePath(shell.cwd, name));
        if (mount) line(mount);
      },
    );
  },
};

/** A file system of type xfs makes inodes as it needs them: about one for each 2 KiB. */
function inodes(names: readonly string[], execution: Execution): number {
  const { machine, shell, out } = execution;
  out('Filesystem Inodes IUsed IFree IUse% Mounted on\n');
  const shown =
    names.length === 0
      ? machine.mounts
      : names.flatMap((name) => mountOf(machine, resolvePath(shell.cwd, name)) ?? []);
  for (const { device, path, size, used } of shown) {
    const [all, taken] = [Math.floor(size / 2048), Math.floor(used / 65_536)];
    out(`${device} ${all} ${taken} ${all - taken} ${Math.ceil((taken / all) * 100)}% ${path}\n`);
  }
  return 0;
}

function humanSize(bytes: number): string {
  const units = ['K', 'M', 'G', 'T'];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size < 10 ? Math.ceil(size * 10) / 10 : Math.ceil(size)}${units[unit]}`;
}
