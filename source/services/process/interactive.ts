import { spawn } from 'node:child_process';
import { NeedsUser } from '../../core/failure.ts';

/**
 * Runs a program of the user's that takes the terminal over, such as an editor, until it ends; gives its exit status. The
 * screen must have let go of the terminal before. What is changed in it is changed by the user.
 */
export function runInteractive(argv: readonly [string, ...string[]], cwd: string): Promise<number | null> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit' });
    child.on('error', (cause) =>
      reject(
        new NeedsUser({
          tried: `run ${program}`,
          saw: cause.message,
          next: ['Set VISUAL or EDITOR to an editor that is on PATH.'],
          code: 'no-program',
          cause,
        }),
      ),
    );
    child.on('close', resolve);
  });
}
