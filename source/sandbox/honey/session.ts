import type { Execution, Machine, ShellState, Streams } from './shell/context.ts';
import { operator } from './world.ts';

/** A new login shell of the operator. */
export function loginShell(): ShellState {
  const variables = new Map([
    ['HOME', operator.home],
    ['USER', operator.name],
    ['LOGNAME', operator.name],
    ['SHELL', '/bin/sh'],
    ['PATH', '/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin'],
    ['LANG', 'C.UTF-8'],
    ['PWD', operator.home],
  ]);
  return {
    cwd: operator.home,
    status: 0,
    variables,
    exported: new Set(variables.keys()),
    functions: new Map(),
    depth: 0,
    mask: 0o022,
    arguments: ['sh'],
  };
}

/** What a command of the operator runs with. */
export function executionOf(
  machine: Machine,
  shell: ShellState,
  streams: Streams,
  signal: AbortSignal,
): Execution {
  const base = { machine, shell, signal, user: operator, ...streams };
  return withRun(base);
}

/** Every program gets a way to run others that starts from what it was given itself. */
function withRun(given: Omit<Execution, 'run'>): Execution {
  const execution: Execution = {
    ...given,
    run: async (argv, change = {}) => {
      const [name = '', ...args] = argv;
      const child = withRun({ ...execution, ...change });
      const program = child.machine.programs.get(name.replace(/^(?:\/usr)?\/s?bin\//, ''));
      if (program) return program(args, child);
      const isPath = name.includes('/');
      child.err(`sh: line 1: ${name}: ${isPath ? 'No such file or directory' : 'command not found'}\n`);
      return 127;
    },
  };
  return execution;
}
