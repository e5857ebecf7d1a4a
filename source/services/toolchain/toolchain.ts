import { NeedsUser } from '../../core/failure.ts';
import type { Tool } from '../../core/host/model.ts';
import { plain } from '../../core/text/safe.ts';
import { asPart } from '../part.ts';
import { type ProcessResult, runReading } from '../process/run.ts';
import { offline, type Program, programs } from './programs.ts';
import type { Toolchain } from './types.ts';
import { which } from './which.ts';

export interface ToolchainOptions {
  /** Where programs are looked for; this process's PATH when absent. */
  readonly path?: string;
  /** Milliseconds for each program; 5 s when absent. */
  readonly timeout?: number;
}

/** Looks which programs are here and asks each its version, all at once. */
export function createToolchain(options: ToolchainOptions = {}): Toolchain {
  const { path = process.env.PATH ?? '', timeout = 5_000 } = options;
  return {
    look: (signal) =>
      Promise.all(
        programs.map(async (program): Promise<Tool> => {
          const file = which(program.name, path);
          if (file === undefined) return { name: program.name };
          const version = await asPart(ask(program, file, timeout, signal), `run ${program.name}`);
          return { name: program.name, path: file, version };
        }),
      ),
  };
}

async function ask(
  program: Program,
  file: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const result = await runReading([file, ...program.arguments], {
    // Away from any project whose files (.bazelversion, .envrc, tools/bazel) could change what is run.
    cwd: '/',
    env: { ...offline, ...program.environment },
    timeout,
    maxBytes: 64 * 1024,
    ...(signal ? { signal } : {}),
  });
  if (result.code === 0) return versionOf(result);
  const [said = ''] = linesOf(result);
  throw new NeedsUser({
    tried: `run ${program.name} ${program.arguments.join(' ')}`,
    saw: plain(`ended with ${result.code ?? result.exitSignal}${said === '' ? '' : `: ${said}`}`, 200),
    next: [`Run ${program.name} ${program.arguments.join(' ')} by hand to see what it lacks.`],
    code: 'no-version',
  });
}

/** The first thing that looks like a version; else the first line, such as `bazel no_version` of a build without one. */
function versionOf(result: ProcessResult): string {
  const lines = linesOf(result);
  const found = lines
    .map((line) => /(?:^|[^\w.])v?(\d+\.\d+[\w.+~-]*)|_(\d+\.\d+\w*)/.exec(line))
    .find((match) => match !== null);
  return plain(found?.[1] ?? found?.[2] ?? lines[0] ?? 'unknown', 60);
}

function linesOf({ stdout, stderr }: ProcessResult): string[] {
  return `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 20);
}
