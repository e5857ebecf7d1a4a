import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalEntry } from '../core/change.ts';
import { NeedsUser } from '../core/failure.ts';
import { systemRefusal } from '../core/systemRefusal.ts';
import { plain } from '../core/text/safe.ts';

/** The append-only record of every write: a line of JSON each, on disk before the write is sent. */
export interface Journal {
  readonly path: string;
  /** Appends and flushes to disk; resolves when a power cut would no longer lose it. Throws `NeedsUser` where the disk refuses. */
  append(entry: JournalEntry): Promise<void>;
  /** All entries, oldest first. A line that a crash cut short is left out and counted. */
  read(): Promise<{ readonly entries: readonly JournalEntry[]; readonly damaged: number }>;
}

/** Opens the journal at `path`; the file (0600) comes with the first entry. */
export function openJournal(path: string): Journal {
  let tail: Promise<void> = Promise.resolve();
  return {
    path,
    append(entry) {
      const mine = tail
        .then(() => appendLine(path, `${JSON.stringify(entry)}\n`))
        .catch((thrown: unknown) => {
          throw unwritable(path, thrown);
        });
      tail = mine.catch(() => {});
      return mine;
    },
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return parseJournal(text);
    },
  };
}

function parseJournal(text: string): { entries: JournalEntry[]; damaged: number } {
  const entries: JournalEntry[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if (entry) entries.push(entry);
    else damaged += 1;
  }
  return { entries, damaged };
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const known =
      typeof value === 'object' && value !== null && 'id' in value && 'state' in value && 'write' in value;
    return known ? (value as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const torn = size > 0 && last[0] !== 0x0a;
    await file.appendFile(torn ? `\n${line}` : line);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unwritable(path: string, cause: unknown): unknown {
  const refused = systemRefusal(cause);
  if (!refused) return cause;
  return new NeedsUser({
    tried: `write the journal ${plain(path)}`,
    saw: refused.saw,
    next: [
      'Every write is journaled first: without it nothing is written.',
      'Make the folder writable for yourself, or name another with XDG_STATE_HOME.',
    ],
    code: 'journal-unwritable',
    cause,
  });
}
