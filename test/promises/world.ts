import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRedactor } from '../../source/core/text/redact.ts';
import { createActivity } from '../../source/services/activity.ts';
import { createGate } from '../../source/services/gate.ts';
import { openJournal } from '../../source/services/journal.ts';

/** A gate over a real journal in a directory of its own, with a clock that the test moves. */
export function openWorld(options: { readOnly?: boolean; secrets?: readonly string[] } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-tui-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = { now: Date.UTC(2026, 0, 1) };
  const now = () => clock.now;
  const redactor = createRedactor();
  for (const secret of options.secrets ?? []) redactor.add(secret);
  const redact = redactor.redact;
  const activity = createActivity({ now, redact });
  const journal = openJournal(join(directory, 'state', 'journal.jsonl'));
  const gate = createGate({
    journal,
    activity,
    redact,
    now,
    readOnly: options.readOnly ?? false,
    run: 'test',
  });
  return { directory, clock, activity, journal, gate };
}
