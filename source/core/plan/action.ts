/** What is handed to a command on standard input or in a variable: words of the plan, or a secret that is asked for again when the plan is applied. */
export type Given = { readonly text: string } | { readonly secret: string };

/** One command of an action, with what it reads. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly input?: Given;
}

/** Where commands run: this machine, or the host that `honey` names. */
export type Where = 'here' | 'honey';

/** Puts a text into a file of the checkout: replaces one, or makes one where `before` is `absent`. */
export interface EditFile {
  readonly kind: 'edit-file';
  /** Absolute path of the checkout. */
  readonly root: string;
  /** From the root, with `/`. */
  readonly path: string;
  /** `sha256:…` of the bytes that the plan was made for, or `absent`. */
  readonly before: string;
  /** The whole new file. */
  readonly text: string;
}

/** Runs a program, without a shell of ours. */
export interface RunCommand extends Command {
  readonly kind: 'command';
  readonly where: Where;
  /** Of honey, as it was resolved when the plan was made: `user@host:port`. */
  readonly address?: string;
  /** Folder to run in; only here. */
  readonly cwd?: string;
  /** Added to the environment; only here. */
  readonly environment?: Readonly<Record<string, Given>>;
  /**
   * Looks, changing nothing: exit status 0 when the effect is there, 1 when it is not, any other when something else is in
   * its place (what it prints says what). Without it the command is one that may be run again at any time.
   */
  readonly unless?: readonly [string, ...string[]];
  /** Prints, changing nothing, what the command will change; its hash is the step's `before`. */
  readonly state?: readonly [string, ...string[]];
  /** Run, in this order, when the command fails: removes what a half-done one leaves behind. */
  readonly cleanup?: readonly Command[];
  /** Takes the command back, in this order; must bear that it was only half done. Absent: nothing is taken back. */
  readonly undo?: readonly Command[];
  /** Seconds it may take; 60 when absent. */
  readonly timeout?: number;
}

/** Waits until a probe, that the task names, says that something is ready. Changes nothing. */
export interface WaitFor {
  readonly kind: 'wait';
  readonly probe: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds between two looks; 1 when absent. */
  readonly every?: number;
}

/** One file of a commit. */
export interface CommitFile {
  readonly path: string;
  /** The commit that changed it last; absent for a new file. */
  readonly lastCommit?: string;
  readonly text: string;
}

/** Makes a branch from a pinned commit with one commit on it. */
export interface Commit {
  readonly kind: 'commit';
  /** The server with scheme: `https://gitlab.com`. */
  readonly server: string;
  /** `tinyland/ai/huskycat`. */
  readonly project: string;
  readonly branch: string;
  /** The branch that it is made for, and its commit when the plan was made. */
  readonly onto: string;
  readonly base: string;
  readonly message: string;
  readonly files: readonly CommitFile[];
}

/** Opens a merge request, after GitLab found the branch's CI configuration valid. */
export interface OpenMergeRequest {
  readonly kind: 'open-merge-request';
  readonly server: string;
  readonly project: string;
  readonly branch: string;
  readonly onto: string;
  readonly title: string;
  readonly description: string;
}

/** Sees to it that a branch has had so many pipelines of its newest commit: starts one where GitLab did not do it by itself. */
export interface RunPipeline {
  readonly kind: 'run-pipeline';
  readonly server: string;
  readonly project: string;
  readonly branch: string;
  /** From 1 on. */
  readonly count: number;
}

/** Ends a trial of another way: deletes its branch while that holds nothing but the trial's one commit. */
export interface CloseTrial {
  readonly kind: 'close-trial';
  readonly server: string;
  readonly project: string;
  readonly branch: string;
  /** The branch that it was made for, and the commit that it was made from. */
  readonly onto: string;
  readonly base: string;
  /** Of the commit on it. */
  readonly message: string;
  readonly files: readonly CommitFile[];
  /** The run that tried it, and whether that had ended well. */
  readonly run: string;
  readonly isEnded: boolean;
}

/** What a step does, as data: a plan is carried out from its JSON alone. */
export type Action = EditFile | RunCommand | WaitFor | Commit | OpenMergeRequest | RunPipeline | CloseTrial;
