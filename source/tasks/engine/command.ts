import { Bug, Refused } from '../../core/failure.ts';
import type { Command, Given, RunCommand } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import type { Secret } from '../../core/secret.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import { fingerprint } from '../../services/files/write.ts';
import type { Grant } from '../../services/grant.ts';
import type { CommandResult } from '../../services/ssh/types.ts';
import type { Executor, Look, OnOutput } from './executor.ts';
import type { Place } from './place.ts';

const defaultTimeout = 60;

/** A command: whether it is needed is what its `unless` says, how it is taken back stands in its `undo`. */
export function command(action: RunCommand, place: Place, secrets: ReadonlyMap<string, Secret>): Executor {
  const timeout = (action.timeout ?? defaultTimeout) * 1000;
  const revealed = (given: Given): string => {
    if ('text' in given) return given.text;
    const secret = secrets.get(given.secret);
    if (secret) return secret.reveal();
    throw new Bug({
      tried: `hand over the secret ${plain(given.secret)}`,
      saw: 'the plan does not list it among its secrets',
      next: ['Plan again; report this when it comes back.'],
      code: 'no-secret',
    });
  };
  const run = async (
    grant: Grant,
    { argv, input }: Command,
    onOutput: OnOutput,
    signal: AbortSignal | undefined,
  ): Promise<CommandResult> => {
    const environment = Object.entries(action.environment ?? {});
    return place.change(grant, argv, {
      timeout,
      onOutput,
      environment: Object.fromEntries(environment.map(([name, given]) => [name, revealed(given)])),
      ...(input ? { input: revealed(input) } : {}),
      ...(signal ? { signal } : {}),
    });
  };
  const runAll = async (
    grant: Grant,
    commands: readonly Command[],
    onOutput: OnOutput,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    for (const one of commands) {
      const result = await run(grant, one, onOutput, signal);
      if (result.code !== 0) throw failed(one, place.address, result);
    }
  };
  const { unless, state } = action;
  return {
    undoesHalf: true,
    async look(signal): Promise<Look> {
      if (!unless) return { state: 'unknown', saw: 'it may be run at any time' };
      const result = await place.read(unless, { timeout, ...(signal ? { signal } : {}) });
      const said = lastLine(result);
      if (result.code === 0) return { state: 'after', saw: said || 'it is already so' };
      if (result.code === 1) return { state: 'before', saw: said || 'it is not so yet' };
      return { state: 'neither', saw: said || `${shellQuote(unless)} ended with ${endOf(result)}` };
    },
    ...(state
      ? {
          current: async (signal: AbortSignal) => {
            const { stdout, code } = await place.read(state, { timeout, signal });
            return fingerprint(`${code}\n${stdout}`);
          },
        }
      : {}),
    preview: () => Promise.resolve(previewOf(action)),
    remember: () => Promise.resolve({}),
    async apply(grant, onOutput, signal) {
      const result = await run(grant, action, onOutput, signal);
      if (result.code === 0) return lastLine(result) || 'exit 0';
      await runAll(grant, action.cleanup ?? [], onOutput, signal);
      throw failed(action, place.address, result);
    },
    async undo(grant, _memory, onOutput, signal) {
      await runAll(grant, action.undo ?? [], onOutput, signal);
      return action.undo && action.undo.length > 0 ? 'taken back' : 'nothing is to be taken back';
    },
  };
}

function failed({ argv }: Command, address: string, result: CommandResult): Refused {
  const said = lastLine(result);
  return new Refused({
    tried: `run ${plain(shellQuote(argv), 300)} on ${address}`,
    saw: `${endOf(result)}${said ? `: ${said}` : ''}`,
    next: ['Mend what it says, then resume; or undo.'],
    code: 'command-failed',
  });
}

function endOf({ code, exitSignal }: CommandResult): string {
  return code === null ? `signal ${exitSignal ?? 'unknown'}` : `exit status ${code}`;
}

/** The last line that says something, not where help is: of the errors, else of the output. */
function lastLine({ stdout, stderr }: CommandResult): string {
  const says = (line: string): boolean => line.trim() !== '' && !/^(?:See|Run) '.+ --help'/.test(line);
  const last = (text: string): string => plain(text.split('\n').findLast(says) ?? '', 300).trim();
  return last(stderr) || last(stdout);
}
