import { randomUUID } from 'node:crypto';
import type { Effect, JournalEntry, WriteDescription } from '../core/change.ts';
import { asFailure, isAbort, Refused } from '../core/failure.ts';
import type { Activity } from './activity.ts';
import { type Grant, openGrant } from './grant.ts';
import type { Journal } from './journal.ts';

/** A write as a value: what it will do, what it must find, and the doing itself. */
export interface Write<T> extends WriteDescription {
  /** Reads the target's fingerprint again; when it is not `before`, the write is refused as stale. */
  readonly current?: (signal: AbortSignal) => Promise<string>;
  /** Task and step that it belongs to, for the journal. */
  readonly task?: string;
  readonly step?: string;
  readonly taskRun?: string;
  readonly isUndo?: boolean;
  readonly perform: (grant: Grant, signal: AbortSignal) => Promise<T>;
  /** One line for the journal, from what was performed. */
  readonly result?: (value: T) => string;
}

export type Armed =
  /** `goesOn`: a run that was confirmed before still writes. */
  | { readonly state: 'read-only'; readonly locked: boolean; readonly goesOn?: true }
  | { readonly state: 'armed' /** Milliseconds since the epoch. */; readonly until: number };

/** The one door for writes. Nothing that changes anything outside the program happens but through `perform`. */
export interface Gate {
  armed(): Armed;
  /** Opens the door for ten minutes, or for `milliseconds`; refused when started with --read-only. */
  arm(milliseconds?: number): Armed;
  /** Locks writes at once, also those of runs that were confirmed. */
  disarm(): void;
  /**
   * Lets the writes of one run of a task, all of which the user has just confirmed, go on beyond the ten minutes: some wait for
   * hours between two steps. Gives what ends it. Throws `Refused` when writes are not armed now.
   */
  confirm(taskRun: string): () => void;
  /** Why a write of this reach would be refused now; undefined when it would not. */
  refusal(effect: Effect): string | undefined;
  /** Journals the intent, performs, journals the result. Throws `Refused` when read-only or stale. */
  perform<T>(write: Write<T>, signal?: AbortSignal): Promise<T>;
  subscribe(listener: () => void): () => void;
}

export interface GateOptions {
  readonly journal: Journal;
  readonly activity: Activity;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  /** Cannot be armed. */
  readonly readOnly: boolean;
  /** Names this run of the program in the journal. */
  readonly run: string;
}

const tenMinutes = 10 * 60 * 1000;

export function createGate({ journal, activity, redact, now, readOnly, run }: GateOptions): Gate {
  let until = 0;
  let timer: NodeJS.Timeout | undefined;
  const confirmed = new Set<string>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const armed = (): Armed =>
    now() < until
      ? { state: 'armed', until }
      : { state: 'read-only', locked: readOnly, ...(confirmed.size > 0 ? { goesOn: true } : {}) };

  const refusal = (effect: Effect): string | undefined => {
    if (effect === 'own' || armed().state === 'armed') return undefined;
    return readOnly
      ? 'started with --read-only: writes cannot be armed'
      : 'read-only: press a to arm writes for ten minutes';
  };

  const requireArmed = (tried: string, effect: Effect): void => {
    const saw = refusal(effect);
    if (saw !== undefined) throw new Refused({ tried, saw, next: [nextStep(readOnly)], code: 'read-only' });
  };

  const perform = async <T>(
    write: Write<T>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<T> => {
    const description = describe(write, redact);
    const id = randomUUID();
    const record = (state: JournalEntry['state'], result?: string): Promise<void> =>
      write.effect === 'own'
        ? Promise.resolve()
        : journal.append({
            at: new Date(now()).toISOString(),
            run,
            id,
            state,
            write: description,
            ...(result === undefined ? {} : { result: redact(result) }),
            ...(write.task === undefined ? {} : { task: write.task }),
            ...(write.step === undefined ? {} : { step: write.step }),
            ...(write.taskRun === undefined ? {} : { taskRun: write.taskRun }),
            ...(write.isUndo === undefined ? {} : { isUndo: write.isUndo }),
          });

    signal.throwIfAborted();
    const isConfirmed = write.taskRun !== undefined && confirmed.has(write.taskRun);
    if (!isConfirmed) requireArmed(description.title, write.effect);
    if (write.current && write.before !== undefined) {
      const found = await write.current(signal);
      if (found !== write.before) throw stale(description, found);
    }
    const shown =
      write.effect === 'own'
        ? undefined
        : activity.begin('write', `${description.title} → ${description.target}`);
    let grant: Grant | undefined;
    try {
      await record('intent');
      signal.throwIfAborted();
      grant = openGrant(description.title);
      const value = await write.perform(grant, signal);
      const result = write.result?.(value) ?? 'done';
      await record('done', result);
      shown?.end(result);
      return value;
    } catch (thrown) {
      const saw = isAbort(thrown)
        ? 'stopped before it was known to have finished'
        : asFailure(thrown, description.title).message;
      shown?.end(saw, true);
      await record('failed', saw);
      throw thrown;
    } finally {
      grant?.close();
    }
  };

  return {
    armed,
    arm(milliseconds = tenMinutes) {
      if (readOnly)
        throw new Refused({
          tried: 'arm writes',
          saw: 'started with --read-only',
          next: [nextStep(true)],
          code: 'read-only',
        });
      until = now() + milliseconds;
      clearTimeout(timer);
      timer = setTimeout(changed, milliseconds);
      timer.unref();
      changed();
      return armed();
    },
    disarm() {
      until = 0;
      confirmed.clear();
      clearTimeout(timer);
      changed();
    },
    confirm(taskRun) {
      requireArmed('carry out a plan', 'local');
      confirmed.add(taskRun);
      changed();
      return () => {
        confirmed.delete(taskRun);
        changed();
      };
    },
    refusal,
    perform,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function describe(write: WriteDescription, redact: (text: string) => string): WriteDescription {
  const undo = write.undo === 'irreversible' ? write.undo : redacted(write.undo, redact);
  return {
    title: redact(write.title),
    effect: write.effect,
    target: redact(write.target),
    detail: redact(write.detail),
    undo,
    ...(write.before === undefined ? {} : { before: write.before }),
    ...(write.after === undefined ? {} : { after: write.after }),
  };
}

function redacted(undo: { text: string; command?: string }, redact: (text: string) => string) {
  return {
    text: redact(undo.text),
    ...(undo.command === undefined ? {} : { command: redact(undo.command) }),
  };
}

function stale(write: WriteDescription, found: string): Refused {
  return new Refused({
    tried: `${write.title} (${write.target})`,
    saw: `plan is stale: it was made for ${write.before}, now there is ${found}`,
    next: ['Look at what changed, then plan again.'],
    code: 'stale',
  });
}

function nextStep(readOnly: boolean): string {
  return readOnly
    ? 'Start again without --read-only to change anything.'
    : 'Press a to arm writes, or pass --yes on the command line.';
}
