/** The program for `ci jobs` offline, where this Node can read what the build kept of it; undefined for another command line. */
export function ciJobs(
  args: readonly string[],
): { main(argv: readonly string[]): Promise<number> } | undefined;
