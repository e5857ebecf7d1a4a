import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { showJournal } from './cli/journal.ts';
import { asFailure } from './core/failure.ts';
import { openJournal } from './services/journal.ts';

/** Runs one command line (`argv` as in process.argv) and gives the exit status: 0 fine, 1 findings or failed, 2 could not run. */
export async function main(argv: readonly string[]): Promise<number> {
  const io = {
    stdout: (text: string) => void process.stdout.write(text),
    stderr: (text: string) => void process.stderr.write(text),
  };
  let status = 0;
  const program = new Command('huskycat-tui')
    .description('A terminal control plane for the HuskyCat build system')
    .version(process.env.HUSKYCAT_VERSION ?? 'unbuilt')
    .exitOverride();
  program
    .command('journal')
    .description('what was done, where, by which run, and how to undo it')
    .option('--json', 'one JSON object instead of text')
    .action(async (options: { json?: boolean }) => {
      const now = new Date().toISOString();
      status = await showJournal(openJournal(journalPath()), { json: options.json === true, now }, io);
    });
  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const failure = asFailure(thrown, 'run huskycat-tui');
    io.stderr(`${failure.message}\n${failure.next.map((step) => `  ${step}\n`).join('')}`);
    return 2;
  }
}

/** Where the XDG base directory specification puts a program's state; a relative XDG_STATE_HOME is ignored, as it says. */
function journalPath(): string {
  const given = process.env.XDG_STATE_HOME;
  const state = given?.startsWith('/') ? given : join(homedir(), '.local', 'state');
  return join(state, 'huskycat-tui', 'journal.jsonl');
}
