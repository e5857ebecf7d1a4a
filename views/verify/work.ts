import { type FailureView, viewFailure } from '../../source/core/datum.ts';
import { asFailure, isAbort } from '../../source/core/failure.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import type { VerifyResult } from '../../source/tasks/verification/model.ts';
import { runVerification } from '../../source/tasks/verification/run.ts';
import type { Host } from '../host.ts';
import { createStore, type Store } from '../state/store.ts';
import type { VerifyRow } from './rows.ts';

/** Where one row stands. */
export interface RowState {
  readonly state: 'waiting' | 'running' | 'ended' | 'stopped';
  readonly result?: VerifyResult | undefined;
  readonly failure?: FailureView | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt?: number;
  /** Seconds that it took. */
  readonly took?: number | undefined;
  /** What it printed; absent while it has printed nothing. */
  readonly output?: TraceLog | undefined;
}

export interface VerifyState {
  readonly rows: Readonly<Record<string, RowState>>;
  /** Key of the row that is worked on. */
  readonly current?: string | undefined;
  /** Grows with the output. */
  readonly version: number;
  /** Folder of the checkout on honey, as it was given last. */
  readonly folder?: string;
}

/** The verifications of a workspace; they outlive their screen, since a build goes on when the screen is left. */
export interface Work {
  readonly store: Store<VerifyState>;
  abort: AbortController;
}

/** Seconds that one command or job may take. */
const longest = 3 * 3_600;
/** The screen is drawn again at most so often for what is printed, in milliseconds. */
const pace = 200;

const works = new WeakMap<Workspace, Work>();

export function workOf({ workspace }: Pick<Host, 'workspace'>): Work {
  const known = works.get(workspace);
  if (known) return known;
  const made: Work = {
    store: createStore<VerifyState>({ rows: {}, version: 0 }),
    abort: new AbortController(),
  };
  works.set(workspace, made);
  return made;
}

/** Looks at rows one after the other; what cannot be looked at says why. Does nothing while another one is worked on. */
export async function look(host: Host, work: Work, rows: readonly VerifyRow[]): Promise<void> {
  const { store } = work;
  if (store.get().current !== undefined || rows.length === 0) return;
  work.abort = new AbortController();
  const { signal } = work.abort;
  setRows(store, rows, { state: 'waiting' });
  store.set({ current: rows[0]?.key });
  try {
    await host.monitor.refresh(['checkout', 'project', 'signingJobs']);
    for (const row of rows) if (!signal.aborted) await carryOut(host, work, row, false);
  } finally {
    store.set(({ rows: all }) => ({ current: undefined, rows: withoutWaiting(all) }));
  }
}

/** Builds, or runs the job again, as a write of the gate. */
export async function run(host: Host, work: Work, row: VerifyRow): Promise<void> {
  if (work.store.get().current !== undefined) return;
  work.abort = new AbortController();
  work.store.set({ current: row.key });
  try {
    await host.monitor.refresh(['checkout', 'project']);
    await carryOut(host, work, row, true);
  } finally {
    work.store.set({ current: undefined });
  }
}

async function carryOut(host: Host, { store, abort }: Work, row: VerifyRow, isAgain: boolean): Promise<void> {
  const { workspace, monitor } = host;
  const { folder } = store.get();
  const { key, verification, place } = row;
  const startedAt = workspace.now();
  const output = new TraceLog();
  const set = (change: Partial<RowState>): void =>
    store.set(({ rows, version }) => ({
      version: version + 1,
      rows: { ...rows, [key]: { ...(rows[key] ?? { state: 'running' }), ...change } },
    }));
  const took = (): number => (workspace.now() - startedAt) / 1_000;
  let timer: NodeJS.Timeout | undefined;
  store.set({ current: key });
  set({ state: 'running', startedAt, output: undefined, failure: undefined, took: undefined });
  try {
    const events = runVerification(verification, {
      workspace,
      known: { ...monitor.snapshot(), now: new Date(startedAt).toISOString() },
      place,
      timeout: longest,
      isAgain,
      signal: abort.signal,
      ...(folder === undefined ? {} : { folder }),
    });
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      if (next.value.state !== 'output') continue;
      output.append(Buffer.from(next.value.text));
      timer ??= setTimeout(() => {
        timer = undefined;
        set({ output });
      }, pace);
    }
    output.complete();
    set({ state: 'ended', result: next.value, took: took(), ...kept(output) });
  } catch (thrown) {
    output.complete();
    const isStopped = abort.signal.aborted || isAbort(thrown);
    const failure = isStopped ? undefined : viewFailure(asFailure(thrown, `verify ${verification.name}`));
    set({ state: isStopped ? 'stopped' : 'ended', failure, took: took(), ...kept(output) });
  } finally {
    clearTimeout(timer);
  }
}

function kept(output: TraceLog): Pick<RowState, 'output'> {
  return output.size === 0 ? {} : { output };
}

function setRows(store: Store<VerifyState>, rows: readonly VerifyRow[], change: Partial<RowState>): void {
  store.set(({ rows: all }) => ({
    rows: {
      ...all,
      ...Object.fromEntries(rows.map(({ key }) => [key, { ...all[key], state: 'waiting', ...change }])),
    },
  }));
}

/** What a stop kept from being looked at stands as it stood before. */
function withoutWaiting(rows: VerifyState['rows']): VerifyState['rows'] {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([key, row]) => {
      if (row.state !== 'waiting') return [[key, row]];
      return row.result ? [[key, { ...row, state: 'ended' as const }]] : [];
    }),
  );
}
