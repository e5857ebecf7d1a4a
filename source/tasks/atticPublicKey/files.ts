import type { CiFiles } from '../../core/ci/model.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import { fileOn } from '../engine/commit.ts';
import type { Planning } from '../task.ts';

/** The files that may name the key, as they are where the change goes: in the checkout, or on the default branch. */
export async function filesToChange({ workspace, known, choice, signal }: Planning): Promise<CiFiles> {
  if (choice.target === 'worktree') return workspace.openCheckout(signal);
  const gitlab = requireGitLab(workspace, 'propose the change as a merge request');
  const { substituters = [], keys = [] } = known.facts?.nix ?? {};
  const paths = [...new Set([...substituters, ...keys].map(({ file }) => file))];
  const { defaultBranch = 'main' } = await gitlab.project(signal);
  const texts = new Map<string, string>();
  for (const path of paths) {
    const found = await fileOn(gitlab, path, defaultBranch, signal);
    if (found) texts.set(path, found.text);
  }
  return { list: () => [...texts.keys()], read: (path) => texts.get(path) };
}
