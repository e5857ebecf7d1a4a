import { NeedsUser, Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Grant } from '../../services/grant.ts';
import { runChanging, runReading } from '../../services/process/run.ts';
import type { CommandOptions, CommandResult, Shell } from '../../services/ssh/types.ts';
import type { Workspace } from '../../services/workspace.ts';

type Argv = readonly [string, ...string[]];

export interface PlaceOptions extends CommandOptions {
  /** Added to the environment; only on this machine. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where the commands of a plan run. */
export interface Place {
  /** `this machine`, or `user@host:port`. */
  readonly address: string;
  read(argv: Argv, options?: PlaceOptions): Promise<CommandResult>;
  change(grant: Grant, argv: Argv, options?: PlaceOptions): Promise<CommandResult>;
}

/** This machine, in a folder where one is given. */
export function here(cwd?: string): Place {
  const local = ({ environment, ...options }: PlaceOptions) => ({
    ...options,
    ...(environment ? { env: environment } : {}),
    ...(cwd === undefined ? {} : { cwd }),
  });
  return {
    address: 'this machine',
    read: (argv, options = {}) => runReading(argv, local(options)),
    change: (grant, argv, options = {}) => runChanging(grant, argv, local(options)),
  };
}

/** Honey, which must be the one that the plan was made for. */
export function onHoney(shell: Shell, planned: string | undefined): Place {
  if (planned !== undefined && planned !== shell.address)
    throw new Refused({
      tried: `run commands on ${plain(planned)}`,
      saw: `honey is now ${plain(shell.address)}`,
      next: ['Reach the host that the plan was made for (--honey), or plan again.'],
      code: 'other-host',
    });
  return shell;
}

/** A shell on honey. Throws `NeedsUser` when it is not configured, and what connecting throws. */
export async function honeyShell({ honey }: Workspace, signal?: AbortSignal): Promise<Shell> {
  if ('service' in honey) return honey.service.shell(signal);
  throw new NeedsUser({
    tried: 'run commands on honey',
    saw: 'no host is configured',
    next: [honey.off],
    code: 'no-honey',
  });
}
