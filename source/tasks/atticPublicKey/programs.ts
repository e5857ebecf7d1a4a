import { runReading } from '../../services/process/run.ts';
import type { CommandResult } from '../../services/ssh/types.ts';
import type { Planning } from '../task.ts';

type Argv = readonly [string, ...string[]];

/** Where a program of this machine is; undefined when it is not there. */
export async function findProgram(
  { workspace, known, signal }: Pick<Planning, 'workspace' | 'known' | 'signal'>,
  name: string,
): Promise<string | undefined> {
  const tools = known.tools.value ?? (await workspace.toolchain.look(signal).catch(() => []));
  return tools.find((tool) => tool.name === name)?.path;
}

/** Runs a program that changes nothing; undefined when it does not end well. */
export async function outputOf(argv: Argv, signal?: AbortSignal): Promise<CommandResult | undefined> {
  const ended = runReading(argv, { cwd: '/', timeout: 20_000, ...(signal ? { signal } : {}) });
  const result = await ended.catch(() => undefined);
  signal?.throwIfAborted();
  return result?.code === 0 ? result : undefined;
}
