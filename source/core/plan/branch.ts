const ownBranches = 'huskycat-tui/';

/** The first of the branches that a task's changes are put on. */
export function branchOf(task: string): string {
  return `${ownBranches}${task}`;
}

/** Whether this program made the branch: what ran there tried a change out, and is neither before nor after it. */
export function isOwnBranch(ref: string): boolean {
  return ref.startsWith(ownBranches);
}
