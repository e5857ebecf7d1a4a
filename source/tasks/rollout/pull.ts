import { NeedsUser } from '../../core/failure.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import { readStatus } from '../../services/git/inspect.ts';
import { parseRemote } from '../../services/git/remote.ts';
import { gitText } from '../../services/git/run.ts';
import type { WorkingTree } from '../../services/git/status.ts';
import { planFor } from '../engine/planFor.ts';
import { commandStep } from '../engine/steps.ts';
import type { Planned, Planning, TaskOption } from '../task.ts';
import { mergedCommit } from './merged.ts';

export const pullOption = 'pull';

/** Seconds that the transfer may take. */
const longest = 300;

/** Exit status 0 when a commit is in what is checked out; git has another one where it does not know the commit at all. */
const isIn = (commit: string) =>
  ['sh', '-c', 'git merge-base --is-ancestor "$1" HEAD 2>/dev/null || exit 1', 'sh', commit] as const;

/** A checkout that does not have what was merged. */
interface Behind {
  readonly iid: number;
  readonly root: string;
  readonly branch: string;
  /** The branch's newest commit on GitLab, and the one that is checked out. */
  readonly wanted: string;
  readonly from?: string;
  /** Why git cannot just move forward. */
  readonly obstacle?: string;
}

/** Bringing the checkout up to what was merged, where it is behind: offered last. */
export async function offerPull(
  planning: Omit<Planning, 'choice'>,
  task: string,
): Promise<readonly TaskOption[]> {
  const behind = await behindOf(planning, task);
  if (!behind) return [];
  const { iid, branch, obstacle } = behind;
  return [
    {
      name: pullOption,
      title: `Bring this checkout to ${branch} as it is on GitLab`,
      tradeOff: 'Moves forward only (git pull --ff-only); undo moves it back.',
      possible: obstacle === undefined,
      because:
        obstacle ??
        `!${iid} was merged, and the files here do not have it; other ways start from what they hold`,
      recommended: obstacle === undefined,
    },
  ];
}

/** Plans the pull. Throws `NeedsUser` where nothing is to be pulled, or git could not just move forward. */
export async function planPull(planning: Planning, task: string): Promise<Planned> {
  const behind = await behindOf(planning, task);
  const obstacle = behind ? behind.obstacle : 'this checkout has what was merged';
  if (!behind?.from || obstacle !== undefined)
    throw new NeedsUser({
      tried: 'bring the checkout up to date',
      saw: obstacle ?? 'nothing is checked out',
      next: ['Bring it together by hand: git pull'],
      code: 'cannot-pull',
    });
  const { root, branch, wanted, from, iid } = behind;
  const step = commandStep({
    id: 'pull',
    title: `Bring ${branch} here to what was merged with !${iid}`,
    effect: 'local',
    target: root,
    command: {
      argv: ['git', 'pull', '--ff-only', '--no-rebase'],
      where: 'here',
      cwd: root,
      environment: { GIT_TERMINAL_PROMPT: { text: '0' } },
      unless: isIn(wanted),
      undo: [{ argv: ['git', 'reset', '--keep', from] }],
      timeout: longest,
    },
    undo: {
      text: `Put ${branch} back to ${from.slice(0, 8)}; what was changed since is kept, or git refuses.`,
    },
  });
  return {
    plan: planFor(planning, { task, steps: [step] }),
    preflight: [
      {
        id: 'tree',
        title: 'Working tree',
        state: 'fine',
        saw: `clean, on ${branch}, which follows its remote`,
      },
    ],
  };
}

/** Undefined where nothing was merged, or where the checkout has it. */
async function behindOf(
  { workspace, signal }: Omit<Planning, 'choice'>,
  task: string,
): Promise<Behind | undefined> {
  const { gitlab } = workspace;
  if ('off' in gitlab) return undefined;
  const merged = await mergedCommit(workspace, gitlab.service, task, signal);
  if (!merged) return undefined;
  const { root, isGit, read } = await workspace.openCheckout(signal);
  const { files, onto } = merged.commit;
  if (!isGit || files.every(({ path, text }) => read(path) === text)) return undefined;
  const [head, tree] = await Promise.all([gitlab.service.branch(onto, signal), readStatus(root, { signal })]);
  if (!head) return undefined;
  const has = await gitText(root, ['merge-base', '--is-ancestor', head.sha, 'HEAD'], { signal });
  if (has !== undefined) return undefined;
  const obstacle = await obstacleOf(root, {
    tree,
    branch: onto,
    project: gitlab.service.projectPath,
    signal,
  });
  return {
    iid: merged.iid,
    root,
    branch: onto,
    wanted: head.sha,
    ...(tree?.commit === undefined ? {} : { from: tree.commit }),
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}

async function obstacleOf(
  root: string,
  given: {
    readonly tree: WorkingTree | undefined;
    readonly branch: string;
    readonly project: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<string | undefined> {
  const { tree, branch, project, signal } = given;
  if (!tree) return 'git does not tell the state of the working tree';
  const { staged, unstaged, conflicted, upstream, ahead } = tree;
  if (tree.branch === undefined) return `no branch is checked out: git switch ${branch}`;
  if (tree.branch !== branch) return `${tree.branch} is checked out, not ${branch}: git switch ${branch}`;
  const changed = staged + unstaged + conflicted;
  if (changed > 0)
    return `${counted(changed, 'change')} of the working tree would be in the way: commit or stash`;
  if (upstream === undefined)
    return `${branch} follows no branch: git branch --set-upstream-to=origin/${branch}`;
  if (ahead !== undefined && ahead > 0)
    return `${branch} has ${counted(ahead, 'commit')} that its remote has not`;
  const remote = (await gitText(root, ['config', `branch.${branch}.remote`], { signal }))?.trim() ?? '';
  const url = (await gitText(root, ['remote', 'get-url', remote || 'origin'], { signal }))?.trim() ?? '';
  const found = parseRemote(url)?.path;
  return found === project || found?.endsWith(`/${project}`)
    ? undefined
    : `${branch} follows ${plain(found ?? remote)}, not ${plain(project)}`;
}
