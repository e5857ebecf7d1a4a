import { NeedsUser, Unavailable } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import type { CommandResult } from '../../services/ssh/types.ts';
import { here, honeyShell } from '../engine/place.ts';
import { changeAway } from './away.ts';
import type { VerifyContext } from './model.ts';
import { listen, type Said } from './said.ts';

type Argv = readonly [string, ...string[]];

/** A folder of a machine in which commands are run. */
export interface Site {
  /** `this machine`, or the host's address. */
  readonly address: string;
  readonly folder: string;
  /** Runs what changes nothing. */
  read(argv: Argv): Promise<CommandResult>;
  /**
   * Runs what builds, one command after the other until one fails, all as one write of the gate: it was confirmed once, and goes
   * on when writes are locked again meanwhile. The output is shown as it comes. Gives what each did that was run, with the lines
   * that are wanted of what it said.
   */
  build(commands: readonly [Argv, ...Argv[]], wanted: RegExp): Promise<readonly [Built, ...Built[]]>;
}

export interface Built {
  readonly argv: Argv;
  readonly result: CommandResult;
  readonly said: Said;
  /** ISO 8601 UTC, when it ended. */
  readonly at: string;
}

/** Status of a shell for a program that it does not find. */
const notFound = 127;

/** The checkout here, or its folder on honey. Throws `NeedsUser` when that is not known. */
export async function openSite(context: VerifyContext): Promise<Site> {
  const { workspace, signal, timeout, onOutput } = context;
  const isHere = context.place === 'here';
  const folder = await folderOf(context);
  const place = isHere ? here(folder) : await honeyShell(workspace, signal);
  const there = (argv: Argv): Argv =>
    isHere ? argv : ['sh', '-c', 'cd "$1" && shift && "$@"', 'sh', folder, ...argv];
  const limits = { timeout: timeout * 1000, ...(signal ? { signal } : {}) };
  const found = (argv: Argv, result: CommandResult): CommandResult => {
    if (result.code !== notFound) return result;
    throw new Unavailable({
      tried: `run ${argv[0]} on ${place.address}`,
      saw: `${argv[0]} is not installed there, or not on PATH`,
      next: [`Install ${argv[0]} there, or run it elsewhere: --where`],
      code: 'no-program',
    });
  };
  return {
    address: place.address,
    folder,
    read: async (argv) => found(argv, await place.read(there(argv), limits)),
    build: (commands, wanted) =>
      workspace.gate.perform(
        {
          title: `Run ${commands.map(shellQuote).join(', then ')}`,
          effect: isHere ? 'local' : 'remote',
          target: isHere ? folder : `${place.address}:${folder}`,
          detail: JSON.stringify(commands),
          undo: { text: 'What it built stays in the store, the cache and the folder of the tool.' },
          perform: async (grant, given) => {
            const one = async (argv: Argv): Promise<Built> => {
              const { hear, said } = listen(wanted);
              const both = (text: string, stream: 'stdout' | 'stderr'): void => {
                hear(text, stream);
                onOutput(text, stream);
              };
              const options = { ...limits, signal: given, onOutput: both };
              const result = isHere
                ? await place.change(grant, argv, options)
                : await changeAway(place, grant, { folder, argv }, options);
              const at = new Date(workspace.now()).toISOString();
              return { argv, result: found(argv, result), said: said(), at };
            };
            const [first, ...rest] = commands;
            const built: [Built, ...Built[]] = [await one(first)];
            for (const argv of rest) {
              if (built.at(-1)?.result.code !== 0) break;
              built.push(await one(argv));
            }
            return built;
          },
          result: (built) => endOf(built.at(-1)?.result),
        },
        signal,
      ),
  };
}

async function folderOf({ workspace, place, folder, signal }: VerifyContext): Promise<string> {
  if (place === 'here') return (await workspace.openCheckout(signal)).root;
  if (folder?.startsWith('/')) return folder;
  const shell = await honeyShell(workspace, signal);
  if (shell.local && folder === undefined) return (await workspace.openCheckout(signal)).root;
  throw new NeedsUser({
    tried: `run a build on ${plain(shell.address)}`,
    saw:
      folder === undefined ? 'it is not known where the checkout is there' : 'its folder has to begin with /',
    next: ['Name the folder of the checkout on that host: --folder /PATH'],
    code: 'no-folder',
  });
}

/** `exit status 1`, `ended by SIGKILL`. */
export function endOf(result: Pick<CommandResult, 'code' | 'exitSignal'> | undefined): string {
  if (typeof result?.code === 'number') return `exit status ${result.code}`;
  return result?.exitSignal ? `ended by ${plain(result.exitSignal, 20)}` : 'no exit status';
}

/** The last line of what a command said, to show why it failed. */
export function lastLine({ stdout, stderr }: CommandResult): string {
  const last = (text: string): string => plain(text.trimEnd().split('\n').at(-1) ?? '', 300).trim();
  return last(stderr) || last(stdout);
}
