import { spawnSync } from 'node:child_process';

/**
 * The script that starts a real server, as the environment names it: `needs('atticd', 'HUSKYCAT_TEST_ATTIC')`. Undefined, with a
 * word to the reader, when there is none: skip then. With HUSKYCAT_TEST_REQUIRE set that is an error.
 */
export function needs(name: string, env: string): string | undefined {
  return process.env[env] || missing(`no ${name}: ${env} names no script`);
}

/** The path of a program; undefined, or an error, as for `needs`. */
export function needsProgram(name: string): string | undefined {
  return pathOf(name) ?? missing(`${name} is not on PATH`);
}

/** As `needs`, for what no package registry has: never an error. */
export function wants(name: string, env: string): string | undefined {
  const named = process.env[env] || undefined;
  if (!named) process.stderr.write(`skipped: no ${name}: ${env} names none\n`);
  return named;
}

/** The path of a program that is not asked for where it is missing. */
export function wantsProgram(name: string): string | undefined {
  const found = pathOf(name);
  if (!found) process.stderr.write(`skipped: ${name} is not on PATH\n`);
  return found;
}

function pathOf(name: string): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
  return stdout.trim() || undefined;
}

function missing(what: string): undefined {
  if (process.env.HUSKYCAT_TEST_REQUIRE) throw new Error(`${what}, and HUSKYCAT_TEST_REQUIRE is set`);
  process.stderr.write(`skipped: ${what}\n`);
  return undefined;
}
