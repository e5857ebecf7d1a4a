import { counted } from '../text/format.ts';
import { type BuildFiles, decidesSpeed } from './files.ts';
import type { Change } from './model.ts';
import { type AppliedTask, createdAt, type PastPipeline } from './past.ts';

/** A change without its effects. */
export type Mark = Omit<Change, 'effects'>;

export interface MarkInput {
  readonly pipelines: readonly PastPipeline[];
  readonly defaultBranch: string;
  readonly files: Pick<BuildFiles, 'ci'>;
  readonly applied: readonly AppliedTask[];
}

/**
 * What changed when, oldest first: tasks of this program from where their commits are on the default branch, or from when
 * they were done where they have none; and every other commit there that touched what decides how it is built. A commit
 * counts from the first pipeline that has it.
 */
export function marksOf({ pipelines, defaultBranch, files, applied }: MarkInput): Mark[] {
  const onDefault = pipelines.filter(({ summary }) => summary.ref === defaultBranch);
  const explained = new Set<number>();
  const tasks = applied.map((task): Mark => {
    const carrier = onDefault.find((pipeline) => carries(pipeline, task));
    const tried = task.tried ? { tried: task.tried } : {};
    const mark = {
      id: `task/${task.run}`,
      source: 'task',
      title: task.title,
      task: task.task,
      ...tried,
    } as const;
    if (carrier) {
      explained.add(carrier.summary.id);
      return { ...mark, at: carrier.summary.createdAt, sha: carrier.summary.sha };
    }
    const isInFiles = task.commits.length > 0 || task.paths.length > 0;
    const pending = `${task.isTrial ? 'tried on a branch; ' : ''}no pipeline of ${defaultBranch} has it yet`;
    return { ...mark, at: task.at, ...(isInFiles ? { pending } : {}) };
  });
  const commits = onDefault.flatMap((pipeline): Mark[] => {
    const { summary, comparison } = pipeline;
    const paths = comparison?.paths.filter((path) => decidesSpeed(path, files)) ?? [];
    if (paths.length === 0 || explained.has(summary.id)) return [];
    const title = `${titleOf(pipeline)} (${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ', …' : ''})`;
    return [
      {
        id: `commit/${summary.sha.slice(0, 12)}`,
        source: 'commit',
        title,
        at: summary.createdAt,
        sha: summary.sha,
      },
    ];
  });
  return [...tasks, ...commits].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function titleOf({ summary, comparison }: PastPipeline): string {
  const commits = comparison?.commits ?? [];
  const title = commits.at(-1)?.title || `commit ${summary.sha.slice(0, 8)}`;
  return commits.length > 1 ? `${title} and ${counted(commits.length - 1, 'other commit')}` : title;
}

/** Whether a pipeline is the first with what a task changed in files: its commit, the merge of its branch, or its paths. */
function carries(pipeline: PastPipeline, { commits, paths, at }: AppliedTask): boolean {
  const { comparison } = pipeline;
  if (!comparison || createdAt(pipeline) < Date.parse(at)) return false;
  const hasCommit = comparison.commits.some(({ title }) =>
    commits.some((own) => title === own.title || title.startsWith(`Merge branch '${own.branch}'`)),
  );
  const hasPaths =
    commits.length === 0 && paths.length > 0 && paths.every((path) => comparison.paths.includes(path));
  return hasCommit || hasPaths;
}
