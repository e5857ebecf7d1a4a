import type { JournalEntry } from '../core/change.ts';
import type { Journal } from '../services/journal.ts';
import type { Io } from './io.ts';
import { printable } from './text.ts';

export interface JournalOptions {
  readonly json: boolean;
  /** ISO 8601 UTC, when it was asked. */
  readonly now: string;
}

/** Prints every write, oldest first, with its last known state and how to undo it. Gives the exit status. */
export async function showJournal(journal: Journal, options: JournalOptions, io: Io): Promise<number> {
  const { entries, damaged } = await journal.read();
  if (options.json) {
    const answer = { schema: 'huskycat-tui/journal@1', at: options.now, entries, damaged };
    io.stdout(`${JSON.stringify(answer)}\n`);
    return 0;
  }
  const writes = latest(entries);
  io.stdout(writes.length === 0 ? `No write yet (${journal.path}).\n` : writes.map(line).join(''));
  if (damaged > 0) io.stderr(`${damaged} damaged lines were left out; see ${journal.path}.\n`);
  return 0;
}

/** The last entry of each write; an intent without a result was interrupted. */
function latest(entries: readonly JournalEntry[]): JournalEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

function line({ at, run, state, write, result }: JournalEntry): string {
  const word = state === 'intent' ? 'interrupted' : state;
  const undo = write.undo === 'irreversible' ? write.undo : (write.undo.command ?? write.undo.text);
  const outcome = result === undefined ? '' : `: ${result}`;
  return `${printable(`${at}  ${run}  ${word}  ${write.title} → ${write.target}${outcome}`)}\n    undo: ${printable(undo)}\n`;
}
