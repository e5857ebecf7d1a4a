/**
 * How far a write reaches. `own`: the program's private state (journal, last screen), always allowed. `local`: the user's files here.
 * `remote`: servers and hosts, undoable. `destructive`: cannot be undone.
 */
export type Effect = 'own' | 'local' | 'remote' | 'destructive';

/** How to take a write back: in words, and as a command or request where there is one; or not at all. */
export type Undo = { readonly text: string; readonly command?: string } | 'irreversible';

/** What a write will do, exactly, as it is shown before and as it stands in the journal. Holds no secret. */
export interface WriteDescription {
  /** In the imperative: `Save the configuration`. */
  readonly title: string;
  readonly effect: Effect;
  /** What is written to: a path, a host, a GitLab object. */
  readonly target: string;
  /** The exact effect: a diff, an argument vector, a request. */
  readonly detail: string;
  readonly undo: Undo;
  /** Hash of the target before and after, where the target has bytes. */
  readonly before?: string;
  readonly after?: string;
}

/** A line of the journal. `intent` is on disk before anything is sent; `done`, `failed` or `refused` follow. */
export interface JournalEntry {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The run of the program that wrote it. */
  readonly run: string;
  /** The write; the same in its intent and its result. */
  readonly id: string;
  readonly state: 'intent' | 'done' | 'failed' | 'refused';
  readonly write: WriteDescription;
  /** What came of it, in one line. */
  readonly result?: string;
  /** The task and step it belongs to. */
  readonly task?: string;
  readonly step?: string;
  /** The run of the task's plan that it belongs to; undoing belongs to the run that it takes back. */
  readonly taskRun?: string;
  /** True when it takes the step back. */
  readonly isUndo?: boolean;
}
