import { createHash } from 'node:crypto';
import { FileError, resolvePath, superuser } from '../fileSystem.ts';
import type { Execution, Program } from '../shell/context.ts';
import { readOptions } from './options.ts';

/** Programs that move files, and turn bytes into text. */
export const bytePrograms: Readonly<Record<string, Program>> = {
  base64: async (args, execution) => {
    const { flags, values, rest } = readOptions(args, ['w', 'wrap']);
    const bytes = await bytesOf(rest, execution);
    if (flags.has('d') || flags.has('decode')) {
      execution.out(Buffer.from(bytes.toString('utf8'), 'base64'));
      return 0;
    }
    const width = Number(values.get('w') ?? values.get('wrap') ?? 76);
    const text = bytes.toString('base64');
    const lines = width === 0 ? [text] : (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
    execution.out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  },
  sha256sum: async (args, execution) => {
    const { rest } = readOptions(args);
    const hash = createHash('sha256')
      .update(await bytesOf(rest, execution))
      .digest('hex');
    execution.out(`${hash}  ${rest[0] ?? '-'}\n`);
    return 0;
  },
  mv: (args, execution) => {
    const { machine, shell, user, err } = execution;
    const { rest } = readOptions(args);
    const [from = '', to = ''] = rest.map((name) => resolvePath(shell.cwd, name));
    try {
      const node = machine.files.find(from, user);
      if (node.kind === 'directory') throw new FileError('Is a directory');
      const content = machine.files.read(from, superuser);
      machine.files.remove(from, user);
      if (machine.files.exists(to)) machine.files.remove(to, user);
      machine.files.write(to, content, user);
      const { mode, uid, gid } = node;
      Object.assign(machine.files.find(to, superuser), { mode, uid, gid });
      return 0;
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      err(`mv: cannot move '${rest[0]}' to '${rest[1]}': ${thrown.fault}\n`);
      return 1;
    }
  },
};

/** Of the named file, or of the input. */
async function bytesOf(
  [name]: readonly string[],
  { machine, shell, user, input }: Execution,
): Promise<Buffer> {
  return name === undefined ? input() : machine.files.read(resolvePath(shell.cwd, name), user);
}
