import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../../source/core/failure.ts';
import { createRedactor } from '../../source/core/text/redact.ts';
import type { Monitor, Snapshot } from '../../source/monitor/snapshot.ts';
import { createActivity } from '../../source/services/activity.ts';
import { createGate } from '../../source/services/gate.ts';
import { openJournal } from '../../source/services/journal.ts';
import type { Workspace } from '../../source/services/workspace.ts';

export interface FakeMonitor extends Monitor {
  /** Shows another snapshot, or the same with other parts. */
  show(change: Partial<Snapshot>): void;
  /** What was asked for by `refresh`, in order. */
  readonly refreshed: (readonly string[] | 'all')[];
  /** The interest that was set last. */
  interest(): readonly string[];
}

/** A monitor that shows what it is given. */
export function fakeMonitor(first: Snapshot): FakeMonitor {
  let current = first;
  let interest: readonly string[] = [];
  const listeners = new Set<() => void>();
  const refreshed: (readonly string[] | 'all')[] = [];
  return {
    refreshed,
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(sources) {
      interest = [...sources];
    },
    setInterest(sources) {
      interest = [...sources];
    },
    refresh(sources) {
      refreshed.push(sources ?? 'all');
      return Promise.resolve();
    },
    lookAt() {},
    stop() {},
    show(change) {
      current = { ...current, ...change };
      for (const listener of listeners) listener();
    },
    interest: () => interest,
  };
}

export interface FakeWorkspaceOptions {
  readonly now?: () => number;
  readonly readOnly?: boolean;
  readonly isSandbox?: boolean;
  readonly journal?: string;
  readonly secrets?: readonly string[];
}

/** A workspace whose gate, activity and journal are real, and that reaches nothing outside. */
export function fakeWorkspace(options: FakeWorkspaceOptions = {}): Workspace {
  const now = options.now ?? Date.now;
  const redactor = createRedactor();
  for (const secret of options.secrets ?? []) redactor.add(secret);
  const { redact } = redactor;
  const activity = createActivity({ now, redact });
  // Of its own: what one test writes is not in the journal of another.
  const journal = openJournal(
    options.journal ?? join(tmpdir(), `huskycat-tui-no-journal-${randomUUID()}`, 'journal.jsonl'),
  );
  const nothing = (): Promise<never> =>
    Promise.reject(
      new Unavailable({ tried: 'look', saw: 'nothing is there', next: ['Wait.'], code: 'nothing' }),
    );
  const off = { off: 'not configured in this test' };
  return {
    profile: 'default',
    isSandbox: options.isSandbox ?? false,
    openCheckout: nothing,
    gitlab: off,
    attic: off,
    bazelRemote: off,
    honey: off,
    registry: { tags: nothing, resolve: nothing },
    toolchain: { look: nothing },
    gate: createGate({ journal, activity, redact, now, readOnly: options.readOnly ?? false, run: 'test' }),
    journal,
    activity,
    redact,
    now,
  };
}
