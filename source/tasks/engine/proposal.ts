import { Refused } from '../../core/failure.ts';
import type { Commit, CommitFile, OpenMergeRequest } from '../../core/plan/action.ts';
import { branchOf } from '../../core/plan/branch.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { commit, fileOn, filesState } from './commit.ts';
import { unlessForbidden } from './forbidden.ts';

/** One file of a proposal; as in `fileStep`. */
export interface ProposedChange {
  readonly path: string;
  readonly change: (before: string | undefined) => string;
}

export interface Proposal {
  readonly gitlab: GitLab;
  /** Of the branch: `attic-public-key`. */
  readonly task: string;
  readonly changes: readonly ProposedChange[];
  /** Of the commit and the merge request. */
  readonly title: string;
  /** Markdown: why, on what evidence, and what it will bring. */
  readonly description: string;
  /** Branches that the task's own runs made: one that holds the change already is taken. */
  readonly own?: readonly string[];
  readonly signal?: AbortSignal;
}

/** How many names of a branch are tried, when others hold other work. */
const attempts = 9;

/**
 * The steps that propose changes of files as a merge request to the default branch: one commit on a branch from its newest
 * commit, then the merge request. None when nothing is to be done. Throws `Refused` where rights, protection or the changed
 * configuration forbid it.
 */
export async function proposalSteps(proposal: Proposal): Promise<PlanStep[]> {
  const { gitlab, changes, title, description, signal } = proposal;
  const onto = await requireRights(gitlab, signal);
  const head = await gitlab.branch(onto, signal);
  if (!head) throw refused(`there is no branch ${onto}`, ['Push it first.'], 'no-branch');
  const { files, originals } = await changed(gitlab, changes, head.sha, signal);
  if (files.length === 0) return [];
  await requireValid(gitlab, files, signal);
  const { server, projectPath: project } = gitlab;
  const base = { server, project, onto };
  const planned = { kind: 'commit', ...base, base: head.sha, message: title, files } as const;
  const action = await onFreeBranch(planned, proposal);
  const request: OpenMergeRequest = {
    kind: 'open-merge-request',
    ...base,
    branch: action.branch,
    title,
    description,
  };
  const paths = files.map(({ path }) => path);
  return [
    {
      id: 'commit',
      title: `Commit ${paths.join(', ')} to ${action.branch}`,
      effect: 'remote',
      target: `${project}, branch ${action.branch}`,
      preview: previewOf(action, originals),
      before: await filesState(gitlab, paths, onto, signal),
      undo: { text: `Delete the branch ${action.branch}; cancel what runs for it.` },
      action,
    },
    {
      id: 'open-merge-request',
      title: `Open a merge request to ${onto}`,
      effect: 'remote',
      target: project,
      preview: previewOf(request),
      undo: { text: 'Close the merge request; cancel what runs for it.' },
      action: request,
    },
  ];
}

async function requireRights(gitlab: GitLab, signal: AbortSignal | undefined): Promise<string> {
  const [project, token] = await Promise.all([gitlab.project(signal), gitlab.token(signal)]);
  if (project.archived) throw refused('the project is archived', ['Unarchive it.'], 'archived');
  if (project.accessLevel !== undefined && project.accessLevel < 30)
    throw refused('your role may not push', ['Ask for the role Developer.'], 'role');
  if (token.scopes && !token.scopes.includes('api'))
    throw refused(
      `the token has the scopes ${token.scopes.join(', ')}`,
      ['Use a token with the scope api: huskycat-tui login'],
      'token-scope',
    );
  if (project.defaultBranch !== undefined) return project.defaultBranch;
  throw refused('the project has no default branch', ['Push a first commit.'], 'no-branch');
}

async function changed(
  gitlab: GitLab,
  changes: readonly ProposedChange[],
  base: string,
  signal: AbortSignal | undefined,
): Promise<{ files: CommitFile[]; originals: Map<string, string> }> {
  const files: CommitFile[] = [];
  const originals = new Map<string, string>();
  for (const { path, change } of changes) {
    const found = await fileOn(gitlab, path, base, signal);
    if (found?.text.includes('\uFFFD'))
      throw refused(`${plain(path)} is not UTF-8 text`, ['Change the file by hand.'], 'not-utf8');
    const text = change(found?.text);
    if (text === found?.text) continue;
    if (found) originals.set(path, found.text);
    files.push({ path, text, ...(found ? { lastCommit: found.lastCommit } : {}) });
  }
  return { files, originals };
}

/** Lets GitLab check the configuration, where it is all that changes; what it includes would be read as it is now. */
async function requireValid(
  gitlab: GitLab,
  files: readonly CommitFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { ciConfigPath = '.gitlab-ci.yml' } = await gitlab.project(signal);
  const configuration = files.find(({ path }) => path === ciConfigPath);
  if (!configuration || files.some(({ path }) => path !== ciConfigPath && /\.ya?ml$/.test(path))) return;
  const lint = await gitlab.lintContent({ content: configuration.text }, signal).catch(unlessForbidden);
  if (!lint) return;
  const { valid, errors } = lint;
  if (!valid)
    throw refused(`GitLab would refuse the configuration: ${errors.join('; ')}`, ['Report this.'], 'lint');
}

/** The first of the task's branch names that is free, or that holds this very change already. */
async function onFreeBranch(
  action: Omit<Commit, 'branch'>,
  { gitlab, task, own = [], signal }: Proposal,
): Promise<Commit> {
  const { branches } = await gitlab.protections(signal).catch(() => ({ branches: [] }));
  for (const branch of own) {
    const candidate: Commit = { ...action, branch };
    if ((await commit(candidate, gitlab).look(signal)).state === 'after') return candidate;
  }
  for (let number = 1; number <= attempts; number++) {
    const branch = `${branchOf(task)}${number === 1 ? '' : `-${number}`}`;
    const rule = branches.find((pattern) => matches(pattern, branch));
    if (rule !== undefined)
      throw refused(
        `the rule ${rule} protects the branch ${branch}`,
        ['Let Developers push to huskycat-tui/*, or change the working tree instead: --target worktree'],
        'protected-branch',
      );
    const candidate: Commit = { ...action, branch };
    if ((await commit(candidate, gitlab).look(signal)).state !== 'neither') return candidate;
  }
  throw refused(
    `the branches ${branchOf(task)} to -${attempts} are taken`,
    ['Delete those that are no longer needed.'],
    'branch-taken',
  );
}

/** GitLab's wildcards: `*` stands for any text. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function refused(saw: string, next: readonly string[], code: string): Refused {
  return new Refused({ tried: 'propose the change as a merge request', saw, next, code });
}
