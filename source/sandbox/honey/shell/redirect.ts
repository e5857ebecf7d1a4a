import { FileError, resolvePath } from '../fileSystem.ts';
import type { Execution, Sink } from './context.ts';
import { type Expander, expandToText } from './expand.ts';
import { type Redirect, ShellSyntaxError } from './syntax.ts';

/** What a command runs with once its redirections are done, from left to right. */
export async function redirect(
  redirects: readonly Redirect[],
  execution: Execution,
  expander: Expander,
): Promise<Execution> {
  const { machine, user, shell } = execution;
  let { input, out, err } = execution;
  for (const { fd, operator, target } of redirects) {
    const text = await expandToText(target, expander);
    const path = resolvePath(shell.cwd, text);
    if (operator === '<<') input = async () => Buffer.from(text);
    else if (operator === '<') {
      const bytes = named(text, () => machine.files.read(path, user), 'open');
      input = async () => bytes;
    } else {
      const sink =
        operator === '>&'
          ? text === '1'
            ? out
            : text === '2'
              ? err
              : () => {}
          : fileSink(operator, text, path, execution);
      if (fd === 1) out = sink;
      if (fd === 2) err = sink;
    }
  }
  return { ...execution, input, out, err };
}

function fileSink(
  operator: '>' | '>>',
  name: string,
  path: string,
  { machine, user, shell }: Execution,
): Sink {
  if (path === '/dev/null') return () => {};
  const isNew = !machine.files.exists(path);
  named(name, () => machine.files.write(path, Buffer.alloc(0), user, operator === '>>'), 'create');
  if (isNew) machine.files.find(path, user).mode = 0o666 & ~shell.mask;
  return (data) => machine.files.write(path, Buffer.from(data), user, true);
}

function named<T>(name: string, work: () => T, verb: 'open' | 'create'): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    const missing = thrown.fault === 'No such file or directory';
    const what = missing ? (verb === 'open' ? 'No such file' : 'Directory nonexistent') : thrown.fault;
    throw new ShellSyntaxError(`cannot ${verb} ${name}: ${what}`);
  }
}
