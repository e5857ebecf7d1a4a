import type { Place } from '../model.ts';

/** One change of what is written about a job; a hidden job counts as one. */
export type JobEdit =
  /**
   * Writes the value of a keyword, `['artifacts', 'expire_in']`: in place of the one that is there, or as a new line of the
   * job. `yaml` is the value alone, without indentation: `1 week`, `[a, b]`, or lines such as `- a\n- b`.
   */
  | {
      readonly kind: 'set';
      readonly job: string;
      readonly path: readonly [string, ...string[]];
      readonly yaml: string;
    }
  /** Takes a keyword away, with its line. Not there: nothing is to be done. */
  | { readonly kind: 'remove'; readonly job: string; readonly path: readonly [string, ...string[]] }
  /** Writes `text` over the bytes from `start` to before `end` of a file, as spans count them. */
  | {
      readonly kind: 'text';
      readonly file: string;
      readonly start: number;
      readonly end: number;
      readonly text: string;
    };

/** A file before and after, whole. */
export interface EditedFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What came of edits; or why they cannot be made without touching more, and the lines to write by hand. */
export type Edited =
  | { readonly files: readonly EditedFile[] }
  | { readonly refused: string; readonly at?: Place; readonly paste: readonly string[] };
