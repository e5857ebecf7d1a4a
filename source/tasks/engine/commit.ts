import { Failure, Refused } from '../../core/failure.ts';
import type { Commit } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { fingerprint } from '../../services/files/write.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Executor, Look } from './executor.ts';
import { cancelPipelines } from './runPipeline.ts';

/** A branch with one commit on it: there when its files are as planned, whoever put them there. */
export function commit(action: Commit, gitlab: GitLab): Executor {
  const { branch, onto, base, message, files } = action;
  const isOn = async (ref: string, signal?: AbortSignal): Promise<boolean> => {
    const found = await Promise.all(files.map(({ path }) => fileOn(gitlab, path, ref, signal)));
    return files.every(({ text }, index) => found[index]?.text === text);
  };
  return {
    undoesHalf: false,
    current: (signal) =>
      filesState(
        gitlab,
        files.map(({ path }) => path),
        onto,
        signal,
      ),
    async look(signal): Promise<Look> {
      if (await gitlab.branch(branch, signal))
        return (await isOn(branch, signal))
          ? { state: 'after', saw: `the branch ${branch} has the change` }
          : { state: 'neither', saw: `the branch ${branch} is there, and its files are others` };
      if (await isOn(onto, signal)) return { state: 'after', saw: `${onto} has the change` };
      return { state: 'before', saw: `there is no branch ${branch}` };
    },
    async preview(signal) {
      const originals = new Map<string, string>();
      for (const { path } of files) {
        const found = await fileOn(gitlab, path, base, signal);
        if (found) originals.set(path, found.text);
      }
      return previewOf(action, originals);
    },
    remember: () => Promise.resolve({}),
    async apply(grant, _onOutput, signal) {
      const { sha, webUrl } = await gitlab.createCommit(grant, { branch, base, message, files }, signal);
      return `commit ${sha.slice(0, 8)} on ${branch}${webUrl ? ` ${webUrl}` : ''}`;
    },
    async cannotUndo(signal) {
      const found = await gitlab.branch(branch, signal);
      if (!found) return `the branch is gone, and ${onto} has the change: it was merged`;
      const isAlone = found.parents === undefined || found.parents.includes(base);
      return isAlone ? undefined : `there are other commits on the branch ${branch}`;
    },
    async undo(grant, _memory, _onOutput, signal) {
      const found = await gitlab.branch(branch, signal);
      if (!found) throw kept(branch, `the branch is gone, and ${onto} has the change: it was merged`);
      if (found.parents && !found.parents.includes(base))
        throw kept(branch, 'there are other commits on the branch');
      const canceled = await cancelPipelines(gitlab, grant, [branch], signal);
      await gitlab.deleteBranch(grant, branch, signal);
      return `deleted the branch ${branch}${canceled}`;
    },
  };
}

/** Fingerprint of files of a branch, their last commits included. */
export async function filesState(
  gitlab: GitLab,
  paths: readonly string[],
  ref: string,
  signal?: AbortSignal,
): Promise<string> {
  const found = await Promise.all(paths.map((path) => fileOn(gitlab, path, ref, signal)));
  return fingerprint(JSON.stringify(found.map((file) => file ?? null)));
}

/** A file of a ref; undefined when it has none. */
export async function fileOn(
  gitlab: GitLab,
  path: string,
  ref: string,
  signal?: AbortSignal,
): Promise<Awaited<ReturnType<GitLab['file']>> | undefined> {
  try {
    return await gitlab.file(path, ref, signal);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return undefined;
    throw thrown;
  }
}

function kept(branch: string, saw: string): Refused {
  return new Refused({
    tried: `delete the branch ${branch}`,
    saw,
    next: ['Take it back on GitLab: revert the merge, or remove the branch there.'],
    code: 'cannot-undo',
  });
}
