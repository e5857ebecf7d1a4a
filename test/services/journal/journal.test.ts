import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JournalEntry } from '../../../source/core/change.ts';
import { openJournal } from '../../../source/services/journal.ts';

const entry: JournalEntry = {
  at: '2026-11-23T01:02:03.000Z',
  run: 'r',
  id: 'i',
  state: 'intent',
  write: { title: 't', effect: 'local', target: 'f', detail: 'd', undo: 'irreversible' },
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'huskycat-journal-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test.skipIf(process.platform !== 'linux')(
  'a journal on a full disk says so and what to do, and the next entry is tried anew',
  async () => {
    const journal = openJournal('/dev/full');
    const refused = {
      kind: 'needs-user',
      code: 'journal-unwritable',
      saw: expect.stringContaining('ENOSPC'),
    };
    await expect(journal.append(entry)).rejects.toMatchObject(refused);
    await expect(journal.append(entry)).rejects.toMatchObject(refused);
  },
);

test('an entry after one that the disk refused is written', async () => {
  const inTheWay = join(folder(), 'state');
  const path = join(inTheWay, 'journal.jsonl');
  writeFileSync(inTheWay, '');
  const journal = openJournal(path);
  await expect(journal.append(entry)).rejects.toThrow();
  rmSync(inTheWay);
  await journal.append(entry);
  expect((await journal.read()).entries).toEqual([entry]);
});

test('entries that come together are kept in their order', async () => {
  const journal = openJournal(join(folder(), 'journal.jsonl'));
  const ids = Array.from({ length: 50 }, (_, index) => String(index));
  await Promise.all(ids.map((id) => journal.append({ ...entry, id })));
  expect((await journal.read()).entries.map(({ id }) => id)).toEqual(ids);
});

test('a line that was cut short is counted, and the entry after it is whole', async () => {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(path, '{"id": "cut');
  const journal = openJournal(path);
  await journal.append(entry);
  expect(await journal.read()).toEqual({ entries: [entry], damaged: 1 });
});
