import type { RunCommand } from '../../core/plan/action.ts';
import { isBranchOf } from '../../core/plan/branch.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { commandText, previewOf } from '../../core/plan/preview.ts';
import { fileInside } from '../../services/files/inside.ts';
import { fingerprint } from '../../services/files/write.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Planning } from '../task.ts';
import { textOf } from './editFile.ts';
import { proposalSteps } from './proposal.ts';
import { readRecords } from './record.ts';

export interface FileChange {
  /** Of the step: `edit-flake`. */
  readonly id: string;
  /** In the imperative. */
  readonly title: string;
  /** Absolute path of the checkout. */
  readonly root: string;
  /** From the root, with `/`. */
  readonly path: string;
  /** The whole new text; `before` is undefined when there is no such file. Gives the same text when nothing is to be done. */
  readonly change: (before: string | undefined) => string;
}

/**
 * A step that changes one file of the checkout; undefined when nothing is to be done. Throws `Refused` for a file that lies
 * outside, is no regular file, or is not UTF-8.
 */
export async function fileStep({ id, title, root, path, change }: FileChange): Promise<PlanStep | undefined> {
  const { content } = await fileInside(root, path);
  const original = content ? textOf(path, content.bytes) : undefined;
  const text = change(original);
  if (text === original) return undefined;
  const before = content ? fingerprint(content.bytes) : 'absent';
  const action = { kind: 'edit-file', root, path, before, text } as const;
  return {
    id,
    title,
    effect: 'local',
    target: path,
    preview: previewOf(action, new Map(original === undefined ? [] : [[path, original]])),
    before,
    after: fingerprint(text),
    undo: { text: content ? `Put ${path} back as it was, byte for byte.` : `Remove ${path}.` },
    action,
  };
}

export interface CommandChange {
  readonly id: string;
  readonly title: string;
  readonly effect: 'local' | 'remote' | 'destructive';
  /** What is changed, in words. */
  readonly target: string;
  readonly command: Omit<RunCommand, 'kind'>;
  /** Fingerprint of what `command.state` prints now. */
  readonly before?: string;
  /** In words, for a command that has nothing to run for its undo; `irreversible` when it cannot be taken back. */
  readonly undo?: PlanStep['undo'];
}

/** A step that runs a command. */
export function commandStep({ id, title, effect, target, command, before, undo }: CommandChange): PlanStep {
  const action: RunCommand = { kind: 'command', ...command };
  const back = command.undo ?? [];
  return {
    id,
    title,
    effect,
    target,
    preview: previewOf(action),
    ...(before === undefined ? {} : { before }),
    undo:
      undo ??
      (back.length === 0
        ? { text: 'Nothing is to be taken back.' }
        : { text: `Run ${back.map(commandText).join(', then ')}` }),
    action,
  };
}

/** A step that waits until the task's probe says that something is ready. */
export function waitStep(given: {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly probe: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}): PlanStep {
  const { id, title, target, probe, settings = {}, timeout } = given;
  const action = { kind: 'wait', probe, settings, timeout } as const;
  const undo = { text: 'It changes nothing.' };
  return { id, title, effect: 'none', target, preview: previewOf(action), undo, action };
}

/** One change of a file; several of one file are made one after the other. */
export interface TitledChange {
  /** From the root of the checkout, with `/`. */
  readonly path: string;
  /** In the imperative: `Trust the cache’s key in flake.nix`. */
  readonly title: string;
  /** As in `fileStep`. */
  readonly change: (before: string | undefined) => string;
}

export interface FileChanges {
  readonly planning: Pick<Planning, 'workspace' | 'choice' | 'signal'>;
  /** The task's name. */
  readonly task: string;
  readonly changes: readonly TitledChange[];
  /** Of the commit and the merge request. */
  readonly title: string;
  /** Of the merge request, in Markdown: why, on what evidence, and what it will bring. */
  readonly description: string;
}

/** The steps that change files where the user wants them changed: in the checkout, or in a merge request. */
export async function changeSteps(given: FileChanges): Promise<PlanStep[]> {
  const { planning, task, description } = given;
  const title = unskipped(given.title);
  const { workspace, choice, signal } = planning;
  const changes = oneEach(given.changes);
  if (choice.target === 'merge-request') {
    const gitlab = requireGitLab(workspace, 'propose the change as a merge request');
    return proposalSteps({
      gitlab,
      task,
      changes,
      title,
      description,
      own: ownBranches(workspace, gitlab.projectPath, task),
      ...(signal ? { signal } : {}),
    });
  }
  const { root } = await workspace.openCheckout(signal);
  const steps: PlanStep[] = [];
  for (const { path, title: stepTitle, change } of changes) {
    const id = `edit-${path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
    const step = await fileStep({ id, title: stepTitle, root, path, change });
    if (step) steps.push(step);
  }
  return steps;
}

/** A job may be named so that its name in a commit's message would keep GitLab from making a pipeline. */
function unskipped(title: string): string {
  return title.replace(/\[(skip ci|ci skip)\]/gi, '($1)');
}

/** The branches that runs of a task made and did not take back, newest first. */
function ownBranches(workspace: Workspace, project: string, task: string): string[] {
  const runs = readRecords(workspace).runs.filter(({ ended }) => ended === 'done' || ended === undefined);
  const branches = runs.flatMap(({ plan }) =>
    plan.steps.flatMap(({ action }) =>
      action.kind === 'commit' && action.project === project && isBranchOf(action.branch, task)
        ? [action.branch]
        : [],
    ),
  );
  return [...new Set(branches.reverse())];
}

/** The changes of each file as one. */
function oneEach(changes: readonly TitledChange[]): TitledChange[] {
  const files = new Map<string, TitledChange>();
  for (const next of changes) {
    const before = files.get(next.path);
    files.set(
      next.path,
      before
        ? {
            path: next.path,
            title: `${before.title}; ${next.title}`,
            change: (text) => next.change(before.change(text)),
          }
        : next,
    );
  }
  return [...files.values()];
}
