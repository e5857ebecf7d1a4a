/** Where a headless command writes; the composition root binds it to the process, tests to strings. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}
