const ownBranches = 'huskycat-tui/';

/** The first of the branches that a task's changes are put on. */
export function branchOf(task: string): string {
  return `${ownBranches}${task}`;
}

/** Whether it is one of the branches of a task's changes: `huskycat-tui/NAME`, `huskycat-tui/NAME-2`. */
export function isBranchOf(branch: string, task: string): boolean {
  const first = branchOf(task);
  return branch === first || (branch.startsWith(`${first}-`) && /^\d+$/.test(branch.slice(first.length + 1)));
}

/** Whether this program made the branch: what ran there tried a change out, and is neither before nor after it. */
export function isOwnBranch(ref: string): boolean {
  return ref.startsWith(ownBranches);
}
