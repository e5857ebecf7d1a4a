import { asFailure, isAbort } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import type { Activity } from '../activity.ts';
import type { Gate } from '../gate.ts';
import { resolveTarget, type Target, type TargetOptions } from './configuration.ts';
import { connect } from './connect.ts';
import { addressOf } from './connectFailure.ts';
import { ChannelRefused, execute } from './execute.ts';
import { createLimiter } from './limiter.ts';
import { changeHere, readHere } from './localShell.ts';
import { createSession } from './session.ts';
import { isThisMachine } from './thisMachine.ts';
import type { CommandOptions, CommandResult, HostKeyAnswer, Notice, Shell, UnknownHostKey } from './types.ts';

export interface ShellOptions extends TargetOptions {
  /** Through which an accepted host key is saved. */
  readonly gate: Gate;
  /** Decides about a host key that known_hosts does not have; without it such a host is not connected to. */
  readonly ask?: (key: UnknownHostKey, signal?: AbortSignal) => Promise<HostKeyAnswer>;
  /** Banners, pages to visit before the login goes on, questions of the server, warnings. */
  readonly onNotice?: (notice: Notice) => void;
  readonly activity: Activity;
}

type Argv = readonly [string, ...string[]];

/** sshd allows ten sessions on a connection unless told otherwise (MaxSessions); some are left to others. */
const channels = 8;

/**
 * Connects to a host as the user's own ssh configuration says, checks its key, and gives a shell on it; on this machine
 * itself, without SSH. Throws `NeedsUser`, `Refused` or `Unavailable` with the next step.
 */
export async function openShell(options: ShellOptions): Promise<Shell> {
  const target = await resolveTarget(options);
  if (await isThisMachine(target)) return localShell(target, options);
  const session = openSession(target, options);
  const limiter = createLimiter(channels);
  const run = async (argv: Argv, given: CommandOptions): Promise<CommandResult> => {
    const title = titleOf(argv);
    const command = shellQuote(argv);
    const once = async (): Promise<CommandResult | 'again'> => {
      const connection = await session.get(given.signal);
      const others = limiter.running() - 1;
      try {
        return await execute(connection, command, { destination: target.destination, title }, given);
      } catch (thrown) {
        if (!(thrown instanceof ChannelRefused) || others === 0) throw thrown;
        limiter.lower(others);
        return 'again';
      }
    };
    for (;;) {
      const result = await limiter.run(given.signal, once);
      if (result !== 'again') return result;
    }
  };
  await session.get(options.signal);
  return shellOf(target, false, options, {
    read: run,
    change: (_grant, argv, given) => run(argv, given),
    close: session.close,
  });
}

function openSession(target: Target, { gate, ask, onNotice, activity, identityFile }: ShellOptions) {
  const trusted = new Set<string>();
  return createSession(target.destination, async (signal) => {
    const shown = activity.begin('ssh', `connect to ${addressOf(target)}`);
    try {
      const connection = await connect(target, {
        gate,
        ask,
        onNotice: onNotice ?? (() => {}),
        trusted,
        signal,
        ...(identityFile === undefined ? {} : { identityFile }),
      });
      shown.end('connected');
      return connection;
    } catch (thrown) {
      shown.end(saidOf(thrown, 'connect'), true);
      throw thrown;
    }
  });
}

function localShell(target: Target, options: ShellOptions): Shell {
  return shellOf(target, true, options, { read: readHere, change: changeHere, close: () => {} });
}

interface Runner {
  read(argv: Argv, options: CommandOptions): Promise<CommandResult>;
  change(grant: Parameters<Shell['change']>[0], argv: Argv, options: CommandOptions): Promise<CommandResult>;
  close(): void;
}

function shellOf(target: Target, local: boolean, { activity }: ShellOptions, runner: Runner): Shell {
  const shown = async (argv: Argv, running: () => Promise<CommandResult>): Promise<CommandResult> => {
    const event = activity.begin('ssh', `${target.destination}: ${titleOf(argv)}`);
    try {
      const result = await running();
      const end = result.exitSignal === null ? `exit ${result.code ?? 'unknown'}` : result.exitSignal;
      event.end(result.cut ? `${end}, output cut` : end, result.code !== 0);
      return result;
    } catch (thrown) {
      event.end(saidOf(thrown, 'run'), true);
      throw thrown;
    }
  };
  return {
    destination: target.destination,
    local,
    address: addressOf(target),
    read: (argv, given = {}) => shown(argv, () => runner.read(argv, given)),
    async change(grant, argv, given = {}) {
      grant.check(`run ${titleOf(argv)} on ${target.destination}`);
      return shown(argv, () => runner.change(grant, argv, given));
    },
    close: () => runner.close(),
  };
}

/** One line: of a script only its first, which is its comment. */
function titleOf(argv: Argv): string {
  const [first = '', ...more] = shellQuote(argv).split('\n');
  return plain(more.length > 0 ? `${first} …` : first, 160);
}

function saidOf(thrown: unknown, tried: string): string {
  return isAbort(thrown) ? 'stopped' : asFailure(thrown, tried).saw;
}
